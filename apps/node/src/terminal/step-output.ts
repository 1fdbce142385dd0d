import type { EpochLogs, History, StepOutput, Verdict } from '@gicho/core'
import { formatSummary } from '@gicho/models'
import type { Language } from '../language.ts'
import { phrases } from '../phrases.ts'
import { drawMatrix } from './matrix.ts'
import { gridLines } from './picture.ts'
import { bold, dim, green, pairLines, proseLines, type Screen, writeLine, yellow } from './screen.ts'
import { tableLines } from './table.ts'

/** Epochs in a table; of more, the first and the last ones. The whole history is in history.csv. */
const MOST_EPOCHS = 100

/** Draws what a step shows. */
export function drawOutput(screen: Screen, output: StepOutput, language: Language): void {
  for (const line of outputLines(screen, output, language)) writeLine(screen, line)
}

function outputLines(screen: Screen, output: StepOutput, language: Language): readonly string[] {
  switch (output.kind) {
    case 'values':
      return pairLines(
        screen,
        output.rows.map(({ name, value }) => [name, value]),
      )
    case 'table':
      return tableLines(screen, output.columns, output.rows)
    case 'matrix': {
      const { lines, shown } = drawMatrix(screen, output.shape, output.values, output.digits)
      const note = shown ? ` ${phrases[language].columnsShown(...shown)}` : ''
      return [`${bold(screen, output.title)}${dim(screen, note)}`, ...lines]
    }
    case 'pictures':
      return [bold(screen, output.title), ...gridLines(screen, output.pictures, output.columns, output.colours)]
    case 'summary':
      return [formatSummary(output.summary, language)]
    case 'history':
      return historyLines(screen, output.history, output.reference, phrases[language].course)
    case 'verdict':
      return verdictLines(screen, output.verdict, language)
    case 'note':
      return proseLines(screen, output.text[language])
    default:
      return output satisfies never
  }
}

/** The run's epochs, with the course's validation accuracy beside each. */
function historyLines(screen: Screen, history: History, reference: readonly EpochLogs[], course: string): string[] {
  const digits = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(4))
  const rows = history.map((epoch) => [
    String(epoch.epoch),
    digits(epoch.loss),
    digits(epoch.accuracy),
    digits(epoch.val_loss),
    digits(epoch.val_accuracy),
    digits(reference[epoch.epoch - 1]?.val_accuracy),
  ])
  const columns = ['epoch', 'loss', 'accuracy', 'val_loss', 'val_accuracy', `(${course})`]
  if (rows.length <= MOST_EPOCHS) return tableLines(screen, columns, rows)
  const ends = [...rows.slice(0, MOST_EPOCHS / 2), columns.map(() => '…'), ...rows.slice(-MOST_EPOCHS / 2)]
  return tableLines(screen, columns, ends)
}

function verdictLines(screen: Screen, verdict: Verdict, language: Language): string[] {
  const say = phrases[language]
  const text = proseLines(screen, verdict.text[language])
  if (verdict.grade === undefined) return text
  const head = verdict.grade === 'below-band' ? yellow(screen, say.missed) : green(screen, say.passed)
  return [bold(screen, head), ...text]
}
