/* What was typed, checked before anything runs: each mistake becomes one sentence that names what was meant. */
import { nearestName } from '@gicho/core'
import type { ArgDef, ArgsDef } from 'citty'
import { calledAs } from './called-as.ts'

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

/** The largest values that options take: beyond what any lesson can use, and small enough to count with. */
export const MOST = {
  epochs: 100_000,
  steps: 1_000_000,
  batchSize: 65_536,
  images: 10_000_000,
  threads: 64,
  seed: 0xffffffff,
  /** Classes that are ranked. */
  ranks: 1000,
  /** A week. */
  seconds: 604_800,
  learningRate: 1000,
} as const

/** A whole number within bounds, both included. @throws UsageError for anything else, naming the bounds */
export function wholeNumber(option: string, value: string, low: number, high: number): number {
  const number = Number(value)
  if (/^[-+]?[0-9]+$/.test(value) && number >= low && number <= high) return number
  throw new UsageError(`${option}: expected a whole number from ${low} to ${high}, got "${value}".`)
}

/** A count from 1 to the bound, where the option was given. @throws UsageError when it isn't one */
export function optionalCount(option: string, value: string | undefined, most: number): number | undefined {
  return value === undefined ? undefined : wholeNumber(option, value, 1, most)
}

const DECIMAL = /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?$/i

/** A number above 0 and up to the bound, where the option was given. @param what it is, for the message @throws UsageError when it isn't one */
export function optionalPositive(
  option: string,
  value: string | undefined,
  what: string,
  most: number,
): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (DECIMAL.test(value) && number > 0 && number <= most) return number
  throw new UsageError(`${option}: expected ${what} above 0 and up to ${most}, got "${value}".`)
}

/** A number of seconds above 0, where the option was given. @throws UsageError when it isn't one */
export function optionalSeconds(option: string, value: string | undefined): number | undefined {
  return optionalPositive(option, value, 'a number of seconds', MOST.seconds)
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
 * @throws UsageError for an unknown option, one that is given twice, a missing value, a missing, empty or surplus argument
 */
export function checkArguments(path: string, args: ArgsDef, raw: readonly string[]): string[] {
  const rest: Rest = { path, args, tokens: [...raw] }
  const options = new Map<string, string>()
  const positionals: string[] = []
  for (let token = rest.tokens.shift(); token !== undefined; token = rest.tokens.shift()) {
    if (token === '--') positionals.push(...rest.tokens.splice(0))
    else if (token.startsWith('-') && token !== '-') addOption(options, checkOption(token, rest))
    else positionals.push(token)
  }
  checkPositionals(rest, positionals)
  const checked = [...options].map(([name, value]) => `${name}${value}`)
  return positionals.length === 0 ? checked : [...checked, '--', ...positionals]
}

/** An option under its full name, and `=value` where it takes one. */
type CheckedOption = readonly [name: string, value: string]

function addOption(options: Map<string, string>, [name, value]: CheckedOption): void {
  const earlier = options.get(name)
  if (earlier !== undefined) {
    const both = value === '' ? '' : ` ("${earlier.slice(1)}" and "${value.slice(1)}")`
    throw new UsageError(`${name}: expected once, got it twice${both}. Leave one out.`)
  }
  options.set(name, value)
}

function checkOption(token: string, { path, args, tokens }: Rest): CheckedOption {
  const [typed = '', ...after] = token.split('=')
  const given = after.length > 0 ? after.join('=') : undefined
  const known = new Map(Object.entries(args).flatMap(([key, def]) => optionNames(key, def)))
  const name = known.get(typed)
  const definition = name === undefined ? undefined : args[name.slice(2)]
  if (name === undefined || definition === undefined) {
    const near = didYouMean(nearestName(typed, [...known.keys()]))
    throw new UsageError(`${path}: unknown option ${typed}.${near} "${calledAs()} ${path} --help" lists the options.`)
  }
  if (definition.type === 'boolean') {
    if (given !== undefined) throw new UsageError(`${name}: expected no value, got "${given}".`)
    return [name, '']
  }
  const next = tokens[0]
  const value = given ?? (next === undefined || /^-[^0-9.]/.test(next) ? '' : tokens.shift())
  if (value === undefined || value === '') {
    const hint = definition.valueHint ?? 'value'
    throw new UsageError(`${name}: expected a value, got none. Write ${name} ${hint.toUpperCase()}.`)
  }
  return [name, `=${value}`]
}

/** The ways to write an option, each with its full name. */
function optionNames(key: string, definition: ArgDef): [typed: string, name: string][] {
  if (definition.type === 'positional') return []
  const aliases = 'alias' in definition ? [definition.alias ?? []].flat() : []
  return [key, ...aliases].map((name) => [`--${name}`, `--${key}`])
}

function checkPositionals({ path, args }: Rest, given: readonly string[]): void {
  const expected = Object.entries(args).flatMap(([key, def]) => (def.type === 'positional' ? [{ key, def }] : []))
  const surplus = given[expected.length]
  if (surplus !== undefined && !expected.at(-1)?.key.endsWith('...')) {
    throw new UsageError(
      `${path}: "${surplus}" is one argument too many. "${calledAs()} ${path} --help" shows what it takes.`,
    )
  }
  const empty = given.indexOf('')
  if (empty >= 0) {
    const name = (expected[Math.min(empty, expected.length - 1)]?.key ?? 'argument').toUpperCase()
    throw new UsageError(`${path}: expected ${name}, got an empty one. Is a variable in your command unset?`)
  }
  const missing = expected[given.length]
  if (missing !== undefined && missing.def.required !== false) {
    const name = missing.key.toUpperCase()
    throw new UsageError(`${path}: expected ${name} (${missing.def.description ?? name}), got nothing.`)
  }
}
