// How fast the CSV parser reads the training data of Sign Language MNIST (83 MB), beside pandas in the same run.
//
//   npm run build && node packages/datasets/scripts/csv-speed.mjs [FOLDER] [--python PATH] [--rounds N]
//
// FOLDER has sign_mnist_train.csv or .csv.gz; default: GICHO_ASL_DIR, else ../shared/data/asl beside the repository. PATH
// is a Python with pandas; without one, pandas is left out. Rounds alternate, so that whatever else the machine does
// meets both; medians and minima are printed, with the load average. Both read the file from the page cache into memory.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { CsvTableReader, filePieces, parseCsvTable, parseImageCsv } from '../dist/index.node.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { python: { type: 'string', default: 'python3' }, rounds: { type: 'string', default: '9' } },
})
const shared = fileURLToPath(new URL('../../../../shared/data/asl', import.meta.url))
const folder = positionals[0] || process.env.GICHO_ASL_DIR || shared
const room = await mkdtemp(join(tmpdir(), 'gicho-csv-'))
try {
  await measure(Number(values.rounds))
} finally {
  await rm(room, { recursive: true, force: true })
}

async function measure(rounds) {
  const path = await plainFile()
  const megabytes = (await stat(path)).size / 1e6
  const ways = {
    'gicho, rows as they come': () => timed(() => readThrough(path)),
    'gicho, table': () => timed(() => parseCsvTable(filePieces(path), path)),
    'gicho, images and labels': () => timed(() => parseImageCsv(filePieces(path), { shape: [28, 28, 1], where: path })),
    'pandas, read_csv': () => pandas(path),
  }
  if ((await ways['pandas, read_csv']()) === undefined) {
    console.log(`pandas is left out: ${values.python} has none (name one with --python).`)
    delete ways['pandas, read_csv']
  }
  await ways['gicho, rows as they come']()
  const { rss } = process.memoryUsage()
  for (let i = 0; i < 3; i++) await readThrough(path)
  const grown = (process.memoryUsage().rss - rss) / 2 ** 20
  const times = Object.fromEntries(Object.keys(ways).map((name) => [name, []]))
  for (let round = -2; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) {
      const ms = await way()
      if (round >= 0) times[name].push(ms) // the first two warm up
    }
  }
  const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1]
  const pandasMs = median(times['pandas, read_csv'] ?? [Number.NaN])
  console.log(`${megabytes.toFixed(1)} MB, ${rounds} rounds, load ${loadavg()[0].toFixed(1)}, Node ${process.version}`)
  for (const [name, list] of Object.entries(times)) {
    const ms = median(list)
    const ratio = `${(pandasMs / ms).toFixed(1)} x pandas`
    const speed = `${((megabytes / ms) * 1000).toFixed(0)} MB/s`
    console.log(
      `${name.padEnd(26)} median ${ms.toFixed(0)} ms, best ${Math.min(...list).toFixed(0)} ms, ${speed}, ${ratio}`,
    )
  }
  console.log(`reading 250 MB as rows come: memory ${(rss / 2 ** 20) | 0} MiB, grown by ${grown.toFixed(0)} MiB`)
}

async function plainFile() {
  const plain = join(folder, 'sign_mnist_train.csv')
  if (existsSync(plain)) return plain
  const path = join(room, 'train.csv')
  await writeFile(path, gunzipSync(await readFile(`${plain}.gz`)))
  return path
}

/** Keeps no row: what the parser itself needs. */
async function readThrough(path) {
  const reader = new CsvTableReader(path, { header: () => undefined, rows: () => undefined })
  for await (const piece of filePieces(path)) reader.push(piece)
  reader.end()
}

async function timed(action) {
  const start = performance.now()
  await action()
  return performance.now() - start
}

/** Milliseconds of `read_csv` alone: neither Python's start nor the import count. */
function pandas(path) {
  const program = `import sys, time, pandas
start = time.perf_counter(); table = pandas.read_csv(sys.argv[1]); print((time.perf_counter() - start) * 1000)`
  const { status, stdout } = spawnSync(values.python, ['-c', program, path], { encoding: 'utf8' })
  return status === 0 ? Number(stdout) : undefined
}
