/*
 * The Mersenne Twister as numpy's legacy `RandomState` uses it, to the bit: Keras draws its shuffles and augmentations
 * from it, so the same seed gives the same order here as there.
 * Source: M. Matsumoto, T. Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998; numpy/random/mtrand.pyx for the
 * distributions (`random_sample` takes 53 bits from two words, bounded integers reject under a mask).
 * Invariant: after the same calls the 624 words and the position equal numpy's `get_state()`.
 */
import { GichoError } from './errors.ts'

const STATE_WORDS = 624
const SHIFT_WORDS = 397

/** The whole state of an {@link RandomState}: numpy's `get_state(legacy=True)` entries 1 and 2. */
export interface RandomStateSnapshot {
  /** 624 words. */
  readonly key: Uint32Array
  /** The next word to be used, 0..624. */
  readonly position: number
}

/**
 * numpy's `np.random.RandomState(seed)`: same seed, same calls, same numbers.
 *
 * @example
 * new RandomState(0).permutation(5) // Uint32Array [2, 0, 1, 3, 4], as np.random.RandomState(0).permutation(5)
 */
export class RandomState {
  readonly #words: Uint32Array = new Uint32Array(STATE_WORDS)
  #position = STATE_WORDS

  /** @param seed whole number 0..2^32-1 @throws GichoError `bad-argument` for any other seed */
  constructor(seed: number) {
    this.seed(seed)
  }

  /** Starts anew from `seed`, as `np.random.seed` does. */
  seed(seed: number): void {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new GichoError('bad-argument', `seed: expected a whole number from 0 to 4294967295, got ${seed}.`)
    }
    const words = this.#words
    let previous = seed >>> 0
    words[0] = previous
    for (let i = 1; i < STATE_WORDS; i++) {
      previous = (Math.imul(1812433253, previous ^ (previous >>> 30)) + i) >>> 0
      words[i] = previous
    }
    this.#position = STATE_WORDS
  }

  /** The state, to be stored in a checkpoint. */
  snapshot(): RandomStateSnapshot {
    return { key: this.#words.slice(), position: this.#position }
  }

  /** Goes on from a stored state. @throws GichoError `bad-data` when it isn't 624 words and a position 0..624 */
  restore(state: RandomStateSnapshot): void {
    const { position } = state
    if (state.key.length !== STATE_WORDS || !Number.isInteger(position) || position < 0 || position > STATE_WORDS) {
      throw new GichoError(
        'bad-data',
        `random state: expected 624 words and a position 0..624, got ${state.key.length} words at ${position}.`,
      )
    }
    this.#words.set(state.key)
    this.#position = position
  }

  /** The next 32 random bits, 0..2^32-1. */
  nextUint32(): number {
    if (this.#position === STATE_WORDS) this.#twist()
    let y = this.#words[this.#position++] ?? 0
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }

  /** A float64 in [0, 1) with 53 random bits: numpy's `random()` and `random_sample()`. */
  random(): number {
    const high = this.nextUint32() >>> 5
    const low = this.nextUint32() >>> 6
    return (high * 67108864 + low) / 9007199254740992
  }

  /** A float64 in [low, high): numpy's `uniform(low, high)`. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * this.random()
  }

  /**
   * A whole number in [low, high): numpy's `randint(low, high)` for spans up to 2^32.
   *
   * @throws GichoError `bad-argument` when the span is empty or larger than 2^32
   */
  randint(low: number, high: number): number {
    const span = high - low
    if (!Number.isInteger(low) || !Number.isInteger(high) || span < 1 || span > 2 ** 32) {
      throw new GichoError(
        'bad-argument',
        `randint: expected whole low < high at most 2^32 apart, got ${low}, ${high}.`,
      )
    }
    return low + this.#bounded(span - 1)
  }

  /** One of the values: numpy's `choice(values)`. @throws GichoError `bad-argument` when there are none */
  choice<T>(values: ArrayLike<T>): T {
    if (values.length === 0) throw new GichoError('bad-argument', 'choice: expected at least one value, got none.')
    return values[this.randint(0, values.length)] as T
  }

  /** Reorders an array in place: numpy's `shuffle` of a 1-D array (the order is numpy's; each array type is). */
  shuffle<T>(values: { length: number; [index: number]: T }): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.#bounded(i)
      const held = values[i] as T
      values[i] = values[j] as T
      values[j] = held
    }
  }

  /**
   * The numbers 0..n-1 in random order: numpy's `permutation(n)`.
   *
   * @throws GichoError `bad-argument` when `n` isn't a whole number 0..2^32-1
   */
  permutation(n: number): Uint32Array {
    if (!Number.isInteger(n) || n < 0 || n > 0xffffffff) {
      throw new GichoError('bad-argument', `permutation: expected a whole number from 0 to 4294967295, got ${n}.`)
    }
    const order = Uint32Array.from({ length: n }, (_, i) => i)
    this.shuffle(order)
    return order
  }

  /** Uniform in 0..max: bits under the smallest covering mask, drawn again until they are small enough. */
  #bounded(max: number): number {
    if (max === 0) return 0
    const mask = 0xffffffff >>> Math.clz32(max)
    let value = (this.nextUint32() & mask) >>> 0
    while (value > max) value = (this.nextUint32() & mask) >>> 0
    return value
  }

  #twist(): void {
    const words = this.#words
    for (let i = 0; i < STATE_WORDS; i++) {
      const y = ((words[i] ?? 0) & 0x80000000) | ((words[(i + 1) % STATE_WORDS] ?? 0) & 0x7fffffff)
      words[i] = (words[(i + SHIFT_WORDS) % STATE_WORDS] ?? 0) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
    }
    this.#position = 0
  }
}
