import { fileURLToPath } from 'node:url'
import type { LessonName } from './work.ts'

/** How a peer's process is started. */
export interface PeerCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** One row of the tables. */
export interface PeerEntry {
  readonly id: string
  readonly title: string
  readonly family: 'gicho' | 'javascript' | 'python'
  readonly start: PeerCommand
  /** Left out of `--quick` runs; a step takes seconds there. */
  readonly slowOn?: readonly LessonName[]
}

/** The row that all others are set against: the compiled engine on all cores. */
export const COMPILED = 'gicho'

/** Whose losses are taken as right, the first of them that runs. */
export const REFERENCES: readonly string[] = ['keras-tensorflow', 'torch', 'gicho-eager', COMPILED]

/** All peers, ours first. */
export function roster(): PeerEntry[] {
  const compiled = (options: object): PeerCommand => program('gicho.ts', { engine: 'wasm', ...options })
  return [
    { id: COMPILED, title: 'gicho compiled, all cores', family: 'gicho', start: compiled({}) },
    { id: 'gicho-1', title: 'gicho compiled, 1 thread', family: 'gicho', start: compiled({ threads: 1 }) },
    {
      id: 'gicho-plain',
      title: 'gicho compiled, plain SIMD',
      family: 'gicho',
      start: compiled({ relaxedSimd: false }),
    },
    {
      id: 'gicho-unshared',
      title: 'gicho compiled, page without isolation',
      family: 'gicho',
      start: compiled({ sharedMemory: false }),
    },
    {
      id: 'gicho-eager',
      title: 'gicho eager on tfjs wasm',
      family: 'gicho',
      start: program('gicho.ts', { engine: 'tfjs' }),
    },
    { id: 'tfjs-wasm', title: 'tfjs wasm', family: 'javascript', start: program('tfjs.ts', { backend: 'wasm' }) },
    {
      id: 'tfjs-cpu',
      title: 'tfjs cpu',
      family: 'javascript',
      start: program('tfjs.ts', { backend: 'cpu' }),
      slowOn: ['network'],
    },
    { id: 'jax-js', title: 'jax-js wasm', family: 'javascript', start: program('jax-js.ts', {}), slowOn: ['network'] },
    python('keras-tensorflow', 'Keras on TensorFlow', 'keras_peer.py', { KERAS_BACKEND: 'tensorflow' }),
    python('keras-jax', 'Keras on JAX', 'keras_peer.py', { KERAS_BACKEND: 'jax' }),
    python('jax', 'JAX jit', 'jax_peer.py'),
    python('torch', 'PyTorch eager', 'torch_peer.py', {}, 'eager'),
    python('torch-compile', 'PyTorch torch.compile', 'torch_peer.py', {}, 'compile'),
  ]
}

function program(file: string, options: object): PeerCommand {
  return { command: process.execPath, args: [path(`peers/${file}`), JSON.stringify(options)] }
}

function python(
  id: string,
  title: string,
  file: string,
  env: Record<string, string> = {},
  ...args: string[]
): PeerEntry {
  const command = process.env.GICHO_PYTHON ?? 'python3'
  return { id, title, family: 'python', start: { command, args: [path(`python/${file}`), ...args], env } }
}

function path(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
