/*
 * A folder holds model.json and the weight files that it names. Weight files are named after their content, are written
 * first, and never change; model.json is replaced last, by renaming. So at any moment the folder holds the earlier model
 * or the new one, and never a mixture; files that only the earlier one named are removed at the end.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileErrorWords, GichoError, makeFolder, removeUnfinished, replaceFile } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { checkTopology } from './check-topology.ts'
import { readModelText } from './model-text.node.ts'
import { isRecord } from './record.ts'
import { isWeightFileName, weightFileName } from './weight-file-name.node.ts'
import { splitGroups, type WeightGroup } from './weight-groups.ts'

/** Size of a weight file, as tfjs' converter cuts them: browsers cache files of this size. */
const SHARD_BYTES = 4 * 1024 * 1024

/**
 * Writes a model into a folder, which is made where it is missing; a model that is there is replaced as a whole.
 *
 * @throws GichoError `io` when the file system refuses; what was there before is then still there
 */
export async function writeArtifacts(folder: string, artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> {
  const { weightSpecs = [], weightData, getWeightStream: _, ...rest } = artifacts
  checkTopology(artifacts.modelTopology, artifacts.format, folder)
  const { weights, optimizer } = splitGroups(weightSpecs, tf.io.CompositeArrayBuffer.join(weightData), folder)
  const earlier = await namedFiles(folder)
  const files = [...shards('weights', weights.bytes), ...shards('optimizer', optimizer.bytes)]
  const weightsManifest = [manifest('weights', weights, files), manifest('optimizer', optimizer, files)]
  const json = { ...rest, weightsManifest: weightsManifest.filter((group) => group.weights.length > 0) }
  const names = files.map(({ name }) => name)
  try {
    await makeFolder(folder)
    for (const { name, bytes } of files) await replaceFile(join(folder, name), bytes)
    await replaceFile(join(folder, 'model.json'), JSON.stringify(json))
  } catch (error) {
    await remove(
      folder,
      names.filter((name) => !earlier.includes(name)),
    )
    const message = `saveModel: ${folder} can't be written: ${fileErrorWords(error)}. Make room, or choose another folder.`
    throw new GichoError('io', message, { cause: error })
  }
  await remove(
    folder,
    earlier.filter((name) => !names.includes(name)),
  )
  await removeUnfinished(folder)
  return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) }
}

type Kind = 'weights' | 'optimizer'

interface Shard {
  readonly kind: Kind
  readonly name: string
  readonly bytes: Uint8Array
}

function shards(kind: Kind, bytes: Uint8Array): Shard[] {
  const count = Math.ceil(bytes.length / SHARD_BYTES)
  return Array.from({ length: count }, (_, i) => {
    const part = bytes.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES)
    return { kind, name: weightFileName(kind, part, i + 1, count), bytes: part }
  })
}

function manifest(kind: Kind, group: WeightGroup, files: readonly Shard[]): tf.io.WeightsManifestConfig[number] {
  return { paths: files.filter((file) => file.kind === kind).map(({ name }) => name), weights: [...group.specs] }
}

/** Those of our own files that the folder's model.json names now; never anybody else's. */
async function namedFiles(folder: string): Promise<string[]> {
  try {
    const json: unknown = JSON.parse(await readModelText(folder))
    const groups = isRecord(json) && Array.isArray(json.weightsManifest) ? json.weightsManifest : []
    const paths: unknown[] = groups.flatMap((group: unknown) => (isRecord(group) ? group.paths : []))
    return paths.filter((path) => typeof path === 'string').filter((path) => isWeightFileName(path))
  } catch {
    return [] // no model there, or one that can't be read and that the new one replaces
  }
}

/** What can't be removed only takes room. */
async function remove(folder: string, names: readonly string[]): Promise<void> {
  await Promise.allSettled(names.map((name) => rm(join(folder, name), { force: true })))
}
