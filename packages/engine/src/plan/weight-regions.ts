import type { Buffer, Ref } from '../ops/emitter.ts'
import type { MemoryMap } from './memory-map.ts'
import type { WeightLayout, WeightSlot } from './weight-layout.ts'

/** Where weights lie: the trainable ones, behind them a region of the same layout for each slot and for the gradients; then the others. */
export class WeightRegions {
  readonly layout: WeightLayout
  /** By weight, for plans. */
  readonly buffers: ReadonlyMap<string, Buffer>
  readonly #trainable: number
  readonly #fixed: number
  readonly #slots: number

  /** @param slots how many the optimizer keeps for each weight */
  constructor(map: MemoryMap, layout: WeightLayout, slots: number) {
    this.layout = layout
    this.#slots = slots
    this.#trainable = map.take(layout.trainableBytes * (slots + 2))
    this.#fixed = map.take(layout.fixedBytes)
    this.buffers = new Map([...layout.slots.values()].map((slot) => [slot.name, this.place(slot).buffer]))
  }

  /** The region of all gradients. */
  get gradients(): Ref {
    const bytes = this.layout.trainableBytes
    const address = this.#trainable + (this.#slots + 1) * bytes
    return { buffer: { name: 'gradients', bytes, kind: 'kept', address }, offset: 0 }
  }

  /** Of a weight, or of one of its slots: region 1, 2 … */
  place({ name, bytes, offset, trainable }: WeightSlot, region = 0): Ref {
    const address = (trainable ? this.#trainable : this.#fixed) + offset + region * this.layout.trainableBytes
    return { buffer: { name, bytes, kind: 'kept', address }, offset: 0 }
  }
}
