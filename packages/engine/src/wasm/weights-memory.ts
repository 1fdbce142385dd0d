import { GichoError, type NamedArray } from '@gicho/core'
import type { Buffer } from '../ops/emitter.ts'
import { packWeight, unpackWeight, type WeightLayout, type WeightSlot } from '../plan/weight-layout.ts'
import { matchByName } from '../session/match-by-name.ts'
import type { Machine } from './machine.ts'
import type { MemoryMap } from './memory-map.ts'
import type { OptimizerForm } from './optimizer.ts'

/** Weights and slots in the machine's memory, read and written by name in Keras' layout. */
export class WeightsMemory {
  readonly buffers: ReadonlyMap<string, Buffer>
  readonly #machine: Machine
  readonly #layout: WeightLayout
  readonly #form: OptimizerForm
  readonly #names: readonly string[]
  readonly #trainable: number
  readonly #fixed: number

  /** Takes its regions from `map`; `names` gives the order in which weights are read. */
  constructor(machine: Machine, map: MemoryMap, layout: WeightLayout, form: OptimizerForm, names: readonly string[]) {
    this.#machine = machine
    this.#layout = layout
    this.#form = form
    this.#names = names
    // Weights, then one region for each slot, then the gradients, all of one layout.
    this.#trainable = map.take(layout.trainableBytes * (form.slots.length + 2))
    this.#fixed = map.take(layout.fixedBytes)
    const slots = [...layout.slots.values()]
    this.buffers = new Map(
      slots.map((slot) => [
        slot.name,
        { name: slot.name, bytes: slot.bytes, kind: 'kept', address: this.#address(slot) },
      ]),
    )
  }

  #address(slot: WeightSlot): number {
    return (slot.trainable ? this.#trainable : this.#fixed) + slot.offset
  }

  #slot(name: string): WeightSlot {
    const slot = this.#layout.slots.get(name)
    if (!slot) throw new GichoError('bad-shape', `weights: ${name} is not one of the model's.`)
    return slot
  }

  async #read(slot: WeightSlot, region: number): Promise<Float32Array> {
    const bytes = await this.#machine.read(this.#address(slot) + region * this.#layout.trainableBytes, slot.bytes)
    return unpackWeight(slot, new Float32Array(bytes.buffer))
  }

  async #write(slot: WeightSlot, region: number, values: Float32Array): Promise<void> {
    const stored = new Float32Array(slot.bytes / 4)
    packWeight(slot, values, stored)
    await this.#machine.write(this.#address(slot) + region * this.#layout.trainableBytes, stored)
  }

  async read(): Promise<NamedArray[]> {
    return Promise.all(
      this.#names.map(async (name) => {
        const slot = this.#slot(name)
        return { name, shape: slot.shape, values: await this.#read(slot, 0) }
      }),
    )
  }

  async write(weights: readonly NamedArray[]): Promise<void> {
    const expected = this.#names.map((name) => ({ name, shape: this.#slot(name).shape }))
    const given = matchByName('weights', expected, weights)
    for (const { name, values } of given.values()) await this.#write(this.#slot(name), 0, values)
  }

  #slotEntries(): { name: string; slot: WeightSlot; region: number }[] {
    const trainable = this.#names.map((name) => this.#slot(name)).filter((slot) => slot.trainable)
    return trainable.flatMap((slot) =>
      this.#form.slots.map((kind, i) => ({ name: `${kind}/${slot.name}`, slot, region: i + 1 })),
    )
  }

  async readSlots(): Promise<NamedArray[]> {
    return Promise.all(
      this.#slotEntries().map(async ({ name, slot, region }) => ({
        name,
        shape: slot.shape,
        values: await this.#read(slot, region),
      })),
    )
  }

  async writeSlots(state: readonly NamedArray[]): Promise<void> {
    const entries = this.#slotEntries()
    const given = matchByName(
      'optimizer',
      entries.map(({ name, slot }) => ({ name, shape: slot.shape })),
      state,
    )
    for (const { name, slot, region } of entries) {
      const values = given.get(name)?.values
      if (values) await this.#write(slot, region, values)
    }
  }

  /** Lets `change` work on the gradients of all trainable weights. */
  async changeGradients(change: (gradients: Float32Array) => void | Promise<void>): Promise<void> {
    const size = this.#layout.trainableBytes
    const address = this.#trainable + (this.#form.slots.length + 1) * size
    const gradients = new Float32Array((await this.#machine.read(address, size)).buffer)
    await change(gradients)
    await this.#machine.write(address, gradients)
  }

  /** Where the regions begin, for the plan's record of the optimizer. */
  get regionBytes(): number {
    return this.#layout.trainableBytes
  }
}
