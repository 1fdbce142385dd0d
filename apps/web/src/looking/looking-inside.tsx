import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { PictureCanvas } from '../outputs/picture-canvas.tsx'
import { attempt, classroom } from '../state/classroom.ts'
import { formatCount, formatShare } from '../state/format.ts'
import { say } from '../state/language.ts'
import { useModelChoice } from '../trying/model-choice.tsx'
import type { Examination } from '../worker/looking.ts'
import type { ModelChoice } from '../worker/reading-room.ts'
import { ConfusionTable } from './confusion-table.tsx'
import { LayerViews } from './layer-views.tsx'

/** A trained network from the inside: what it confuses, what it sees, how it came to be. */
export function LookingInside({ recipe }: { recipe: string }): JSX.Element {
  const words = say.value.looking
  const { run, picker } = useModelChoice(recipe)
  const epoch = useSignal<number | undefined>(undefined)
  return (
    <section class="extra" id={`${recipe}-looking`}>
      <h2 tabIndex={-1}>{words.title}</h2>
      {run ? (
        <>
          {picker}
          {run.epochs.length > 1 && (
            <EpochScrubber epochs={run.epochs} epoch={epoch.value} onChoose={(chosen) => (epoch.value = chosen)} />
          )}
          <Inside choice={choiceOf(run, run.epochs.includes(epoch.value ?? 0) ? epoch.value : undefined)} />
        </>
      ) : (
        <p class="faint">{say.value.trying.noModel}</p>
      )}
    </section>
  )
}

function choiceOf({ recipe, number }: ModelChoice, epoch: number | undefined): ModelChoice {
  return epoch === undefined ? { recipe, number } : { recipe, number, epoch }
}

function EpochScrubber(props: {
  epochs: readonly number[]
  epoch: number | undefined
  onChoose: (epoch: number | undefined) => void
}): JSX.Element {
  const { epochs, epoch, onChoose } = props
  const words = say.value.looking
  const place = epoch === undefined ? epochs.length : epochs.indexOf(epoch)
  const text = epoch === undefined ? words.lastEpoch : words.epoch(epoch)
  return (
    <label class="scrubber">
      <span>
        <strong>{text}</strong>
      </span>
      <input
        type="range"
        min={0}
        max={epochs.length}
        value={place}
        aria-valuetext={text}
        onChange={({ currentTarget }) => onChoose(epochs[currentTarget.valueAsNumber])}
      />
      <small class="faint">{words.epochNote}</small>
    </label>
  )
}

/** Examined anew whenever the model or the epoch is another, once it was asked for. */
function Inside({ choice }: { choice: ModelChoice }): JSX.Element {
  const words = say.value.looking
  const examined = useSignal<{ of: string; examination: Examination } | undefined>(undefined)
  const isBusy = useSignal(false)
  const key = `${choice.recipe} ${choice.number} ${choice.epoch ?? ''}`
  const examine = async (): Promise<void> => {
    if (isBusy.value) return
    isBusy.value = true
    await attempt(async () => {
      examined.value = { of: key, examination: await classroom().examine(choice) }
    })
    isBusy.value = false
  }
  useEffect(() => {
    if (examined.value && examined.value.of !== key) void examine()
  }, [key, isBusy.value])
  return (
    <>
      {isBusy.value ? (
        <p role="status">
          <span class="spinner" aria-hidden="true" /> {words.examining}
        </p>
      ) : (
        !examined.value && (
          <button type="button" onClick={() => void examine()}>
            {words.examine}
          </button>
        )
      )}
      {examined.value && <Examined examination={examined.value.examination} />}
      <LayerViews choice={choice} />
    </>
  )
}

function Examined({ examination }: { examination: Examination }): JSX.Element {
  const words = say.value.looking
  const { right, total, mistakes, matrix, classNames } = examination
  return (
    <div class="examined">
      <p class="says">{words.right(formatCount(right), formatCount(total), formatShare(right / total, 2))}</p>
      <ConfusionTable matrix={matrix} classNames={classNames} />
      <h3>{words.mistakes}</h3>
      {mistakes.length === 0 ? (
        <p>{words.noMistakes}</p>
      ) : (
        <figure class="pictures" data-size="middle">
          <figcaption class="faint">{words.mistakesNote}</figcaption>
          <div class="grid">
            {mistakes.map(({ picture, probability }, i) => (
              <figure key={i}>
                <PictureCanvas picture={picture} colours="grey" />
                <figcaption>
                  {picture.title} <span class="faint">{formatShare(probability, 0)}</span>
                </figcaption>
              </figure>
            ))}
          </div>
        </figure>
      )}
    </div>
  )
}
