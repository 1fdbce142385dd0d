import { expect, test } from 'vitest'
import { FakeScreen } from '../test/fake-screen.ts'
import { runCli } from './cli.ts'
import { textWidth } from './terminal/text.ts'

async function help(width: number, ...args: string[]): Promise<string[]> {
  const stdout = new FakeScreen(width)
  const code = await runCli([...args, '--help'], {
    stdout,
    stderr: stdout,
    env: {},
    event: () => undefined,
    drained: async () => undefined,
  })
  expect(code).toBe(0)
  return stdout.text.trimEnd().split('\n')
}

const commands = [
  [],
  ['list'],
  ['train'],
  ['resume'],
  ['show'],
  ['evaluate'],
  ['predict'],
  ['data'],
  ['data', 'info'],
  ['data', 'show'],
  ['doctor'],
]

test.each(commands.map((command) => ({ command })))(
  'help of "gicho $command" keeps within 80 columns and breaks no word',
  async ({ command }) => {
    const lines = await help(80, ...command)
    expect(Math.max(...lines.map(textWidth))).toBeLessThan(80)
    const wide = await help(400, ...command)
    const words = (text: readonly string[]): string[] => text.join(' ').split(/\s+/)
    expect(words(lines)).toEqual(words(wide))
  },
)

test('help says what is taken, each option with its value, and its default once', async () => {
  const text = (await help(120, 'train')).join('\n')
  expect(text).toContain('USAGE gicho train RECIPE [options]')
  expect(text).toMatch(
    /^ {2}--learning-rate, --lr x +How far a step goes \(default: the optimizer's, 0\.001; of sgd 0\.01\)$/m,
  )
  expect(text).toMatch(/^ {2}--out dir +Folder of all runs \(default: runs\)$/m)
  expect(text).toMatch(/^ {2}--seed n +Start of every random number \(default \d+\)$/m)
  expect((await help(80)).join('\n')).toContain('gicho COMMAND --help tells more of a command.')
})
