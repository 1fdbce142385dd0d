import { isGichoError, messageOf } from '@gicho/core'
import { type ArgsDef, type CommandDef, defineCommand, runCommand } from 'citty'
import { data } from './commands/data.ts'
import { doctor } from './commands/doctor.ts'
import { evaluate } from './commands/evaluate.ts'
import { list } from './commands/list.ts'
import { predict } from './commands/predict.ts'
import { resume } from './commands/resume.ts'
import { setup } from './commands/setup.ts'
import { show } from './commands/show.ts'
import { train } from './commands/train.ts'
import { writeHelp } from './help.ts'
import { INTERRUPTED } from './interrupt.ts'
import type { Io } from './io.ts'
import { type Screen, writeLine, writeMessage } from './terminal/screen.ts'
import { checkArguments, UsageError, unknownName } from './usage.ts'
import { gichoVersion } from './versions.ts'

const root = defineCommand({
  meta: {
    name: 'gicho',
    version: gichoVersion(),
    description: 'Train real image classifiers, lesson by lesson',
  },
  subCommands: { list, train, resume, show, evaluate, predict, data, setup, doctor },
})

/** Runs a command line; gives the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  try {
    if (args.length === 1 && (args[0] === '--version' || args[0] === '-v')) {
      writeLine(io.stdout, gichoVersion())
      return 0
    }
    return await dispatch(root, args, [], io)
  } catch (error) {
    return report(error, args, io)
  }
}

/** Finds the (sub)command that the arguments name, checks the rest, and runs it. */
async function dispatch(command: CommandDef, args: readonly string[], path: string[], io: Io): Promise<number> {
  const help = args.includes('--help') || args.includes('-h')
  const [name, ...rest] = args
  if (command.subCommands === undefined) {
    if (help) return showHelp(command, path, io.stdout)
    const checked = checkArguments(path.join(' '), await definitionOf(command), args)
    const { result } = await runCommand(command, { rawArgs: checked, data: io })
    return typeof result === 'number' ? result : 0
  }
  if (name === undefined || name === '--help' || name === '-h') return showHelp(command, path, io.stdout)
  const subCommands = await resolve(command.subCommands)
  const found = Object.hasOwn(subCommands, name) ? subCommands[name] : undefined
  if (found === undefined) {
    const kind = name.startsWith('-') ? 'option' : 'command'
    throw new UsageError(unknownName(kind, name, Object.keys(subCommands)))
  }
  return dispatch(await resolve(found), rest, [...path, name], io)
}

/** citty takes every part of a definition as it is, as a promise, or as a function that makes it. */
async function resolve<T>(part: T | Promise<T> | (() => T | Promise<T>)): Promise<T> {
  return part instanceof Function ? part() : part
}

async function definitionOf(command: CommandDef): Promise<ArgsDef> {
  return resolve(command.args ?? {})
}

async function showHelp(command: CommandDef, path: readonly string[], screen: Screen): Promise<number> {
  const commands: [string, string][] = []
  for (const [name, definition] of Object.entries(await resolve(command.subCommands ?? {}))) {
    commands.push([name, await descriptionOf(await resolve(definition))])
  }
  const call = ['gicho', ...path].join(' ')
  writeHelp(screen, { call, description: await descriptionOf(command), args: await definitionOf(command), commands })
  return 0
}

async function descriptionOf({ meta }: CommandDef): Promise<string> {
  return (await resolve(meta ?? {})).description ?? ''
}

/** Says what went wrong on standard error, and as an event with `--json`; gives the exit code. */
function report(error: unknown, args: readonly string[], io: Io): number {
  const usage = error instanceof UsageError
  const known = usage || isGichoError(error)
  const stack = error instanceof Error && !known ? `\n${error.stack ?? ''}` : ''
  writeMessage(io.stderr, `gicho: ${known ? '' : 'unexpected failure: '}${messageOf(error)}${stack}`)
  const code = usage ? 'usage' : isGichoError(error) ? error.code : 'unexpected'
  if (args.includes('--json')) io.event({ event: 'error', code, message: messageOf(error) })
  return usage ? 2 : code === 'aborted' ? INTERRUPTED : 1
}
