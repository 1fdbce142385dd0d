/*
 * Reads the fixtures that tools/golden writes. A fixture holds no large array: start weights and batches are made again
 * from their seeds, and a result is described by its norm, some entries and 32 random projections (tools/golden/golden.py
 * says how). From the projections follows how far any other array lies from Keras' own.
 */
import { readFileSync } from 'node:fs'
import { GichoError, type NamedArray, type OptimizerConfig, RandomState, type Shape, sizeOf } from '@gicho/core'

const PROJECTIONS = 32

interface WeightRule {
  readonly name: string
  readonly shape: Shape
  readonly initializer: 'glorotUniform' | 'zeros' | 'ones'
  readonly trainable: boolean
  readonly fanIn?: number
  readonly fanOut?: number
}

/** One result tensor of a fixture; see `describe` in tools/golden/golden.py. */
interface GoldenTensor {
  readonly name: string
  readonly size: number
  readonly norm: number
  /** Norm of the difference to the start: of a weight since step 0, of a slot its own norm. */
  readonly moved: number
  readonly entries: readonly (readonly [index: number, value: number])[]
  /** How far Keras-JAX in float32 and Keras-TensorFlow in float64 lie from these values: difference over norm. */
  readonly backends: readonly number[]
  /** Twice the larger, and at least the rounding of float32 sums. */
  readonly tolerance: number
  readonly projections: readonly number[]
}

interface GoldenFile {
  readonly format: 'gicho-golden'
  readonly optimizer: OptimizerConfig
  readonly weightSeed: number
  readonly weights: readonly WeightRule[]
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
  /** Keras' loss of each step's batch, before that step's update. */
  readonly losses: readonly number[]
  /** Twice the largest relative difference of a loss between those three. */
  readonly lossTolerance: number
  initialWeights(): NamedArray[]
  after(step: number): GoldenResult
}

/** Loads `packages/engine/fixtures/<name>.json`. */
export function loadGolden(name: string): Golden {
  const file: GoldenFile = JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'))
  const { batches, projectionSeed } = file
  return {
    optimizer: file.optimizer,
    batchSize: batches.size,
    steps: batches.steps,
    order: new RandomState(batches.seed).permutation(batches.count).slice(0, batches.size * batches.steps),
    losses: file.losses,
    lossTolerance: file.lossTolerance,
    initialWeights: () => initialWeights(file.weights, file.weightSeed),
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
    distance: (name, values) => differenceNorm(find(name), values, seed) / find(name).norm,
    movedDistance: (name, values) => differenceNorm(find(name), values, seed) / find(name).moved,
  }
}

function missing(what: string, known: string): GichoError {
  return new GichoError('not-found', `golden: the fixture has no ${what}; it has ${known}.`)
}

/** All drawn weights come one after another from a single generator, row-major. */
function initialWeights(rules: readonly WeightRule[], seed: number): NamedArray[] {
  const random = new RandomState(seed)
  return rules.map(({ name, shape, initializer, fanIn = 0, fanOut = 0 }) => {
    const values = new Float32Array(sizeOf(shape)).fill(initializer === 'ones' ? 1 : 0)
    const limit = Math.sqrt(6 / (fanIn + fanOut))
    if (initializer === 'glorotUniform')
      values.forEach((_, i) => {
        values[i] = random.uniform(-limit, limit)
      })
    return { name, shape, values }
  })
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
