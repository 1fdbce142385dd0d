const BURST_MS = 200
const MAX_BURST = 256

/**
 * Runs steps in bursts of a fifth of a second. After each, `rest` is awaited and the event loop gets a turn, so that
 * timers, signals and a page's drawing go on, and a GPU's queue never grows long. A step that has to wait for something gives a
 * promise, which is awaited before the next.
 *
 * @param keepGoing asked before every step
 * @returns the steps done
 */
export async function pace(
  count: number,
  step: (index: number) => void | Promise<void>,
  rest: (done: number) => Promise<void>,
  keepGoing: () => boolean,
): Promise<number> {
  let done = 0
  let burst = 1
  while (done < count && keepGoing()) {
    const began = performance.now()
    const before = done
    const end = Math.min(count, done + burst)
    while (done < end && keepGoing()) {
      const waits = step(done)
      if (waits) await waits
      done++
    }
    await rest(done)
    // A macrotask: tfjs' reads resolve in microtasks on cpu and wasm, which let no timer through.
    await new Promise((resolve) => setTimeout(resolve, 0))
    const perStep = (performance.now() - began) / (done - before)
    burst = Math.max(1, Math.min(MAX_BURST, burst * 4, Math.floor(BURST_MS / perStep)))
  }
  return done
}
