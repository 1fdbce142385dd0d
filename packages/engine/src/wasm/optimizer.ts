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
    case 'rmsprop':
      return {
        kind: config.epsilonMode === 'tf2' ? 'rmspropTf2' : 'rmsprop',
        slots: ['rms'],
        settings: { rhof: config.rho, restf: 1 - config.rho, epsilonf: config.epsilon },
        rate: constantRate,
      }
    case 'sgd':
      return config.momentum === 0
        ? { kind: 'sgd', slots: [], settings: {}, rate: constantRate }
        : { kind: 'momentum', slots: ['momentum'], settings: { momentumf: config.momentum }, rate: constantRate }
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

/** The optimizer's record as the kernels read it. `regionBytes` apart lie weights, slots, and then gradients. */
export function updateRecord(form: OptimizerForm, regionBytes: number): Int32Array {
  const words = new Int32Array(updateTable.length)
  const floats = new Float32Array(words.buffer)
  updateTable.forEach((name, i) => {
    if (name.endsWith('f')) floats[i] = form.settings[name] ?? 0
  })
  words[updateTable.indexOf('kind')] = updateKinds.indexOf(form.kind)
  words[updateTable.indexOf('slotBytes')] = regionBytes
  words[updateTable.indexOf('gradientBytes')] = regionBytes * (form.slots.length + 1)
  return words
}
