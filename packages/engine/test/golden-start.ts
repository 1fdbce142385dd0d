/* Where a golden fixture's steps start: weights and optimizer slots, drawn again as tools/golden/golden.py drew them. */
import { type NamedArray, RandomState, type Shape, sizeOf } from '@gicho/core'

/** How one weight starts; see `weight` in tools/golden/golden.py. */
interface WeightRule {
  readonly name: string
  readonly shape: Shape
  readonly initializer: 'glorotUniform' | 'uniform' | 'zeros' | 'ones'
  readonly trainable: boolean
  /** Of `glorotUniform`. */
  readonly fanIn?: number
  readonly fanOut?: number
  /** Of `uniform`. */
  readonly low?: number
  readonly high?: number
}

/** One kind of optimizer slot, drawn for every trainable weight. */
interface SlotRule {
  readonly kind: 'velocity' | 'momentum'
  readonly low: number
  readonly high: number
}

/** The part of a fixture that says where it starts. */
export interface StartRules {
  readonly weightSeed: number
  readonly weights: readonly WeightRule[]
  /** Empty where all slots start at zero. */
  readonly slots: readonly SlotRule[]
}

/** Weights in the model's order; slots as `<weight>/<kind>`, each kind in the order of the trainable weights. */
export interface Start {
  readonly weights: NamedArray[]
  readonly slots: NamedArray[]
}

/** All that is drawn comes row-major, one array after another, from a single generator. */
export function drawStart({ weightSeed, weights, slots }: StartRules): Start {
  const random = new RandomState(weightSeed)
  const drawn = (name: string, shape: Shape, low: number, high: number): NamedArray => ({
    name,
    shape,
    values: new Float32Array(sizeOf(shape)).map(() => random.uniform(low, high)),
  })
  const made = weights.map((rule) => {
    const { name, shape, initializer, fanIn = 0, fanOut = 0, low = 0, high = 0 } = rule
    const limit = Math.sqrt(6 / (fanIn + fanOut))
    if (initializer === 'glorotUniform') return drawn(name, shape, -limit, limit)
    if (initializer === 'uniform') return drawn(name, shape, low, high)
    return { name, shape, values: new Float32Array(sizeOf(shape)).fill(initializer === 'ones' ? 1 : 0) }
  })
  const trainable = weights.filter((rule) => rule.trainable)
  return {
    weights: made,
    slots: slots.flatMap(({ kind, low, high }) =>
      trainable.map(({ name, shape }) => drawn(`${name}/${kind}`, shape, low, high)),
    ),
  }
}

/** The engines' names of the slots, and the fixtures'. */
const KINDS: Readonly<Record<string, string>> = { rms: 'velocity', momentum: 'momentum', m: 'momentum', v: 'velocity' }

/** A fixture's name for an engine's slot: `rms/dense_1/kernel` is `dense_1/kernel/velocity`; undefined for `iteration`. */
export function goldenSlotName(name: string): string | undefined {
  const [slot = '', ...weight] = name.split('/')
  const kind = KINDS[slot]
  return kind === undefined || weight.length === 0 ? undefined : `${weight.join('/')}/${kind}`
}

/** An optimizer's state as a session reads it, with the values of a fixture's slots: for `writeOptimizer`. */
export function engineState(
  state: readonly NamedArray[],
  golden: { readonly iteration: number; initialSlots(): NamedArray[] },
): NamedArray[] {
  const slots = new Map(golden.initialSlots().map((slot) => [slot.name, slot.values]))
  return state.map(({ name, shape, values }) => {
    if (name === 'iteration') return { name, shape, values: Float32Array.of(golden.iteration) }
    return { name, shape, values: slots.get(goldenSlotName(name) ?? '') ?? values }
  })
}
