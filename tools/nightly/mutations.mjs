/*
 * Damages every format that is read from files of others, many times, and looks whether each damaged file ends in a value
 * or in a GichoError, in bounded time and memory.
 *
 *   node tools/nightly/mutations.mjs [--count 100000] [--formats png,zip] [--seed 1] [--threads 2] [--case png:123]
 *
 * Files are read in worker threads, which a clock of the main thread ends when a file takes too long. The memory is the
 * process', looked at fifty times a second. `--case` reads one damaged file alone, and shows what it throws.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { isGichoError } from '@gicho/core'
import { formats } from '../../test/mutations/formats.ts'
import { drawsOf, mutate } from '../../test/mutations/mutate.ts'

const MOST_MS = 10_000
/** Of the whole process; an image of 64 megapixels, which is allowed, takes twice 256 MB in each of the threads. */
const MOST_MB = 1600
const RESULTS = new URL('./results/mutations.md', import.meta.url)

/** Reads one damaged file: how it ended, and how long it took. */
async function readCase(format, seed, index) {
  const draw = drawsOf(seed, index)
  const which = draw(format.seeds.length)
  const bytes = (format.damage ?? mutate)(format.seeds[which], draw)
  const start = performance.now()
  const error = await format.read(bytes, which).then(
    () => undefined,
    (reason) => reason ?? new Error('nothing was thrown'),
  )
  return { error, ms: performance.now() - start, bytes: bytes.length }
}

if (!isMainThread) await work()
else await main()

/** Reads every case from `first` on, `step` apart, and tells the clock which one it is at. */
async function work() {
  const { name, seed, first, step, count, clock } = workerData
  const place = new Int32Array(clock)
  const format = (await formats())[name]
  const ends = {}
  const wrong = []
  let slowest = { ms: 0, index: 0 }
  parentPort.postMessage({ ready: true })
  for (let index = first; index < count; index += step) {
    Atomics.store(place, 0, index)
    const { error, ms } = await readCase(format, seed, index)
    const end = error === undefined ? 'value' : isGichoError(error) ? error.code : 'other'
    ends[end] = (ends[end] ?? 0) + 1
    if (end === 'other') wrong.push({ index, said: `${error?.name}: ${error?.message}` })
    if (ms > slowest.ms) slowest = { ms, index }
    if ((index / step) % 64 < 1) await new Promise((resolve) => setImmediate(resolve)) // memory that is free is given back
  }
  parentPort.postMessage({ ends, wrong, slowest })
}

/** One worker's share of a format; after a file that hangs, a new worker goes on behind it. */
function share(name, options, first, step, hung) {
  return new Promise((resolve, reject) => {
    const clock = new SharedArrayBuffer(4)
    const place = new Int32Array(clock)
    Atomics.store(place, 0, -1)
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { name, seed: options.seed, first, step, count: options.count, clock },
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    })
    let [at, since] = [-1, performance.now()]
    const watch = setInterval(() => {
      const now = Atomics.load(place, 0)
      if (now !== at) [at, since] = [now, performance.now()]
      else if (at >= 0 && performance.now() - since > MOST_MS) goOn(`more than ${MOST_MS / 1000} s`)
    }, 500)
    const goOn = (why) => {
      clearInterval(watch)
      hung.push({ index: at, said: why })
      worker.removeAllListeners()
      worker
        .terminate()
        .then(() => share(name, options, at + step, step, hung))
        .then(resolve, reject)
    }
    worker.on('message', (message) => {
      if (message.ready) return
      clearInterval(watch)
      resolve(message)
    })
    worker.on('error', (error) => goOn(`${error.code ?? error.name}: ${error.message}`))
  })
}

async function runFormat(name, options) {
  globalThis.gc?.()
  let most = 0
  const memory = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 20)
  const start = performance.now()
  const hung = []
  const shares = await Promise.all(
    Array.from({ length: options.threads }, (_, i) => share(name, options, i, options.threads, hung)),
  )
  clearInterval(memory)
  const seconds = (performance.now() - start) / 1000
  const ends = {}
  for (const one of shares) for (const [end, n] of Object.entries(one.ends)) ends[end] = (ends[end] ?? 0) + n
  const slowest = shares.map((one) => one.slowest).sort((a, b) => b.ms - a.ms)[0]
  return { name, seconds, ends, slowest, hung, wrong: shares.flatMap((one) => one.wrong), mb: Math.round(most / 1e6) }
}

async function main() {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '100000' },
      formats: { type: 'string', default: '' },
      seed: { type: 'string', default: '1' },
      threads: { type: 'string', default: '2' },
      case: { type: 'string' },
    },
  })
  const options = { count: Number(values.count), seed: Number(values.seed), threads: Number(values.threads) }
  const known = await formats()
  if (values.case !== undefined) {
    const [name, index] = values.case.split(':')
    return console.log(await readCase(known[name], options.seed, Number(index)))
  }
  const names = values.formats === '' ? Object.keys(known) : values.formats.split(',')
  const found = []
  for (const name of names) {
    const one = await runFormat(name, options)
    found.push(one)
    console.log(row(one, options))
    for (const { index, said } of [...one.wrong, ...one.hung].slice(0, 20)) console.log(`  ${name}:${index} ${said}`)
  }
  await mkdir(new URL('./results/', import.meta.url), { recursive: true })
  await writeFile(RESULTS, report(found, options))
  const failed = found.some(({ wrong, hung, mb }) => wrong.length > 0 || hung.length > 0 || mb > MOST_MB)
  process.exit(failed ? 1 : 0)
}

function row({ name, seconds, ends, slowest, hung, wrong, mb }, { count }) {
  const errors = Object.entries(ends).filter(([end]) => end !== 'value' && end !== 'other')
  const typed = errors.map(([code, n]) => `${n} ${code}`).join(', ')
  const rate = Math.round(count / seconds)
  return `| ${name} | ${count} | ${ends.value ?? 0} | ${typed} | ${wrong.length} | ${hung.length} | ${slowest.ms.toFixed(0)} (${slowest.index}) | ${mb} | ${rate} |`
}

function report(found, { count, seed, threads }) {
  return [
    '# Damaged files',
    '',
    `\`node tools/nightly/mutations.mjs --count ${count} --seed ${seed} --threads ${threads}\`, Node ${process.version}.`,
    'Each damaged file has to end in a value or a GichoError. The slowest file is named by its number, for `--case`; memory',
    `is the most that the whole process had, and has to stay below ${MOST_MB} MB.`,
    '',
    '| format | files | values | GichoErrors | other errors | longer than 10 s | slowest, ms | memory, MB | files a second |',
    '| --- | --: | --: | --- | --: | --: | --: | --: | --: |',
    ...found.map((one) => row(one, { count })),
    '',
  ].join('\n')
}
