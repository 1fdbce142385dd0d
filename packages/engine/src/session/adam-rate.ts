import type { AdamConfig } from '@gicho/core'

/**
 * The rate that Adam's step `t`, counted from 1, takes: corrected for averages that began at zero. Keras rounds the betas to
 * float32 before it takes their powers, which moves the first steps by 6e-6.
 */
export function adamRate({ beta1, beta2 }: AdamConfig, learningRate: number, t: number): number {
  return (learningRate * Math.sqrt(1 - Math.fround(beta2) ** t)) / (1 - Math.fround(beta1) ** t)
}
