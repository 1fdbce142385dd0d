// What each thread carries through a step: one record of words in the arena, its address is the `context` of every kernel.
import { Control } from './generated'

export namespace Context {
  export const thread: usize = 0
  export const threads: usize = 4
  /** Memory of this thread alone. */
  export const scratch: usize = 8
  export const control: usize = 12
  /** Steps since the run began: keys the dropout masks. */
  export const step: usize = 16
  /** Address of this step's row numbers. */
  export const order: usize = 20
  /** Place of the step's first row in the whole order. */
  export const first: usize = 28
  /** This step's effective learning rate. */
  export const rate: usize = 24
}

/** Waits until all threads have come: spins for some tens of microseconds, then sleeps. */
export function barrier(context: usize): void {
  const threads = load<i32>(context, Context.threads)
  if (threads == 1) return
  const control = load<usize>(context, Context.control)
  const generation = atomic.load<i32>(control, Control.generation)
  if (atomic.add<i32>(control, 1, Control.arrived) == threads - 1) {
    atomic.store<i32>(control, 0, Control.arrived)
    atomic.store<i32>(control, generation + 1, Control.generation)
    if (atomic.load<i32>(control, Control.sleepers)) atomic.notify(control + Control.generation, -1)
    return
  }
  let spins = 20000
  while (atomic.load<i32>(control, Control.generation) == generation) {
    if (--spins > 0) continue
    atomic.add<i32>(control, 1, Control.sleepers)
    atomic.wait<i32>(control + Control.generation, generation, -1)
    atomic.sub<i32>(control, 1, Control.sleepers)
  }
}
