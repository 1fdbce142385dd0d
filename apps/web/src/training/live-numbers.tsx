import type { JSX } from 'preact'
import { formatCount, formatMetric, formatSeconds } from '../state/format.ts'
import { say } from '../state/language.ts'
import type { LessonState } from '../state/lesson-state.ts'
import { secondsLeft, speedOf, type TrainingState } from '../state/training-state.ts'

/** Where a training stands, in numbers and as a bar. */
export function LiveNumbers({ state }: { state: LessonState }): JSX.Element {
  const training = state.training.value
  const { epochs, batchSize } = state.settings.value
  const { progress, history } = training
  const words = say.value.training
  const last = history.at(-1)
  const samples = Math.max(1, progress?.samples ?? 1)
  const isOver = training.phase === 'ended'
  const imagesPerSecond = speedOf(training, batchSize)
  const cells: readonly (readonly [string, string])[] = [
    [words.numbers.loss, formatMetric(isOver ? last?.loss : progress && progress.loss / samples)],
    [words.numbers.accuracy, formatMetric(isOver ? last?.accuracy : progress && progress.correct / samples)],
    [words.numbers.val_accuracy, formatMetric(last?.val_accuracy)],
    [words.numbers.speed, imagesPerSecond === undefined ? '–' : formatCount(imagesPerSecond)],
    [words.numbers.step, imagesPerSecond === undefined ? '–' : ((1000 * batchSize) / imagesPerSecond).toFixed(2)],
    [words.numbers.left, isOver ? '–' : formatSeconds(secondsLeft(training, epochs, imagesPerSecond))],
  ]
  const done = shareDone(training, epochs)
  return (
    <div class="live">
      <p class="epoch">
        {words.epoch(Math.min(epochs, progress?.epoch ?? history.length + 1), epochs)}
        <progress value={done} max={1} aria-label={words.epoch(progress?.epoch ?? 1, epochs)} />
      </p>
      <dl class="numbers">
        {cells.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function shareDone({ progress, history }: TrainingState, epochs: number): number {
  const inEpoch = progress && progress.epoch > history.length ? progress.steps / progress.stepsPerEpoch : 0
  return Math.min(1, (history.length + inEpoch) / epochs)
}
