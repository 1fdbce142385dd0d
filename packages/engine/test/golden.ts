/*
 * Reads the fixtures that tools/golden writes. A fixture holds no large array: start weights and batches are made again
 * from their seeds, and a result is described by its norm, some entries and 32 random projections (tools/golden/golden.py
 * says how). From the projections follows how far any other array lies from Keras' own.
 */
import { readFileSync } from 'node:fs'
import { GichoError, type NamedArray, type OptimizerConfig, RandomState } from '@gicho/core'
import { drawStart, type Start, type StartRules } from './golden-start.ts'

const PROJECTIONS = 32

/** One result tensor of a fixture; see `describe` in tools/golden/golden.py. */
interface GoldenTensor {
  readonly name: string
  readonly size: number
  readonly norm: number
  /** Norm of the difference to the start. */
  readonly moved: number
  readonly entries: readonly (readonly [index: number, value: number])[]
  /** How far Keras-TensorFlow and Keras-JAX in float32 lie from these values, which are float64's: difference over norm. */
  readonly backends: readonly number[]
  /** For `distance`: twice the larger, and at least the rounding of float32 sums. */
  readonly tolerance: number
  /** For `movedDistance`: the same over `moved`, and at least the rounding of the sums and of the tensor itself. */
  readonly movedTolerance: number
  /** False where Keras itself is too unsure after so many small steps for a comparison to mean anything. */
  readonly compared?: boolean
  readonly projections: readonly number[]
}

interface GoldenFile extends StartRules {
  readonly format: 'gicho-golden'
  readonly optimizer: OptimizerConfig
  readonly iteration: number
  readonly batches: { seed: number; count: number; size: number; steps: number; first: readonly number[] }
  readonly projectionSeed: number
  readonly losses: readonly number[]
  readonly lossTolerance: number
  readonly results: readonly { step: number; tensors: readonly GoldenTensor[] }[]
}

/** Keras' tensors after one of the fixture's steps. Slots are named `<weight>/velocity` and `<weight>/momentum`. */
interface GoldenResult {
  readonly step: number
  /** Weights in the model's order, then the slots, each kind in the same order. */
  readonly tensors: readonly GoldenTensor[]
  /** Those of them that are to be compared. */
  readonly compared: readonly GoldenTensor[]
  /** Estimate of |values - keras| / |keras|, right to about an eighth; NaN when a value isn't finite. */
  distance(name: string, values: Float32Array): number
  /** As `distance`, but over how far Keras' tensor has moved: tells a wrong update from none where steps are small. */
  movedDistance(name: string, values: Float32Array): number
}

/** A fixture, with what a test needs to do the same steps. */
interface Golden {
  readonly optimizer: OptimizerConfig
  readonly batchSize: number
  readonly steps: number
  /** Rows of MNIST's training images, all steps' one after another: [steps * batchSize]. */
  readonly order: Uint32Array
  /** Steps that the optimizer has behind it at the start: Adam's count. */
  readonly iteration: number
  /** Keras' loss of each step's batch, before that step's update. */
  readonly losses: readonly number[]
  /** Twice the largest relative difference of a loss in float32. */
  readonly lossTolerance: number
  /** In Keras' order, BatchNorm's as gamma, beta, moving_mean, moving_variance. */
  initialWeights(): NamedArray[]
  /** Named as in the results; none where they start at zero. `engineState` makes of them what a session takes. */
  initialSlots(): NamedArray[]
  after(step: number): GoldenResult
}

/** Loads `packages/engine/fixtures/<name>.json`. */
export function loadGolden(name: string): Golden {
  const file: GoldenFile = JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'))
  const { batches, projectionSeed } = file
  let start: Start | undefined
  const drawn = (part: keyof Start): NamedArray[] => {
    start ??= drawStart(file)
    return start[part].map((array) => ({ ...array, values: array.values.slice() }))
  }
  return {
    optimizer: file.optimizer,
    batchSize: batches.size,
    steps: batches.steps,
    order: new RandomState(batches.seed).permutation(batches.count).slice(0, batches.size * batches.steps),
    iteration: file.iteration,
    losses: file.losses,
    lossTolerance: file.lossTolerance,
    initialWeights: () => drawn('weights'),
    initialSlots: () => drawn('slots'),
    after: (step) => resultAfter(file, step, projectionSeed),
  }
}

function resultAfter(file: GoldenFile, step: number, seed: number): GoldenResult {
  const result = file.results.find((r) => r.step === step)
  if (!result) throw missing(`step ${step}`, file.results.map((r) => r.step).join(', '))
  const { tensors } = result
  const find = (name: string): GoldenTensor => {
    const tensor = tensors.find((t) => t.name === name)
    if (!tensor) throw missing(`tensor ${name}`, tensors.map((t) => t.name).join(', '))
    return tensor
  }
  return {
    step,
    tensors,
    compared: tensors.filter((tensor) => tensor.compared !== false),
    distance: (name, values) => differenceNorm(find(name), values, seed) / find(name).norm,
    movedDistance: (name, values) => differenceNorm(find(name), values, seed) / find(name).moved,
  }
}

function missing(what: string, known: string): GichoError {
  return new GichoError('not-found', `golden: the fixture has no ${what}; it has ${known}.`)
}

/** From the projections; the entries add what they see of a difference, which the projections could miss by chance. */
function differenceNorm(tensor: GoldenTensor, values: Float32Array, seed: number): number {
  if (values.length !== tensor.size) {
    throw new GichoError('bad-shape', `golden: ${tensor.name} has ${tensor.size} elements, got ${values.length}.`)
  }
  const ours = project(values, seed)
  const squares = tensor.projections.map((theirs, p) => ((ours[p] ?? Number.NaN) - theirs) ** 2)
  const seen = tensor.entries.map(([index, value]) => ((values[index] ?? Number.NaN) - value) ** 2)
  return Math.max(Math.sqrt(sum(squares) / PROJECTIONS), Math.sqrt(sum(seen)))
}

/** The 32 projections of an array: bit p of the i-th word that `seed` draws is element i's sign in projection p. */
export function project(values: Float32Array, seed: number): Float64Array {
  const random = new RandomState(seed)
  const plus = new Float64Array(PROJECTIONS)
  let total = 0
  for (const value of values) {
    const word = random.nextUint32()
    total += value
    for (let p = 0; p < PROJECTIONS; p++) plus[p] = (plus[p] ?? 0) + ((word >>> p) & 1) * value
  }
  return plus.map((positive) => 2 * positive - total)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
