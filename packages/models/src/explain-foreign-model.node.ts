import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { GichoError, openPlainFile } from '@gicho/core'
import { type FilePieces, fileKind, folderKind, type ModelKind, teachableMachine } from './model-kind.ts'
import { isRecord } from './record.ts'

/** What tells a kind stands in the first or, of archives, in the last bytes. */
const PIECE_BYTES = 1 << 20

/**
 * Says what stands at a path where no model of gicho was found: a file of Keras, PyTorch, ONNX, TensorFlow Lite, safetensors, a
 * SavedModel, a checkpoint, a Teachable Machine export … Nothing is unpacked and no code of the file is run.
 *
 * @returns an error `unsupported` that says what it is and what to do, or `bad-data` for a file that isn't recognised; undefined where
 *   there is nothing, or an ordinary folder
 */
export async function explainForeignModel(path: string): Promise<GichoError | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return refusal(path, folderKind(await readdir(path).catch(() => [])))
  if (!found) return refusal(path, await checkpointPrefix(path))
  const kind = fileKind(await readPieces(path))
  if (kind) return refusal(path, kind)
  const beside = folderKind(await readdir(dirname(path)).catch(() => []))
  return (
    refusal(path, beside) ??
    new GichoError(
      'bad-data',
      `${path}: expected the folder of a model (with model.json), got a file that is no model. Name the folder that saveModel has written.`,
    )
  )
}

/** A model.json whose folder is one of Teachable Machine's: it says so in a metadata.json. */
export async function explainTeachableMachine(folder: string): Promise<GichoError | undefined> {
  const { head } = await readPieces(join(folder, 'metadata.json')).catch(() => ({ head: new Uint8Array() }))
  try {
    const metadata: unknown = JSON.parse(new TextDecoder().decode(head))
    const isIts =
      isRecord(metadata) && ('tmVersion' in metadata || String(metadata.packageName).includes('teachablemachine'))
    return isIts ? refusal(folder, teachableMachine) : undefined
  } catch {
    return undefined
  }
}

/** TensorFlow names a checkpoint by what its files have in common. */
async function checkpointPrefix(path: string): Promise<ModelKind | undefined> {
  const names = await readdir(dirname(path)).catch(() => [])
  return folderKind(names.filter((name) => name.startsWith(`${basename(path)}.`)))
}

async function readPieces(path: string): Promise<FilePieces> {
  const { file, sizeBytes } = await openPlainFile(path, 'a model')
  try {
    const piece = async (position: number): Promise<Uint8Array> => {
      const bytes = new Uint8Array(Math.min(PIECE_BYTES, sizeBytes))
      const { bytesRead } = await file.read(bytes, 0, bytes.length, position)
      return bytes.subarray(0, bytesRead)
    }
    return { head: await piece(0), tail: await piece(Math.max(0, sizeBytes - PIECE_BYTES)) }
  } finally {
    await file.close()
  }
}

function refusal(path: string, kind: ModelKind | undefined): GichoError | undefined {
  if (kind === undefined) return undefined
  const { what, advice } = kind
  return new GichoError(
    'unsupported',
    `${path}: expected the folder of a model (with model.json), got ${what}. ${advice}`,
  )
}
