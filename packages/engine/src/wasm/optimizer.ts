import { updateKinds, updateTable } from '../ops/kernel-table.ts'
import type { OptimizerForm } from '../session/optimizer-form.ts'

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
