/* What Keras and tfjs call by different names: a topology in tfjs' words. */
import { withKeras3Names } from '@gicho/core'
import { isRecord, type JsonRecord } from './record.ts'

/** A topology as tfjs reads it: Keras 3's formulas by their own names, regularizers L1 and L2 as L1L2, silu as swish, LeakyReLU's slope as alpha, BatchNormalization's axis as a number. */
export function readable(topology: Readonly<JsonRecord>): JsonRecord {
  const named = translated('', withKeras3Names(topology))
  return isRecord(named) ? named : {}
}

function translated(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => translated('', entry))
  if (/activation$/.test(key) && value === 'silu') return 'swish'
  if (!isRecord(value)) return value
  const fields = Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, translated(name, entry)]))
  const config = isRecord(fields.config) ? fields.config : undefined
  if (config && /_regularizer$/.test(key) && (value.class_name === 'L1' || value.class_name === 'L2'))
    return { class_name: 'L1L2', config: { l1: config.l1 ?? 0, l2: config.l2 ?? 0 } }
  if (config && value.class_name === 'LeakyReLU' && config.alpha == null && config.negative_slope != null)
    return { ...fields, config: { ...config, alpha: config.negative_slope } }
  // Keras 2 writes it as a list of one.
  if (value.class_name === 'BatchNormalization' && Array.isArray(config?.axis) && config.axis.length === 1)
    return { ...fields, config: { ...config, axis: config.axis[0] } }
  return fields
}
