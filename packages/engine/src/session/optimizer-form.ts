import type { OptimizerConfig } from '@gicho/core'
import type { updateKinds, updateTable } from '../ops/kernel-table.ts'
import { adamEpsilon, adamRate } from './adam-rate.ts'

/** What an optimizer keeps for each weight, and how kernels are told about it. */
export interface OptimizerForm {
  readonly kind: (typeof updateKinds)[number]
  /** Names of the slots in the order of their regions. */
  readonly slots: readonly string[]
  readonly settings: Partial<Record<(typeof updateTable)[number], number>>
  /**
   * The two numbers of step `t`, counted from 1: the rate that it really takes, and behind it the plain rate, or the epsilon of
   * tfjs' Adam.
   */
  numbers(learningRate: number, t: number): [rate: number, plainRate: number]
}

const plainNumbers = (learningRate: number): [number, number] => [learningRate, learningRate]

/** The kernels' form of an optimizer. */
export function optimizerForm(config: OptimizerConfig): OptimizerForm {
  switch (config.name) {
    case 'rmsprop': {
      const { rho, epsilon, epsilonMode, momentum = 0, centered = false } = config
      const base = epsilonMode === 'tf2' ? 'rmspropTf2' : 'rmsprop'
      const kind = `${base}${centered ? 'Centered' : ''}${momentum === 0 ? '' : 'Momentum'}` as const
      const slots = ['rms', ...(centered ? ['mean'] : []), ...(momentum === 0 ? [] : ['momentum'])]
      const settings = { rhof: rho, restf: 1 - rho, epsilonf: epsilon, momentumf: momentum }
      return { kind, slots, settings, numbers: plainNumbers }
    }
    case 'sgd': {
      const { momentum, nesterov = false } = config
      if (momentum === 0) return { kind: 'sgd', slots: [], settings: {}, numbers: plainNumbers }
      const kind = nesterov ? 'nesterov' : 'momentum'
      return { kind, slots: ['momentum'], settings: { momentumf: momentum }, numbers: plainNumbers }
    }
    case 'adamw':
      return {
        ...optimizerForm({ ...config, name: 'adam' }),
        kind: 'adamw',
        settings: { ...optimizerForm({ ...config, name: 'adam' }).settings, decayf: config.weightDecay },
      }
    case 'adam':
      return {
        kind: config.epsilonMode === 'tfjs' ? 'adamTfjs' : 'adam',
        slots: ['m', 'v'],
        settings: { rest1f: 1 - config.beta1, restf: 1 - config.beta2, epsilonf: config.epsilon },
        numbers: (learningRate, t) => {
          const second = config.epsilonMode === 'tfjs' ? adamEpsilon(config, t) : learningRate
          return [adamRate(config, learningRate, t), second]
        },
      }
    default:
      return config satisfies never
  }
}

/** True for optimizers whose step depends on how many there were. */
export function countsSteps({ name }: Pick<OptimizerConfig, 'name'>): boolean {
  return name === 'adam' || name === 'adamw'
}
