/*
 * A saved model as files in memory: what a page keeps, offers for download and takes back. They are those of the folder
 * that `saveModel` writes in Node, and each side reads the other's.
 */
import { GichoError } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { parseModelJson } from './model-json.ts'
import { fromArtifacts, type SavedModel, toArtifacts } from './saved-model.ts'
import { byteLength, splitGroups } from './weight-groups.ts'

/** Contents by name: model.json, and the files that it names. */
export type ModelFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>

/**
 * The files of a model: model.json, weights.bin, and optimizer.bin where the optimizer's state is saved. In a folder they
 * are what `loadModel` in Node and `tf.loadLayersModel` read.
 *
 * @throws GichoError what {@link toArtifacts} throws
 */
export async function toFiles(saved: SavedModel): Promise<ModelFiles> {
  const { weightSpecs = [], weightData, getWeightStream: _, ...rest } = await toArtifacts(saved)
  const groups = splitGroups(weightSpecs, tf.io.CompositeArrayBuffer.join(weightData), 'toFiles')
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  const weightsManifest: tf.io.WeightsManifestConfig = []
  for (const [name, { specs, bytes }] of Object.entries(groups)) {
    if (specs.length === 0) continue
    weightsManifest.push({ paths: [`${name}.bin`], weights: [...specs] })
    files.set(`${name}.bin`, bytes)
  }
  files.set('model.json', new TextEncoder().encode(JSON.stringify({ ...rest, weightsManifest })))
  return files
}

/**
 * The model in files that {@link toFiles}, `saveModel` in Node or plain tfjs made; its tensors are the caller's to
 * dispose.
 *
 * @param where names the model in error messages
 * @throws GichoError `not-found` for a file that is missing, `bad-data` for contents that aren't whole or no layers
 *   model; also what {@link fromArtifacts} throws
 */
export async function fromFiles(files: ModelFiles, where = 'model'): Promise<SavedModel> {
  const text = new TextDecoder().decode(file(files, 'model.json', where))
  const { artifacts, weightsManifest } = parseModelJson(text, `${where}/model.json`)
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (const { paths, weights } of weightsManifest) {
    const group = paths.map((path) => file(files, path, where))
    const expected = weights.reduce((total, spec) => total + byteLength(spec), 0)
    const got = group.reduce((total, bytes) => total + bytes.length, 0)
    if (got !== expected) {
      throw new GichoError(
        'bad-data',
        `${where}: expected ${expected} bytes in ${paths.join(', ')}, got ${got}. The file is damaged: save the model again.`,
      )
    }
    parts.push(...group)
  }
  return fromArtifacts({ ...artifacts, weightData: await new Blob(parts).arrayBuffer() }, where)
}

function file(files: ModelFiles, name: string, where: string): Uint8Array<ArrayBuffer> {
  const found = files.get(name)
  if (found) return found
  const there = [...files.keys()].slice(0, 8).join(', ') || 'no file'
  throw new GichoError('not-found', `${where}: expected ${name}, got ${there}. Take all files of the model's folder.`)
}
