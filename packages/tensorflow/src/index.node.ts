/*
 * import '@gicho/tensorflow': the backend `tensorflow` in the program's own tfjs, from the TensorFlow that
 * `npx --no gicho-tensorflow setup` has prepared. Synchronous, so that it works by `require` as well.
 */
import { GichoError } from '@gicho/core'
import { type TensorflowDevice, tensorflowDevice } from './device.node.ts'
import { registerTensorflow } from './register.node.ts'
import { setupFolder } from './setup-folder.node.ts'
import { readRecord, type SetupRecord } from './setup-record.node.ts'

export type { TensorflowDevice } from './device.node.ts'

const folder = setupFolder()

function finishedSetup(): SetupRecord {
  const found = readRecord(folder)
  if (found) return found
  throw new GichoError(
    'unavailable',
    `backend tensorflow: there is no finished setup in ${folder}. Run: npx --no gicho-tensorflow setup ` +
      '(with --gpu for an NVIDIA GPU). GICHO_TENSORFLOW_DIR names another folder.',
  )
}

const record = finishedSetup()
const placement = registerTensorflow(folder, record)

/** The device that runs the work: a matrix product is placed as tfjs-node places its own, and asked where it ran. */
export function device(): TensorflowDevice {
  return tensorflowDevice(placement, record)
}
