import type { OptimizerConfig } from '@gicho/core'
import { updateKinds, updateTable } from '../ops/kernel-table.ts'
import { adamRate } from '../session/adam-rate.ts'

/** What an optimizer keeps for each weight, and how the kernels are told about it. */
export interface OptimizerForm {
  readonly kind: (typeof updateKinds)[number]
  /** Names of the slots in the order of their regions. */
  readonly slots: readonly string[]
  readonly settings: Partial<Record<(typeof updateTable)[number], number>>
  /** The rate that step `t`, counted from 1, really takes. */
  rate(learningRate: number, t: number): number
}

const constantRate = (learningRate: number): number => learningRate

/** The kernels' form of an optimizer. */
export function optimizerForm(config: OptimizerConfig): OptimizerForm {
  switch (config.name) {
    case 'rmsprop': {
      const { rho, epsilon, epsilonMode, momentum = 0, centered = false } = config
      const base = epsilonMode === 'tf2' ? 'rmspropTf2' : 'rmsprop'
      const kind = `${base}${centered ? 'Centered' : ''}${momentum === 0 ? '' : 'Momentum'}` as const
      const slots = ['rms', ...(centered ? ['mean'] : []), ...(momentum === 0 ? [] : ['momentum'])]
      const settings = { rhof: rho, restf: 1 - rho, epsilonf: epsilon, momentumf: momentum }
      return { kind, slots, settings, rate: constantRate }
    }
    case 'sgd': {
      const { momentum, nesterov = false } = config
      if (momentum === 0) return { kind: 'sgd', slots: [], settings: {}, rate: constantRate }
      const kind = nesterov ? 'nesterov' : 'momentum'
      return { kind, slots: ['momentum'], settings: { momentumf: momentum }, rate: constantRate }
    }
    case 'adamw':
      return {
        ...optimizerForm({ ...config, name: 'adam' }),
        kind: 'adamw',
        settings: { ...optimizerForm({ ...config, name: 'adam' }).settings, decayf: config.weightDecay },
      }
    case 'adam':
      return {
        kind: 'adam',
        slots: ['m', 'v'],
        settings: { rest1f: 1 - config.beta1, restf: 1 - config.beta2, epsilonf: config.epsilon },
        rate: (learningRate, t) => adamRate(config, learningRate, t),
      }
    default:
      return config satisfies never
  }
}

/** What a record says besides the optimizer. */
export interface RecordOptions {
  /** Where lies what all threads share. */
  readonly control: number
  /** `regionBytes` apart lie weights, slots, and then gradients. */
  readonly regionBytes: number
  /** True when gradients are only added up. */
  readonly storesGradients?: boolean
  /** A weight's penalty. */
  readonly penalty?: { readonly l1: number; readonly l2: number }
  /** The limit of the gradients' clip. */
  readonly clip?: number
}

/** The optimizer's record as the kernels read it. */
export function updateRecord(form: OptimizerForm, options: RecordOptions): Int32Array {
  const { control, regionBytes, storesGradients = false, penalty, clip = 0 } = options
  const words = new Int32Array(updateTable.length)
  const floats = new Float32Array(words.buffer)
  const settings = { ...form.settings, l1f: penalty?.l1 ?? 0, l2f: penalty?.l2 ?? 0, clipf: clip }
  updateTable.forEach((name, i) => {
    if (name.endsWith('f')) floats[i] = settings[name] ?? 0
  })
  words[updateTable.indexOf('kind')] = updateKinds.indexOf(storesGradients ? 'addGradient' : form.kind)
  words[updateTable.indexOf('slotBytes')] = regionBytes
  words[updateTable.indexOf('gradientBytes')] = regionBytes * (form.slots.length + 1)
  words[updateTable.indexOf('control')] = control
  words[updateTable.indexOf('penalty')] = penalty ? 1 : 0
  return words
}

/** True for optimizers whose step depends on how many there were. */
export function countsSteps({ name }: Pick<OptimizerConfig, 'name'>): boolean {
  return name === 'adam' || name === 'adamw'
}
