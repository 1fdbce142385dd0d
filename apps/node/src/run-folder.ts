/*
 * A run on disk: runs/<recipe>/<n>/ with run.json, history.csv, model/ and pictures (PNG and SVG).
 * Files are replaced as a whole, so that whoever reads them never meets half of one.
 */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  encodeRunCard,
  fileErrorWords,
  GichoError,
  type History,
  makeFolder,
  type Picture,
  type RunCard,
  replaceFile,
  replaceFileSync,
} from '@gicho/core'
import { encode } from 'fast-png'

function refused(path: string, cause: unknown): GichoError {
  const message = `${path}: can't be written: ${fileErrorWords(cause)}. Make room, or name another folder with --out DIR.`
  return new GichoError('io', message, { cause })
}

async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw refused(path, error)
  }
}

/**
 * Makes the folder of a new run: the next number after the largest there is. `mkdir` fails for a folder that exists,
 * so of two runs that start at once each gets its own.
 *
 * @throws GichoError `io` when nothing can be written there
 */
export async function createRunFolder(root: string, recipe: string): Promise<string> {
  const parent = join(root, recipe)
  return writing(parent, async () => {
    await makeFolder(parent)
    const numbers = (await readdir(parent)).filter((name) => /^\d+$/.test(name)).map(Number)
    for (let next = Math.max(0, ...numbers) + 1; ; next++) {
      const folder = join(parent, String(next))
      try {
        await mkdir(folder)
        return folder
      } catch (error) {
        const taken = error instanceof Error && 'code' in error && error.code === 'EEXIST'
        if (!taken) throw error
      }
    }
  })
}

/** Takes back the folder of a run in which nothing was trained. */
export async function removeRunFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}

/**
 * Writes the run's card and its history, at once: a training that keeps the process busy would put off anything else.
 *
 * @throws GichoError `io` when they can't be written
 */
export function writeRun(folder: string, card: RunCard): void {
  try {
    // The card last: what it says of a run is true of all its files.
    replaceFileSync(join(folder, 'history.csv'), historyCsv(card.history))
    replaceFileSync(join(folder, 'run.json'), encodeRunCard(card))
  } catch (error) {
    throw refused(folder, error)
  }
}

/** A history as CSV under Keras' names; a value that wasn't measured is an empty field. */
export function historyCsv(history: History): string {
  const columns = ['epoch', 'loss', 'accuracy', 'val_loss', 'val_accuracy', 'seconds', 'msPerStep'] as const
  const rows = history.map((epoch) => columns.map((column) => epoch[column] ?? '').join(','))
  return `${[columns.join(','), ...rows].join('\n')}\n`
}

/** Writes a picture as a PNG, every pixel as a square of `zoom` x `zoom`, and gives its path. */
export async function writePicture(folder: string, name: string, picture: Picture, zoom = 8): Promise<string> {
  const [height, width, channels] = picture.shape
  const data = new Uint8Array(height * zoom * width * zoom * channels)
  for (let y = 0; y < height * zoom; y++) {
    for (let x = 0; x < width * zoom; x++) {
      const from = (Math.floor(y / zoom) * width + Math.floor(x / zoom)) * channels
      data.set(picture.pixels.subarray(from, from + channels), (y * width * zoom + x) * channels)
    }
  }
  const path = join(folder, `${name}.png`)
  const png = encode({ width: width * zoom, height: height * zoom, data, depth: 8, channels })
  await writing(path, () => replaceFile(path, png))
  return path
}

/** Writes a drawing as <name>.svg, and gives its path. */
export async function writeDrawing(folder: string, name: string, svg: string): Promise<string> {
  const path = join(folder, `${name}.svg`)
  await writing(path, () => replaceFile(path, svg))
  return path
}
