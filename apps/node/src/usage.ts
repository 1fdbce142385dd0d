/* What was typed, checked before anything runs: each mistake becomes one sentence that names what was meant. */
import { nearestName } from '@gicho/core'
import type { ArgDef, ArgsDef } from 'citty'

/** A command line that can't be understood; the command ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

function didYouMean(name: string | undefined): string {
  return name === undefined ? '' : ` Did you mean ${name}?`
}

/** A sentence about a name that isn't there, with the nearest one and all that are. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  return `unknown ${kind} "${name}".${didYouMean(nearestName(name, known))} Known: ${known.join(', ')}.`
}

/** One of the known names. @throws UsageError for any other, naming the nearest */
export function oneOf<Name extends string>(option: string, value: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === value)
  if (found === undefined) throw new UsageError(`${option}: ${unknownName(option.replace(/^--/, ''), value, known)}`)
  return found
}

/** A whole number within bounds, both included. @throws UsageError for anything else */
export function wholeNumber(option: string, value: string, low: number, high: number): number {
  const number = Number(value)
  if (!/^[-+]?\d+$/.test(value) || number < low || number > high) {
    const range = high === Number.MAX_SAFE_INTEGER ? `of at least ${low}` : `from ${low} to ${high}`
    throw new UsageError(`${option}: expected a whole number ${range}, got "${value}".`)
  }
  return number
}

/** A count of at least 1, where the option was given. @throws UsageError when it isn't one */
export function optionalCount(option: string, value: string | undefined): number | undefined {
  return value === undefined ? undefined : wholeNumber(option, value, 1, Number.MAX_SAFE_INTEGER)
}

/** A number above 0, where the option was given. @param what it is, for the message @throws UsageError when it isn't one */
export function optionalPositive(option: string, value: string | undefined, what: string): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (number > 0 && Number.isFinite(number)) return number
  throw new UsageError(`${option}: expected ${what} above 0, got "${value}".`)
}

/** A number of seconds above 0, where the option was given. @throws UsageError when it isn't one */
export function optionalSeconds(option: string, value: string | undefined): number | undefined {
  return optionalPositive(option, value, 'a number of seconds')
}

interface Rest {
  readonly path: string
  readonly args: ArgsDef
  readonly tokens: string[]
}

/**
 * Checks a command's arguments against its definition and gives them in the one form `--name=value`.
 *
 * A last argument whose name ends in "..." may be given several times.
 *
 * @throws UsageError for an unknown option, a missing value, a missing or surplus argument
 */
export function checkArguments(path: string, args: ArgsDef, raw: readonly string[]): string[] {
  const rest: Rest = { path, args, tokens: [...raw] }
  const options: string[] = []
  const positionals: string[] = []
  for (let token = rest.tokens.shift(); token !== undefined; token = rest.tokens.shift()) {
    if (token === '--') positionals.push(...rest.tokens.splice(0))
    else if (token.startsWith('-') && token !== '-') options.push(checkOption(token, rest))
    else positionals.push(token)
  }
  checkPositionals(rest, positionals)
  return positionals.length === 0 ? options : [...options, '--', ...positionals]
}

function checkOption(token: string, { path, args, tokens }: Rest): string {
  const [name = '', ...after] = token.split('=')
  const given = after.length > 0 ? after.join('=') : undefined
  const known = Object.entries(args).flatMap(([key, def]) => (def.type === 'positional' ? [] : [`--${key}`]))
  const definition: ArgDef | undefined = known.includes(name) ? args[name.slice(2)] : undefined
  if (definition === undefined) {
    const near = didYouMean(nearestName(name, known))
    throw new UsageError(`${path}: unknown option ${name}.${near} "gicho ${path} --help" lists the options.`)
  }
  if (definition.type === 'boolean') {
    if (given !== undefined) throw new UsageError(`${name}: expected no value, got "${given}".`)
    return name
  }
  const next = tokens[0]
  const value = given ?? (next === undefined || /^-\D/.test(next) ? '' : tokens.shift())
  if (value === undefined || value === '') {
    const hint = definition.valueHint ?? 'value'
    throw new UsageError(`${name}: expected a value, got none. Write ${name} ${hint.toUpperCase()}.`)
  }
  return `${name}=${value}`
}

function checkPositionals({ path, args }: Rest, given: readonly string[]): void {
  const expected = Object.entries(args).flatMap(([key, def]) => (def.type === 'positional' ? [{ key, def }] : []))
  const surplus = given[expected.length]
  if (surplus !== undefined && !expected.at(-1)?.key.endsWith('...')) {
    throw new UsageError(`${path}: "${surplus}" is one argument too many. "gicho ${path} --help" shows what it takes.`)
  }
  const missing = expected[given.length]
  if (missing !== undefined && missing.def.required !== false) {
    const name = missing.key.toUpperCase()
    throw new UsageError(`${path}: expected ${name} (${missing.def.description ?? name}), got nothing.`)
  }
}
