import { GichoError, messageOf } from '@gicho/core'
import type { io } from '@tensorflow/tfjs-core'
import { checkTopology } from './check-topology.ts'
import { checkDepth } from './check-wiring.ts'
import { isRecord } from './record.ts'

/** What a model.json says: the model's artifacts without weights, and the files that hold those. */
export interface ModelJson {
  readonly artifacts: io.ModelArtifacts
  readonly weightsManifest: io.WeightsManifestConfig
}

/**
 * Reads the text of a model.json.
 *
 * @param path names it in error messages
 * @throws GichoError `bad-data` for what isn't a layers model, `unsupported` for Keras 3 and graph models
 */
export function parseModelJson(text: string, path: string): ModelJson {
  const json = parse(text, path)
  checkDepth(json, path)
  const modelTopology = checkTopology(json.modelTopology, json.format, path)
  const { weightsManifest, ...rest } = json
  if (!isManifest(weightsManifest)) {
    throw new GichoError(
      'bad-data',
      `${path}: expected a weightsManifest with paths and weights, got something else. Save the model again.`,
    )
  }
  checkPaths(weightsManifest, path)
  const weightSpecs = weightsManifest.flatMap((group) => group.weights)
  return { artifacts: { ...rest, modelTopology, weightSpecs }, weightsManifest }
}

function parse(text: string, path: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text)
    if (isRecord(json)) return json
  } catch (error) {
    throw new GichoError('bad-data', `${path}: expected JSON, but ${messageOf(error)}. Save the model again.`, {
      cause: error,
    })
  }
  throw new GichoError('bad-data', `${path}: expected a JSON object, got something else. Save the model again.`)
}

/** A file that is named many times would be read, and held, many times. */
function checkPaths(manifest: io.WeightsManifestConfig, path: string): void {
  const seen = new Set<string>()
  for (const name of manifest.flatMap((group) => group.paths)) {
    if (seen.has(name)) {
      throw new GichoError(
        'bad-data',
        `${path}: expected weight files that are named once, got ${name} twice. Save the model again.`,
      )
    }
    seen.add(name)
  }
}

function isManifest(value: unknown): value is io.WeightsManifestConfig {
  return (
    Array.isArray(value) && value.every((group) => isRecord(group) && isPaths(group.paths) && isSpecs(group.weights))
  )
}

function isPaths(value: unknown): boolean {
  return Array.isArray(value) && value.every((path) => typeof path === 'string')
}

function isSpecs(value: unknown): boolean {
  const fits = (spec: unknown) =>
    isRecord(spec) && typeof spec.name === 'string' && typeof spec.dtype === 'string' && isShape(spec.shape)
  return Array.isArray(value) && value.every(fits)
}

/** Sizes whose product can be a number of values. */
function isShape(value: unknown): boolean {
  if (!Array.isArray(value) || !value.every((size) => Number.isSafeInteger(size) && size >= 0)) return false
  return Number.isSafeInteger(value.reduce((product: number, size: number) => product * size, 8))
}
