import { type LessonSummary, LIMITS, type RunNumbers, runNumbers, type SeedCurve, type Spread } from './summary.ts'

const COLUMNS: readonly (keyof RunNumbers)[] = ['train', 'val', 'best', 'gap', 'unsteady']

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const digits = (value: number): string => value.toFixed(4)
const spread = ({ mean, deviation, min, max }: Spread): string =>
  `${digits(mean)} ± ${digits(deviation)} (${digits(min)} to ${digits(max)})`

function limits(summary: LessonSummary): string {
  const missed = summary.failures.length === 0 ? 'met.' : `missed: ${summary.failures.join(' ')}`
  const asked = LIMITS[summary.lesson].map(({ number, low, high }) =>
    high === 1 ? `${number} >= ${low}` : `${number} ${low} to ${high}`,
  )
  return `Asked of the means: ${asked.join(', ')}: ${missed}`
}

function section(summary: LessonSummary, curves: readonly SeedCurve[]): string {
  const own = curves.filter(({ lesson }) => lesson === summary.lesson)
  const rows = own.map((curve) => {
    const numbers = runNumbers(curve)
    return row([String(curve.seed), ...COLUMNS.map((column) => digits(numbers[column]))])
  })
  return [
    `## ${summary.lesson}`,
    '',
    row(['seed', ...COLUMNS]),
    row(['---', ...COLUMNS.map(() => '---')]),
    ...rows,
    row(['**mean**', ...COLUMNS.map((column) => spread(summary.numbers[column]))]),
    '',
    limits(summary),
    '',
  ].join('\n')
}

/** The page beside the curves. */
export function lessonsReport(summaries: readonly LessonSummary[], curves: readonly SeedCurve[], tf2 = false): string {
  return `# The sign-language lessons over several seeds

Twenty epochs each on Sign Language MNIST, compiled engine, by \`npm run bench:lessons${tf2 ? ' -- --lesson asl-augmented --tf2' : ''}\`; every curve lies beside this page.${tf2 ? "\nRMSprop here divides by sqrt(ms) + epsilon, as the TF-2 Keras of the course's recorded runs did; the lessons use Keras 3's sqrt(ms + epsilon)." : ''}
\`train\` is the last epoch's accuracy, \`val\` the mean of the last five epochs' val_accuracy, \`best\` the largest of any epoch,
\`gap\` train - val, \`unsteady\` the standard deviation of the last five. Means over the seeds ± their standard deviation (range).

${summaries.map((summary) => section(summary, curves)).join('\n')}`
}
