import { fileURLToPath } from 'node:url'
import type { BenchOptions } from './options.ts'
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
  /** Why it has no lesson 4, where it has none. */
  readonly withoutDraws?: string
}

/** The row that all others are set against: the compiled engine, on all cores or on the GPU. */
export const COMPILED = 'gicho'

/** Ours with tensors in 16 bits: its losses are other ones on purpose. */
export const ROUNDED = 'gicho-float16'

/** Whose losses are taken as right, the first of them that runs. */
export const REFERENCES: readonly string[] = ['keras-tensorflow', 'torch', 'jax', 'keras-jax', 'gicho-eager', COMPILED]

/** All peers of a target, ours first. */
function roster({ target, software }: Pick<BenchOptions, 'target' | 'software'>): PeerEntry[] {
  return target === 'cpu' ? cpuRoster() : gpuRoster(software)
}

function cpuRoster(): PeerEntry[] {
  const compiled = (options: object): PeerCommand => program('gicho.ts', { engine: 'wasm', ...options })
  const onCpu = { JAX_PLATFORMS: 'cpu' }
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
    {
      id: 'gicho-tensorflow',
      title: 'gicho eager on TensorFlow',
      family: 'gicho',
      start: program('gicho.ts', { engine: 'tfjs', backend: 'tensorflow' }),
    },
    {
      id: 'tfjs-tensorflow',
      title: 'tfjs on TensorFlow',
      family: 'javascript',
      start: program('tfjs.ts', { backend: 'tensorflow' }),
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
    python('keras-tensorflow', 'Keras on TensorFlow', 'keras_peer.py', { ...onCpu, KERAS_BACKEND: 'tensorflow' }),
    python('keras-jax', 'Keras on JAX', 'keras_peer.py', { ...onCpu, KERAS_BACKEND: 'jax' }),
    python('jax', 'JAX jit', 'jax_peer.py', onCpu),
    python('torch', 'PyTorch eager', 'torch_peer.py', {}, 'eager'),
    python('torch-compile', 'PyTorch torch.compile', 'torch_peer.py', {}, 'compile'),
  ]
}

/** Full float32: no TF32 in NVIDIA's libraries, none of XLA's shorter products. */
const FULL_FLOAT32 = { NVIDIA_TF32_OVERRIDE: '0', JAX_DEFAULT_MATMUL_PRECISION: 'highest' }
/** Several processes share the card, so JAX takes memory as it needs it. */
const ON_CARD = { ...FULL_FLOAT32, GICHO_BENCH_GPU: '1', JAX_PLATFORMS: 'cuda', XLA_PYTHON_CLIENT_PREALLOCATE: 'false' }

/** A real GPU alone has CUDA. */
function onCuda(): PeerEntry {
  return {
    id: 'tfjs-tensorflow',
    title: 'tfjs on TensorFlow (CUDA)',
    family: 'javascript',
    start: {
      ...program('tfjs.ts', { backend: 'tensorflow', gpu: true }),
      env: { ...FULL_FLOAT32, TF_FORCE_GPU_ALLOW_GROWTH: 'true' },
    },
    withoutDraws: 'tfjs has no augmentation',
  }
}

function gpuRoster(allowSoftware: boolean): PeerEntry[] {
  const kerasDraws = {
    withoutDraws: 'Keras takes no table of draws, and its own layers draw and interpolate otherwise',
  }
  return [
    {
      id: COMPILED,
      title: 'gicho on WebGPU',
      family: 'gicho',
      start: program('gicho.ts', { engine: 'webgpu', allowSoftware }),
    },
    {
      id: ROUNDED,
      title: 'gicho on WebGPU, 16-bit tensors',
      family: 'gicho',
      start: program('gicho.ts', { engine: 'webgpu', storage: 'float16', allowSoftware }),
    },
    {
      id: 'gicho-eager',
      title: 'gicho eager on tfjs webgpu',
      family: 'gicho',
      start: program('gicho.ts', { engine: 'tfjs', backend: 'webgpu' }),
    },
    {
      id: 'tfjs-webgpu',
      title: 'tfjs webgpu',
      family: 'javascript',
      start: program('tfjs.ts', { backend: 'webgpu' }),
      withoutDraws: 'tfjs has no augmentation',
    },
    ...(allowSoftware ? [] : [onCuda()]),
    python('torch', 'PyTorch eager', 'torch_peer.py', ON_CARD, 'eager'),
    python('torch-graphs', 'PyTorch, CUDA graphs', 'torch_peer.py', ON_CARD, 'graphs'),
    python('jax', 'JAX jit', 'jax_peer.py', ON_CARD),
    {
      ...python('keras-jax', 'Keras on JAX', 'keras_peer.py', { ...ON_CARD, KERAS_BACKEND: 'jax' }),
      ...kerasDraws,
    },
    {
      ...python('keras-torch', 'Keras on PyTorch', 'keras_peer.py', { ...ON_CARD, KERAS_BACKEND: 'torch' }),
      ...kerasDraws,
    },
  ]
}

/** The peers that a run has on a lesson. @throws Error for a row that doesn't exist */
export function chosenEntries(options: BenchOptions, lesson: LessonName): PeerEntry[] {
  const entries = roster(options)
  const known = new Set(entries.flatMap(({ id }) => [id, ...options.lessons.map((name) => `${id}-${name}`)]))
  const unknown = [...options.only, ...options.skip].find((id) => !known.has(id))
  if (unknown) throw new Error(`${unknown}: no such row. Known are ${entries.map(({ id }) => id).join(', ')}.`)
  return entries.filter(({ id, family, slowOn }) => {
    if (id === COMPILED) return true
    if (options.skip.includes(id) || options.skip.includes(`${id}-${lesson}`)) return false
    if (options.only.length > 0) return options.only.includes(id) || options.only.includes(`${id}-${lesson}`)
    return !options.quick || (family !== 'python' && !slowOn?.includes(lesson))
  })
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
