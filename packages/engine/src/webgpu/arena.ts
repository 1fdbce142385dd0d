import { GichoError } from '@gicho/core'
import type { Ref } from '../ops/emitter.ts'
import { guardedAddress } from '../plan/memory-map.ts'
import type { ArenaMemory } from '../session/weights-memory.ts'
import type { DeviceWatch } from './device-watch.ts'

/** The one buffer in which a session's numbers lie. It grows; what was in it stays. */
export class GpuArena implements ArenaMemory {
  readonly #device: GPUDevice
  readonly #watch: DeviceWatch
  #buffer: GPUBuffer | undefined

  constructor(device: GPUDevice, watch: DeviceWatch) {
    this.#device = device
    this.#watch = watch
  }

  /** The buffer as it is now; another one after `reserve` had to grow it. */
  get buffer(): GPUBuffer {
    if (!this.#buffer) throw new GichoError('engine-failed', 'engine webgpu: memory was used before it was reserved.')
    return this.#buffer
  }

  /**
   * Makes room for so many bytes.
   *
   * @throws GichoError `out-of-memory` beyond what the device gives, saying how much that is
   */
  async reserve(bytes: number): Promise<void> {
    const before = this.#buffer
    if (before && before.size >= bytes) return
    const { maxBufferSize, maxStorageBufferBindingSize } = this.#device.limits
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize)
    if (bytes > most) {
      throw new GichoError(
        'out-of-memory',
        `engine webgpu: a step needs ${sizeText(bytes)} in one buffer, and this device binds at most ${sizeText(most)}. ` +
          'Take a smaller batch, or the wasm engine.',
      )
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    const size = Math.ceil(bytes / 256) * 256
    this.#buffer = await this.#watch.scoped(this.#device, `an arena of ${sizeText(bytes)}`, () => {
      const buffer = this.#device.createBuffer({ label: 'arena', size, usage })
      if (!before) return buffer
      const encoder = this.#device.createCommandEncoder()
      encoder.copyBufferToBuffer(before, 0, buffer, 0, before.size)
      this.#device.queue.submit([encoder.finish()])
      return buffer
    })
    before?.destroy()
  }

  /** Writes into a place. @throws GichoError `engine-failed` for more than it has */
  write(place: Ref, values: Float32Array): void {
    this.#watch.check()
    const address = guardedAddress(place, values.byteLength)
    this.#device.queue.writeBuffer(this.buffer, address, values.slice())
  }

  async read(place: Ref, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    const [staging] = await this.#watch.scoped(this.#device, 'reading what was trained', () => {
      const encoder = this.#device.createCommandEncoder()
      const staging = this.stage(encoder, place, bytes)
      this.#device.queue.submit([encoder.finish()])
      return [staging]
    })
    return this.take(staging)
  }

  /** Copies a part into a buffer that can be read once the encoder's work is done. */
  stage(encoder: GPUCommandEncoder, place: Ref, bytes: number): GPUBuffer {
    const address = guardedAddress(place, bytes)
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST
    const staging = this.#device.createBuffer({ label: 'read', size: bytes, usage })
    encoder.copyBufferToBuffer(this.buffer, address, staging, 0, bytes)
    return staging
  }

  /** What was staged; here the host waits for the device. */
  async take(staging: GPUBuffer): Promise<Uint8Array<ArrayBuffer>> {
    try {
      await this.#watch.wait(staging.mapAsync(GPUMapMode.READ))
      return new Uint8Array(staging.getMappedRange().slice(0))
    } finally {
      staging.destroy()
    }
  }

  dispose(): void {
    this.#buffer?.destroy()
  }
}

function sizeText(bytes: number): string {
  return bytes < 2 ** 20 ? `${Math.ceil(bytes / 2 ** 10)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
