import { expect, test } from 'vitest'
import { FakeScreen } from '../test/fake-screen.ts'
import { runCli } from './cli.ts'

/** What a command line gives that is refused before anything runs. */
async function refused(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new FakeScreen(), new FakeScreen()]
  const code = await runCli(args, { stdout, stderr, env: {}, event: () => undefined, drained: async () => undefined })
  return { code, stdout: stdout.text, stderr: stderr.text }
}

test.each([
  [['trian', 'mnist'], 'gicho: unknown command "trian". Did you mean train? Known: list, train, '],
  [['--backend'], 'gicho: unknown option "--backend".'],
  [['data', 'inof'], 'gicho: unknown command "inof". Did you mean info? Known: fetch, info, show.'],
  [
    ['train', 'mnsit'],
    'gicho: train: unknown recipe "mnsit". Did you mean mnist? Known: mnist, asl, asl-cnn, asl-augmented, asl-deploy.',
  ],
  [
    ['train', 'mnist', '--engine', 'tfsj'],
    'gicho: --engine: unknown engine "tfsj". Did you mean tfjs? Known: auto, webgpu, wasm, tfjs.',
  ],
  [['train', 'mnist', '--backend', 'wsam'], 'gicho: --backend: unknown backend "wsam". Did you mean wasm?'],
  [['train', 'mnist', '--dataset', 'minst'], 'gicho: --dataset: unknown dataset "minst". Did you mean mnist?'],
  [['train', 'mnist', '--epoch', '1'], 'gicho: train: unknown option --epoch. Did you mean --epochs?'],
  [['train', 'mnist', '--epochs'], 'gicho: --epochs: expected a value, got none.'],
  [['train', 'mnist', '--epochs', '0'], 'gicho: --epochs: expected a whole number from 1 to 100000, got "0".'],
  [
    ['train', 'mnist', '--optimizer', 'adm'],
    'gicho: --optimizer: unknown optimizer "adm". Did you mean adam? Known: rmsprop, sgd, adam, adamw.',
  ],
  [
    ['train', 'mnist', '--learning-rate', '0'],
    'gicho: --learning-rate: expected a number above 0 and up to 1000, got "0".',
  ],
  [
    ['train', 'mnist', '--learning-rate', 'fast'],
    'gicho: --learning-rate: expected a number above 0 and up to 1000, got "fast".',
  ],
  [
    ['train', 'mnist', '--batch-size', '1.5'],
    'gicho: --batch-size: expected a whole number from 1 to 65536, got "1.5".',
  ],
  [['train', 'mnist', '--seed', '-1'], 'gicho: --seed: expected a whole number from 0 to 4294967295, got "-1".'],
  [['train', 'mnist', '--threads', '65'], 'gicho: --threads: expected a whole number from 1 to 64, got "65".'],
  [
    ['train', 'mnist', '--epochs', '100001'],
    'gicho: --epochs: expected a whole number from 1 to 100000, got "100001".',
  ],
  [['train', 'mnist', '--limit', '1e9'], 'gicho: --limit: expected a whole number from 1 to 10000000, got "1e9".'],
  [['train', 'mnist', '--lr', '-1'], 'gicho: --learning-rate: expected a number above 0 and up to 1000, got "-1".'],
  [['train', 'mnist', '--seed', '1', '--seed', '2'], 'gicho: --seed: expected once, got it twice ("1" and "2").'],
  [['train', 'mnist', '--trust', '--trust'], 'gicho: --trust: expected once, got it twice.'],
  [
    ['train', 'mnist', '--image', 'a.jpg'],
    'gicho: --image: means nothing here: mnist reads no photo and opens no model; asl-deploy does.',
  ],
  [['train', 'asl-cnn', '--model', 'm'], 'gicho: --model: means nothing here: asl-cnn reads no photo'],
  [['train', 'mnist', '--as-stored'], 'gicho: --as-stored: means nothing here: mnist reads no photo'],
  [['train', 'asl-deploy', '--epochs', '2'], 'gicho: --epochs: means nothing here: asl-deploy trains nothing.'],
  [['train', 'asl-deploy', '--explain'], 'gicho: --explain: means nothing here: asl-deploy trains nothing.'],
  [['predict', 'm', '-', '-'], 'gicho: predict: expected - once, got it twice.'],
  [['predict', 'm', 'a.png', '--top', '0'], 'gicho: --top: expected a whole number from 1 to 1000, got "0".'],
  [['predict', '', 'a.png'], 'gicho: predict: expected MODEL, got an empty one.'],
  [['train', 'mnist', '--lang', 'fr'], 'gicho: --lang: unknown lang "fr". Known: en, ko.'],
  [['train'], 'gicho: train: expected RECIPE (mnist, asl, asl-cnn, asl-augmented, asl-deploy), got nothing.'],
  [['show'], "gicho: show: expected RUN (a run's folder, or a recipe for its newest run), got nothing."],
  [
    ['evaluate'],
    "gicho: evaluate: expected MODEL (a run's or a model's folder, or a recipe for its newest finished run), got nothing.",
  ],
  [
    ['predict', 'runs/1'],
    'gicho: predict: expected IMAGE... (PNG, JPEG or WebP files, folders of them, quoted patterns, or - for standard input), got nothing.',
  ],
  [['data', 'info', 'mnits'], 'gicho: dataset: unknown dataset "mnits". Did you mean mnist?'],
])('wrong usage %j ends with 2 and one sentence', async (args, message) => {
  const { code, stdout, stderr } = await refused(args)
  expect(stderr).toContain(message)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(stdout).toBe('')
  expect(code).toBe(2)
})
