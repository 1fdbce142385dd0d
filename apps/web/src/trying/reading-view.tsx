import type { JSX } from 'preact'
import { PictureCanvas } from '../outputs/picture-canvas.tsx'
import { formatShare } from '../state/format.ts'
import { say } from '../state/language.ts'
import type { Reading } from '../worker/reading-room.ts'

/** What the network saw, and how probable each class is to it. */
export function ReadingView({ reading, note }: { reading: Reading | undefined; note: string }): JSX.Element {
  const words = say.value.trying
  const best = reading && bestOf(reading)
  return (
    <div class="reading">
      <figure class="seen">
        {reading?.seen ? <PictureCanvas picture={reading.seen} colours="grey" /> : <div class="picture empty" />}
        <figcaption>
          <strong>{words.seen}</strong> <span class="faint">{note}</span>
        </figcaption>
      </figure>
      <div class="answer">
        <p role="status" class="says">
          {best ? words.says(best.label, formatShare(best.probability)) : words.nothing}
        </p>
        {reading && (
          <ul class="bars">
            {reading.classNames.map((label, i) => {
              const share = reading.probabilities[i] ?? 0
              return (
                <li key={label} data-best={label === best?.label}>
                  <span aria-hidden="true">{label}</span>
                  <meter value={share} min={0} max={1} aria-label={words.probability(label, formatShare(share))} />
                </li>
              )
            })}
          </ul>
        )}
      </div>
    </div>
  )
}

/** The most probable class; undefined where nothing was read. */
export function bestOf({ classNames, probabilities }: Reading): { label: string; probability: number } | undefined {
  const ranked = classNames.map((label, i) => ({ label, probability: probabilities[i] ?? Number.NaN }))
  const [best] = ranked.sort((a, b) => b.probability - a.probability)
  return best && Number.isFinite(best.probability) ? best : undefined
}
