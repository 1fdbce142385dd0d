import { join } from 'node:path'
import { isJsonObject } from '@gicho/core'

/** TensorFlow's own switch: 0 lets it say everything. */
const TALKS = process.env.TF_CPP_MIN_LOG_LEVEL === '0'

/** Does the work while nothing reaches standard error; TensorFlow talks as it is loaded, before its switches work. */
export function quietly<T>(require: NodeJS.Require, nativeFolder: string, work: () => T): T {
  if (TALKS) return work()
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  const standardError: unknown = require(join(nativeFolder, 'standard-error.node'))
  if (!isJsonObject(standardError)) return work()
  const { mute, restore } = standardError
  if (!(mute instanceof Function && restore instanceof Function)) return work()
  const kept: unknown = mute()
  try {
    return work()
  } finally {
    restore(kept)
  }
}
