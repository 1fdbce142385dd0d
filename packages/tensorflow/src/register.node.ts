import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { GichoError, messageOf, restoreRemovedUtilities } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'
import { checkOneCopy } from './one-copy.node.ts'
import { quietly } from './quietly.node.ts'
import { PARTS, packageName } from './setup-folder.node.ts'
import { type SetupRecord, whyStale } from './setup-record.node.ts'

/** Where tfjs-node, loaded from the setup's folder, finds the caller's own tfjs: the shim of `@tensorflow/tfjs` gives it this. */
const CALLERS_TFJS = Symbol.for('@gicho/tensorflow')

/** What `native/placement.cc` tells of the loaded TensorFlow. */
export interface Placement {
  readonly version: () => string
  readonly placement: () => { readonly devices: readonly string[]; readonly product: string }
}

/**
 * Loads tfjs-node from a setup and makes it the backend `tensorflow` of the caller's tfjs, and the current one, as
 * tfjs-node does by itself. A program that imports tfjs-node afterwards gets this one.
 *
 * @throws GichoError `unavailable` when the setup is no longer usable, or there are two copies of tfjs-core
 */
export function registerTensorflow(folder: string, record: SetupRecord): Placement {
  const stale = whyStale(record, folder)
  if (stale) throw new GichoError('unavailable', `backend tensorflow: ${stale}`)
  checkOneCopy(tf.version_core)
  restoreRemovedUtilities()
  // A GPU's memory is taken as it is needed; TensorFlow would take all of it at once.
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'
  Reflect.set(globalThis, CALLERS_TFJS, callersTfjs())
  const require = createRequire(join(folder, PARTS.packageFile))
  try {
    const native = join(folder, PARTS.native)
    return quietly(require, native, () => {
      const { version, placement }: Placement = require(join(native, 'placement.node'))
      const tfjsNode = require.resolve(packageName(record.gpu))
      require(tfjsNode)
      shareWithLaterImports(tfjsNode)
      return { version, placement: () => quietly(require, native, placement) }
    })
  } catch (error) {
    throw new GichoError(
      'unavailable',
      `backend tensorflow: tfjs-node could not be loaded from ${folder} (${messageOf(error).split('\n', 1)[0]}). ` +
        'Run: npx --no gicho-tensorflow setup --again',
      { cause: error },
    )
  }
}

/** What tfjs-node takes from the package `@tensorflow/tfjs`: core and layers in one object, with their versions. */
function callersTfjs(): object {
  const version = { 'tfjs-core': tf.version_core, 'tfjs-layers': layers.version_layers, tfjs: tf.version_core }
  return { ...tf, ...layers, version }
}

/** Answers a later `import '@tensorflow/tfjs-node'` of the program with the module that is loaded: its own binding may be missing. */
function shareWithLaterImports(loaded: string): void {
  const here = createRequire(import.meta.url)
  const main = process.argv[1] && existsSync(process.argv[1]) ? [createRequire(process.argv[1])] : []
  for (const require of [here, ...main]) {
    for (const name of [packageName(false), packageName(true)]) {
      try {
        const path = require.resolve(name)
        require.cache[path] ??= require.cache[loaded]
      } catch {
        // Not installed there: nobody will import it.
      }
    }
  }
}
