import type { NamedArray } from '@gicho/core'
import type { Ref } from '../ops/emitter.ts'
import { packWeight, unpackWeight, type WeightSlot } from '../plan/weight-layout.ts'
import type { WeightRegions } from '../plan/weight-regions.ts'
import { matchByName } from './match-by-name.ts'
import type { OptimizerForm } from './optimizer-form.ts'

/** An arena of bytes by place, of threads or of a GPU; refuses what goes over a place. */
export interface ArenaMemory {
  read(place: Ref, bytes: number): Promise<Uint8Array<ArrayBuffer>>
  write(place: Ref, values: Float32Array): void | Promise<void>
}

interface Entry {
  /** As the caller knows it: a weight's name, or `slot/weight`. */
  readonly name: string
  readonly slot: WeightSlot
  readonly region: number
}

/** Weights and slots in an engine's memory, read and written by name in Keras' layout. */
export class WeightsMemory {
  readonly #memory: ArenaMemory
  readonly #regions: WeightRegions
  readonly #weights: readonly Entry[]
  readonly #slots: readonly Entry[]

  /** `names` gives the order in which weights are read. */
  constructor(memory: ArenaMemory, regions: WeightRegions, form: OptimizerForm, names: readonly string[]) {
    this.#memory = memory
    this.#regions = regions
    this.#weights = names.flatMap((name) => {
      const slot = regions.layout.slots.get(name)
      return slot ? [{ name, slot, region: 0 }] : []
    })
    const trainable = this.#weights.filter(({ slot }) => slot.trainable)
    this.#slots = trainable.flatMap(({ name, slot }) =>
      form.slots.map((kind, i) => ({ name: `${kind}/${name}`, slot, region: i + 1 })),
    )
  }

  readWeights(): Promise<NamedArray[]> {
    return this.#read(this.#weights)
  }

  /** @throws GichoError `bad-shape` when they aren't the model's; nothing is written then */
  writeWeights(weights: readonly NamedArray[]): Promise<void> {
    return this.#write('weights', this.#weights, weights)
  }

  /** The optimizer's slots, named `slot/weight`. */
  readSlots(): Promise<NamedArray[]> {
    return this.#read(this.#slots)
  }

  /** @throws GichoError `bad-shape` when they aren't the optimizer's; nothing is written then */
  writeSlots(state: readonly NamedArray[]): Promise<void> {
    return this.#write('optimizer', this.#slots, state)
  }

  #read(entries: readonly Entry[]): Promise<NamedArray[]> {
    return Promise.all(
      entries.map(async ({ name, slot, region }) => {
        const bytes = await this.#memory.read(this.#regions.place(slot, region), slot.bytes)
        return { name, shape: slot.shape, values: unpackWeight(slot, new Float32Array(bytes.buffer)) }
      }),
    )
  }

  async #write(what: string, entries: readonly Entry[], arrays: readonly NamedArray[]): Promise<void> {
    const expected = entries.map(({ name, slot }) => ({ name, shape: slot.shape }))
    const given = matchByName(what, expected, arrays)
    for (const { name, slot, region } of entries) {
      const stored = new Float32Array(slot.bytes / 4)
      packWeight(slot, given.get(name)?.values ?? new Float32Array(0), stored)
      await this.#memory.write(this.#regions.place(slot, region), stored)
    }
  }

  /** Lets `change` work on the gradients of all trainable weights. */
  async changeGradients(change: (gradients: Float32Array) => void | Promise<void>): Promise<void> {
    const place = this.#regions.gradients
    const gradients = new Float32Array((await this.#memory.read(place, place.buffer.bytes)).buffer)
    await change(gradients)
    await this.#memory.write(place, gradients)
  }
}
