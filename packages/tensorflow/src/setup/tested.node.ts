import { readFileSync } from 'node:fs'
import { GichoError, isJsonObject, JsonFields } from '@gicho/core'
import { packagePath } from '../package-path.node.ts'

/** The versions that this package was tested with; they stand in its package.json. */
export interface Tested {
  readonly tfjsNode: string
  readonly nodeApiHeaders: string
  readonly googleProtobuf: string
  readonly progress: string
  /** TensorFlow's: from this one on, and below that one. */
  readonly from: string
  readonly below: string
}

/** @throws GichoError `bad-data` when the package's own file was changed */
export function testedVersions(): Tested {
  const path = packagePath('package.json')
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
  const refuse = (field: string, expected: string): GichoError =>
    new GichoError('bad-data', `${path}: expected ${field} to be ${expected}. Reinstall @gicho/tensorflow.`)
  if (!isJsonObject(value)) throw refuse('it', 'an object')
  const tested = new JsonFields(value, refuse).record('tested')
  const tensorflow = tested.record('tensorflow')
  return {
    tfjsNode: tested.text('tfjs-node'),
    nodeApiHeaders: tested.text('node-api-headers'),
    googleProtobuf: tested.text('google-protobuf'),
    progress: tested.text('progress'),
    from: tensorflow.text('from'),
    below: tensorflow.text('below'),
  }
}
