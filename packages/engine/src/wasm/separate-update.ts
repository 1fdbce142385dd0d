import type { GradientOptions } from '@gicho/core'

/** Options of a session. */
export interface SessionOptions {
  /**
   * Called between a step's gradients and their update, with the gradients of all trainable weights in one array, to be changed in
   * place: for sums over machines. Its layout is the engine's own (the same for the same model); padding may hold anything.
   */
  readonly onGradients?: (gradients: Float32Array) => void | Promise<void>
}

/** An update that is a pass of its own: what is done before it. */
export interface SeparateUpdate extends SessionOptions {
  /** Steps whose gradients are averaged. */
  readonly steps: number
  readonly rules: GradientOptions
}

/** The second shape of the update, when anything has to happen between gradients and update. */
export function separateUpdate(rules: GradientOptions, options: SessionOptions): SeparateUpdate | undefined {
  const { accumulationSteps: steps = 1, clipNorm, globalClipNorm, clipValue } = rules
  const wanted = steps > 1 || options.onGradients || clipNorm || globalClipNorm || clipValue
  return wanted ? { ...options, steps, rules } : undefined
}
