import { GichoError, messageOf } from '@gicho/core'

type Fail = (error: GichoError) => void

/** What is said of a device that is gone. */
function lostError(reason: string): GichoError {
  return new GichoError(
    'engine-failed',
    `engine webgpu: the GPU device was lost (${reason}). Open a new session and go on from the last checkpoint, ` +
      'or train with the wasm engine.',
  )
}

/** Waits for a device's promises, and fails when the device is lost instead: some promises of a lost device never end. */
export class DeviceWatch {
  readonly #waiting = new Set<Fail>()
  #lost: GichoError | undefined

  constructor(device: GPUDevice) {
    device.lost.then(({ reason, message }) => {
      this.#lost = lostError(message || reason || 'unknown reason')
      for (const fail of this.#waiting) fail(this.#lost)
    })
  }

  /** @throws GichoError `engine-failed` for a device that is lost already */
  check(): void {
    if (this.#lost) throw this.#lost
  }

  /** @throws GichoError `engine-failed` when the device is lost before the promise ends, or the promise is rejected */
  async wait<T>(promise: Promise<T>): Promise<T> {
    this.check()
    let fail: Fail = () => undefined
    const lost = new Promise<never>((_, reject) => {
      fail = reject
    })
    this.#waiting.add(fail)
    try {
      return await Promise.race([promise, lost])
    } catch (error) {
      this.check()
      throw error instanceof GichoError
        ? error
        : new GichoError('engine-failed', `engine webgpu: ${messageOf(error)}. Report it with your GPU and driver.`, {
            cause: error,
          })
    } finally {
      this.#waiting.delete(fail)
    }
  }

  /**
   * Does GPU calls under error scopes.
   *
   * @throws GichoError `out-of-memory`, or `engine-failed` with the device's words, once the returned promise is awaited
   */
  async scoped<T>(device: GPUDevice, what: string, calls: () => T): Promise<T> {
    this.check()
    // Pushed and popped without a wait in between: the stack is the device's, which others may use too.
    device.pushErrorScope('out-of-memory')
    device.pushErrorScope('validation')
    const result = calls()
    const scopes = [device.popErrorScope(), device.popErrorScope()]
    const [validation, memory] = await this.wait(Promise.all(scopes))
    if (memory) {
      throw new GichoError(
        'out-of-memory',
        `engine webgpu: the GPU has no memory for ${what}. Take a smaller batch, or the wasm engine.`,
      )
    }
    if (validation) {
      throw new GichoError(
        'engine-failed',
        `engine webgpu: ${what}: ${validation.message.trim()}. Report it with your GPU and driver.`,
      )
    }
    return result
  }
}
