/* What `--help` shows: what a command is for, what it takes, line by line within the screen's width. */
import type { ArgDef, ArgsDef } from 'citty'
import { bold, proseLines, type Screen, writeLine } from './terminal/screen.ts'
import { padEnd, textWidth, wrap } from './terminal/text.ts'

/** A command, as its help tells it. */
export interface HelpedCommand {
  /** The words that call it: `gicho data info`. */
  readonly call: string
  readonly description: string
  readonly args: ArgsDef
  /** Commands under it, with what each does. */
  readonly commands: readonly (readonly [name: string, description: string])[]
}

/** Names up to this wide have their explanation beside them, longer ones below. */
const MOST_NAME = 26

/** Writes a command's help. */
export function writeHelp(screen: Screen, { call, description, args, commands }: HelpedCommand): void {
  const all = Object.entries(args)
  const positionals = all.filter(([, { type }]) => type === 'positional')
  const options = all.filter(([, { type }]) => type !== 'positional')
  const takes = [
    ...positionals.map(([key]) => positionalName(key)),
    ...(options.length > 0 ? ['[options]'] : []),
    ...(commands.length > 0 ? ['COMMAND'] : []),
  ]
  for (const line of proseLines(screen, description)) writeLine(screen, line)
  writeLine(screen)
  writeLine(screen, `${bold(screen, 'USAGE')} ${[call, ...takes].join(' ')}`)
  writeNames(
    screen,
    'ARGUMENTS',
    positionals.map(([key, { description = '' }]) => [positionalName(key), description]),
  )
  writeNames(
    screen,
    'OPTIONS',
    options.map(([key, definition]) => [optionName(key, definition), explained(definition)]),
  )
  writeNames(screen, 'COMMANDS', commands)
  if (commands.length === 0) return
  writeLine(screen)
  writeLine(screen, `${call} COMMAND --help tells more of a command.`)
}

function positionalName(key: string): string {
  return key.toUpperCase()
}

function optionName(key: string, definition: ArgDef): string {
  const aliases = 'alias' in definition ? [definition.alias ?? []].flat() : []
  const value = definition.type === 'boolean' ? '' : ` ${definition.valueHint ?? 'value'}`
  return `${[key, ...aliases].map((name) => `--${name}`).join(', ')}${value}`
}

/** The description, and the default where it doesn't say it. */
function explained({ description = '', default: value }: ArgDef): string {
  return value === undefined || description.includes('(default') ? description : `${description} (default: ${value})`
}

function writeNames(screen: Screen, title: string, names: readonly (readonly [string, string])[]): void {
  if (names.length === 0) return
  writeLine(screen)
  writeLine(screen, bold(screen, title))
  const column = 4 + Math.max(...names.map(([name]) => textWidth(name)).filter((width) => width <= MOST_NAME), 8)
  for (const [name, text] of names) {
    const lines = wrap(text, Math.max(20, Math.min(screen.width - 1, 100) - column))
    const isWide = textWidth(name) > MOST_NAME
    if (isWide) writeLine(screen, `  ${name}`)
    for (const [i, line] of lines.entries()) {
      writeLine(screen, `${padEnd(i === 0 && !isWide ? `  ${name}` : '', column)}${line}`)
    }
  }
}
