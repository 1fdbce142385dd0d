import { stat } from 'node:fs/promises'
import { basename, isAbsolute, join, relative, resolve } from 'node:path'
import { GichoError, isGichoError, readPlainFile } from '@gicho/core'
import type { io } from '@tensorflow/tfjs-core'
import { explainForeignModel } from './explain-foreign-model.node.ts'
import { parseModelJson } from './model-json.ts'
import { readModelText } from './model-text.node.ts'
import { fitsName } from './weight-file-name.node.ts'
import { byteLength } from './weight-groups.ts'

/** Longer files are refused by their size; a little longer ones by what is expected. */
const MOST_WEIGHT_BYTES = 2 ** 33
const SLACK_BYTES = 1 << 20

/**
 * Reads the model in a folder, with its optimizer's state where there is one.
 *
 * @throws GichoError `not-found` for a missing folder, model.json or weight file; `bad-data` for contents that aren't a
 *   layers model or not whole; `bad-hash` for a damaged weight file; `unsupported` for Keras 3 and graph models; `io`
 */
export async function readArtifacts(folder: string): Promise<io.ModelArtifacts> {
  const path = join(folder, 'model.json')
  const { artifacts, weightsManifest } = parseModelJson(await modelText(folder), path)
  const parts: Uint8Array[] = []
  for (const group of weightsManifest) parts.push(...(await readGroup(folder, group)))
  const weightData = await new Blob(parts.map((part) => new Uint8Array(part))).arrayBuffer()
  return { ...artifacts, weightData }
}

async function modelText(folder: string): Promise<string> {
  try {
    return await readModelText(folder)
  } catch (error) {
    const foreign = await explainForeignModel(folder)
    if (foreign) throw foreign
    const found = await stat(folder).catch(() => undefined)
    const hint = 'Pass the folder that saveModel has written.'
    if (!found) throw new GichoError('not-found', `loadModel: expected a folder ${folder}, got none. ${hint}`)
    if (!isGichoError(error, 'not-found')) throw error
    throw new GichoError('not-found', `loadModel: expected model.json in ${folder}, got none. ${hint}`)
  }
}

async function readGroup(folder: string, group: io.WeightsManifestConfig[number]): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = []
  const expected = group.weights.reduce((total, spec) => total + byteLength(spec), 0)
  for (const path of group.paths) parts.push(await readWeightFile(folder, path, expected))
  const got = parts.reduce((total, part) => total + part.length, 0)
  if (got !== expected) {
    const names = group.paths.join(', ')
    throw new GichoError(
      'bad-data',
      `${folder}: expected ${expected} bytes in ${names}, got ${got}. The file is damaged: save the model again.`,
    )
  }
  const damaged = group.paths.find((path, i) => !fitsName(path, parts[i] ?? new Uint8Array()))
  if (damaged) {
    throw new GichoError(
      'bad-hash',
      `${folder}: expected ${damaged} to have the SHA-256 in its name, got another. The file is damaged: save the model again.`,
    )
  }
  return parts
}

/** @param most how many bytes the manifest expects of all files together */
async function readWeightFile(folder: string, path: string, most: number): Promise<Uint8Array> {
  const full = resolve(folder, path)
  const inside = relative(folder, full)
  if (inside.startsWith('..') || isAbsolute(inside)) {
    throw new GichoError('bad-data', `${folder}: expected weight files inside the folder, got ${path}.`)
  }
  try {
    return await readPlainFile(full, { maxBytes: Math.min(most, MOST_WEIGHT_BYTES) + SLACK_BYTES })
  } catch (error) {
    if (!isGichoError(error, 'not-found')) throw error
    throw new GichoError(
      'not-found',
      `${folder}: expected the weight file ${basename(path)} beside model.json, got none. Copy the whole folder.`,
    )
  }
}
