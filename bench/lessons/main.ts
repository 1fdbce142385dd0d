// Trains the sign-language lessons over several seeds and writes every curve: npm run bench:lessons. bench/README.md says how.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { EpochLogs } from '@gicho/core'
import { lessonsReport } from './report.ts'
import { type LessonId, LIMITS, lessonIds, type SeedCurve, summarise } from './summary.ts'
import { trainLesson } from './train-lesson.ts'

const USAGE = `npm run bench:lessons -- [options]

  --data PATH     Sign Language MNIST: a folder, Kaggle's zip or a CSV (else GICHO_ASL_DIR, the cache, Kaggle)
  --lesson ID     one of ${lessonIds.join(', ')}; all where nothing is said
  --seeds N       seeds 0 to N-1 (5)
  --tf2           with TF-2 Keras' place of epsilon in RMSprop, which the course's recorded runs had
  --threads N     of the compiled engine (the cores); the curves don't depend on it
  --out FOLDER    where curves go (bench/results/lessons); what is there is not trained again
`

/** A curve that an earlier, perhaps interrupted, call has written. */
async function readCurve(path: string): Promise<SeedCurve | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** Written beside and renamed: whoever stops this never leaves half a file. */
async function writeCurve(path: string, curve: SeedCurve): Promise<void> {
  const lines = curve.history.map((epoch) => `  ${JSON.stringify(epoch)}`).join(',\n')
  const text = `{"lesson":"${curve.lesson}","seed":${curve.seed},"history":[\n${lines}\n]}\n`
  await writeFile(`${path}.part`, text)
  await rename(`${path}.part`, path)
}

/** Six digits are more than a curve needs, and the same on every machine. */
function rounded({ loss, accuracy = 0, val_loss = 0, val_accuracy = 0 }: EpochLogs): Required<EpochLogs> {
  const digits = (value: number): number => Number(value.toFixed(6))
  return {
    loss: digits(loss),
    accuracy: digits(accuracy),
    val_loss: digits(val_loss),
    val_accuracy: digits(val_accuracy),
  }
}

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    lesson: { type: 'string' },
    seeds: { type: 'string', default: '5' },
    threads: { type: 'string' },
    tf2: { type: 'boolean', default: false },
    out: { type: 'string', default: fileURLToPath(new URL('../results/lessons', import.meta.url)) },
    help: { type: 'boolean', default: false },
  },
})
const chosen: readonly LessonId[] = lessonIds.filter((id) => values.lesson === undefined || id === values.lesson)
if (values.help || chosen.length === 0) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 2)
}
await mkdir(values.out, { recursive: true })
const curves: SeedCurve[] = []
for (const lesson of chosen) {
  for (let seed = 0; seed < Number(values.seeds); seed++) {
    const path = join(values.out, `${lesson}${values.tf2 ? '-tf2' : ''}-${seed}.json`)
    let curve = await readCurve(path)
    if (!curve) {
      const history = await trainLesson(lesson, seed, {
        ...(values.data === undefined ? {} : { data: values.data }),
        tf2: values.tf2,
        ...(values.threads === undefined ? {} : { threads: Number(values.threads) }),
        onEpoch: ({ epoch, val_accuracy }) =>
          console.log(`${lesson} seed ${seed} epoch ${epoch}: ${val_accuracy?.toFixed(4)}`),
      })
      curve = { lesson, seed, history: history.map(rounded) }
      await writeCurve(path, curve)
    }
    curves.push(curve)
  }
}
const summaries = chosen.map((lesson) => summarise(lesson, curves))
await writeFile(
  join(values.out, values.tf2 ? 'lessons-tf2.md' : 'lessons.md'),
  lessonsReport(summaries, curves, values.tf2),
)
for (const { lesson, failures } of summaries) {
  for (const failure of failures) console.error(`${lesson}: ${failure}`)
  if (failures.length > 0) process.exitCode = 1
  else console.log(`${lesson}: all of ${LIMITS[lesson].length} limits are met.`)
}
