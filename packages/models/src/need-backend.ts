import { GichoError } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'

const BACKENDS = ['@tensorflow/tfjs-backend-cpu', '@tensorflow/tfjs-backend-wasm']

function hasBackend(): boolean {
  return Object.keys(tf.engine().registryFactory).length > 0
}

/** Checks that the weights of a model can be made. @throws GichoError `unavailable` with the lines that import a backend */
export function checkBackend(what: string): void {
  if (hasBackend()) return
  const [name] = BACKENDS
  throw new GichoError(
    'unavailable',
    `${what}: a model's weights need a backend of tfjs, and none is imported. Add the line import '${name}' ` +
      `(npm install ${name}@${tf.version_core}), or another backend's.`,
  )
}

/**
 * The same where there is time to load what is installed. Bundlers leave these imports alone: a page names its backend itself.
 *
 * @throws GichoError `unavailable`
 */
export async function loadBackend(what: string, names: readonly string[] = BACKENDS): Promise<void> {
  for (const name of names) {
    if (hasBackend()) return
    await import(/* @vite-ignore */ name).catch(() => undefined)
  }
  checkBackend(what)
}
