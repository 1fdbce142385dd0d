import { readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileErrorCode, fileErrorWords, GichoError, isJsonObject, JsonFields } from '@gicho/core'
import { PARTS } from './setup-folder.node.ts'

/** What a finished setup says of itself; read again by every program that uses it. */
export interface SetupRecord {
  /** Where it was built: what was linked there doesn't work elsewhere. */
  readonly folder: string
  readonly platform: string
  /** Made with `--gpu`: from a TensorFlow that brings CUDA. */
  readonly gpu: boolean
  readonly python: string
  readonly wheel: Wheel
  /** Of tfjs-node and of what was built it with. */
  readonly tfjsNode: string
  readonly compiler: string
  readonly node: string
}

/** An installed TensorFlow of Python. */
export interface Wheel {
  readonly version: string
  /** The folder of the Python package `tensorflow`, with its libraries and headers. */
  readonly folder: string
  /** Size of its main library: another size is another build. */
  readonly libraryBytes: number
  /** The CUDA and cuDNN versions that it was built for; absent in a build for the CPU alone. */
  readonly cuda?: string
  readonly cudnn?: string
}

/** Written last, so that a setup that was interrupted has none. */
const FORMAT = 1

const REMEDY = 'Run: npx --no gicho-tensorflow setup'

/** The record as the text of its file. */
export function recordText(record: SetupRecord): string {
  return `${JSON.stringify({ format: FORMAT, ...record }, null, 2)}\n`
}

/** The finished setup of a folder, or undefined where there is none. @throws GichoError `bad-data` for a record that can't be read */
export function readRecord(folder: string, name: string = PARTS.record): SetupRecord | undefined {
  const path = join(folder, name)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new GichoError('io', `${path}: it can't be read: ${fileErrorWords(error)}.`, { cause: error })
  }
  return parseRecord(text, path)
}

/** @throws GichoError `bad-data` for a text that is no record */
export function parseRecord(text: string, path: string): SetupRecord {
  const refuse = (field: string, expected: string): GichoError =>
    new GichoError('bad-data', `${path}: expected ${field} to be ${expected}. ${REMEDY}`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new GichoError('bad-data', `${path}: expected JSON. ${REMEDY}`)
  }
  if (!isJsonObject(value)) throw new GichoError('bad-data', `${path}: expected an object. ${REMEDY}`)
  const fields = new JsonFields(value, refuse)
  fields.whole('format', FORMAT, FORMAT)
  const wheel = fields.record('wheel')
  return {
    folder: fields.text('folder'),
    platform: fields.text('platform'),
    gpu: fields.flag('gpu'),
    python: fields.text('python'),
    wheel: {
      version: wheel.text('version'),
      folder: wheel.text('folder'),
      libraryBytes: wheel.whole('libraryBytes', 1),
      ...wheel.there(['cuda', 'cudnn'], (name) => wheel.text(name)),
    },
    tfjsNode: fields.text('tfjsNode'),
    compiler: fields.text('compiler'),
    node: fields.text('node'),
  }
}

/** "linux-x64": what a binding is built for. */
export function platformName(): string {
  return `${process.platform}-${process.arch}`
}

/** Why a recorded setup can't be used any more, in a sentence that ends with the remedy; undefined when it can. */
export function whyStale(record: SetupRecord, folder: string): string | undefined {
  if (record.platform !== platformName())
    return `${folder} was set up for ${record.platform}, and this is ${platformName()}. ${REMEDY}`
  if (realPath(record.folder) !== realPath(folder))
    return `${folder} was moved or copied from ${record.folder}, which its libraries still name. ${REMEDY}`
  const bytes = sizeOf(libraryPath(record.wheel.folder))
  if (bytes === undefined)
    return `TensorFlow ${record.wheel.version} is gone from ${record.wheel.folder}, or was moved. ${REMEDY}`
  if (bytes !== record.wheel.libraryBytes)
    return `TensorFlow in ${record.wheel.folder} is no longer the ${record.wheel.version} that the binding was built for. ${REMEDY}`
  const missing = [PARTS.native, PARTS.packages].find((part) => sizeOf(join(folder, part)) === undefined)
  return missing === undefined ? undefined : `${join(folder, missing)} is missing. ${REMEDY}`
}

/** TensorFlow's main library in the folder of its Python package. */
export function libraryPath(wheelFolder: string): string {
  return join(wheelFolder, process.platform === 'darwin' ? 'libtensorflow_cc.2.dylib' : 'libtensorflow_cc.so.2')
}

/** Bytes of what stands there, links followed; undefined where nothing does. */
export function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
