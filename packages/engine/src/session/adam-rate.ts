import type { AdamConfig } from '@gicho/core'

/**
 * The rate that Adam's step `t`, counted from 1, takes: corrected for averages that began at zero. Keras rounds the betas to
 * float32 before it takes their powers, which moves the first steps by 6e-6.
 */
export function adamRate(
  { beta1, beta2 }: Pick<AdamConfig, 'beta1' | 'beta2'>,
  learningRate: number,
  t: number,
): number {
  return (learningRate * Math.sqrt(1 - Math.fround(beta2) ** t)) / (1 - Math.fround(beta1) ** t)
}

/**
 * What step `t` adds to the root of the second average, which isn't corrected itself: Keras' epsilon, or, where the config says `tfjs`,
 * the one that makes `m' / (sqrt(v') + epsilon)` of the corrected averages m' and v'.
 */
export function adamEpsilon(
  { beta2, epsilon, epsilonMode }: Pick<AdamConfig, 'beta2' | 'epsilon' | 'epsilonMode'>,
  t: number,
): number {
  return epsilonMode === 'tfjs' ? epsilon * Math.sqrt(1 - Math.fround(beta2) ** t) : epsilon
}
