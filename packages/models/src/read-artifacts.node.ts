import { readFile, stat } from 'node:fs/promises'
import { basename, isAbsolute, join, relative, resolve } from 'node:path'
import { GichoError, messageOf } from '@gicho/core'
import type { io } from '@tensorflow/tfjs-core'
import { parseModelJson } from './model-json.ts'
import { fitsName } from './weight-file-name.node.ts'
import { byteLength } from './weight-groups.ts'

/**
 * Reads the model in a folder, with its optimizer's state where there is one.
 *
 * @throws GichoError `not-found` for a missing folder, model.json or weight file; `bad-data` for contents that aren't a
 *   layers model or not whole; `bad-hash` for a damaged weight file; `unsupported` for Keras 3 and graph models; `io`
 */
export async function readArtifacts(folder: string): Promise<io.ModelArtifacts> {
  const path = join(folder, 'model.json')
  const { artifacts, weightsManifest } = parseModelJson(await readModelJson(folder, path), path)
  const parts: Uint8Array[] = []
  for (const group of weightsManifest) parts.push(...(await readGroup(folder, group)))
  const weightData = await new Blob(parts.map((part) => new Uint8Array(part))).arrayBuffer()
  return { ...artifacts, weightData }
}

async function readModelJson(folder: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const found = await stat(folder).catch(() => undefined)
    const hint = 'Pass the folder that saveModel has written.'
    if (!found) throw new GichoError('not-found', `loadModel: expected a folder ${folder}, got none. ${hint}`)
    if (!found.isDirectory())
      throw new GichoError('not-found', `loadModel: expected a folder, got file ${folder}. ${hint}`)
    if (codeOf(error) !== 'ENOENT') throw unreadable(path, error)
    throw new GichoError('not-found', `loadModel: expected model.json in ${folder}, got none. ${hint}`)
  }
}

async function readGroup(folder: string, group: io.WeightsManifestConfig[number]): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = []
  for (const path of group.paths) parts.push(await readWeightFile(folder, path))
  const expected = group.weights.reduce((total, spec) => total + byteLength(spec), 0)
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

async function readWeightFile(folder: string, path: string): Promise<Uint8Array> {
  const full = resolve(folder, path)
  const inside = relative(folder, full)
  if (inside.startsWith('..') || isAbsolute(inside)) {
    throw new GichoError('bad-data', `${folder}: expected weight files inside the folder, got ${path}.`)
  }
  try {
    return await readFile(full)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw unreadable(full, error)
    throw new GichoError(
      'not-found',
      `${folder}: expected the weight file ${basename(path)} beside model.json, got none. Copy the whole folder.`,
    )
  }
}

function unreadable(path: string, cause: unknown): GichoError {
  return new GichoError('io', `loadModel: ${path} can't be read: ${messageOf(cause)}.`, { cause })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
