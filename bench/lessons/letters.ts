// Shows a saved letters model to photos it has never seen: npm run bench:letters -- runs/asl-augmented/1/asl_model
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type ImageDataset, RandomState } from '@gicho/core'
import { loadSignLanguage } from '@gicho/datasets'
import { encode } from 'fast-png'

const PER_CLASS = 10
const SIDE = 186
/** Decides which images are drawn; nothing of it depends on a model. */
const SEED = 20
const ASKED = 0.95

/** Rows of the test split, ten of each class, drawn by the seed alone. */
function drawRows({ labels, classNames }: ImageDataset): number[] {
  const random = new RandomState(SEED)
  return classNames.flatMap((_, label) => {
    const rows = Array.from(labels.keys()).filter((row) => labels[row] === label)
    random.shuffle(rows)
    return rows.slice(0, PER_CLASS)
  })
}

/** A 28x28 grey image as an RGBA picture of 186x186, each pixel where nearest-neighbour sampling will find it. */
function photo(pixels: Uint8Array): Uint8Array {
  const data = new Uint8Array(SIDE * SIDE * 4)
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const grey = pixels[Math.floor((y * 28) / SIDE) * 28 + Math.floor((x * 28) / SIDE)] ?? 0
      data.set([grey, grey, grey, 255], (y * SIDE + x) * 4)
    }
  }
  return encode({ width: SIDE, height: SIDE, data, depth: 8, channels: 4 })
}

const model = process.argv[2]
if (model === undefined) {
  console.error('expected the folder of a saved model, got nothing: npm run bench:letters -- MODEL')
  process.exit(2)
}
const { test } = await loadSignLanguage()
const folder = await mkdtemp(join(tmpdir(), 'gicho-letters-'))
try {
  const files: string[] = []
  const rows = drawRows(test)
  for (const row of rows) {
    const file = join(folder, `${row}.png`)
    await writeFile(file, photo(test.images.subarray(row * 784, (row + 1) * 784)))
    files.push(file)
  }
  const gicho = fileURLToPath(new URL('../../apps/node/bin/gicho.js', import.meta.url))
  const args = [gicho, 'predict', model, ...files, '--json', '--top', '1']
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 24 })
  const said = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const wrong = rows.flatMap((row, i) => {
    const letter = test.classNames[test.labels[row] ?? 0]
    return said[i]?.label === letter ? [] : [`${letter} (test image ${row}) was read as ${said[i]?.label}`]
  })
  const right = rows.length - wrong.length
  console.log(
    [...wrong, `${right} of ${rows.length} letters read rightly: ${((100 * right) / rows.length).toFixed(1)}%`].join(
      '\n',
    ),
  )
  if (right < ASKED * rows.length) process.exitCode = 1
} finally {
  await rm(folder, { recursive: true })
}
