import type { Picture } from '@gicho/core'
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { PictureCanvas } from '../outputs/picture-canvas.tsx'
import { attempt, classroom } from '../state/classroom.ts'
import { say } from '../state/language.ts'
import type { Ranges } from '../worker/playground.ts'

const sliders = {
  rotationRange: { max: 90, step: 1 },
  zoomRange: { max: 0.9, step: 0.05 },
  widthShiftRange: { max: 0.5, step: 0.05 },
  heightShiftRange: { max: 0.5, step: 0.05 },
  shearRange: { max: 60, step: 1 },
} as const

type SliderName = keyof typeof sliders
const sliderNames: readonly SliderName[] = [
  'rotationRange',
  'zoomRange',
  'widthShiftRange',
  'heightShiftRange',
  'shearRange',
]

/** The lesson's own ranges. */
const course: Ranges = {
  rotationRange: 10,
  zoomRange: 0.1,
  widthShiftRange: 0.1,
  heightShiftRange: 0.1,
  shearRange: 0,
  horizontalFlip: true,
  verticalFlip: false,
}
const DRAWS = 17

/** One picture under many draws, with a slider for each range. */
export function Playground({ recipe }: { recipe: string }): JSX.Element {
  const words = say.value.playground
  const ranges = useSignal(course)
  const place = useSignal({ index: 0, seed: 1 })
  const pictures = useSignal<readonly Picture[]>([])
  const isOpen = useSignal(false)
  useEffect(() => {
    if (!isOpen.value) return
    const { index, seed } = place.value
    const timer = setTimeout(
      () =>
        void attempt(async () => {
          pictures.value = await classroom().playAugment(recipe, index, ranges.value, DRAWS, seed)
        }),
      60, // a slider tells of every pixel
    )
    return () => clearTimeout(timer)
  }, [isOpen.value, ranges.value, place.value])
  return (
    <details class="playground" onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
      <summary>{words.title}</summary>
      <p class="faint">{words.note}</p>
      <div class="sliders">
        {sliderNames.map((name) => (
          <label key={name}>
            <span>
              {words.ranges[name]} <output>{ranges.value[name]}</output>
            </span>
            <input
              type="range"
              min={0}
              max={sliders[name].max}
              step={sliders[name].step}
              value={ranges.value[name]}
              onInput={({ currentTarget }) => (ranges.value = { ...ranges.value, [name]: currentTarget.valueAsNumber })}
            />
          </label>
        ))}
        {(['horizontalFlip', 'verticalFlip'] as const).map((name) => (
          <label key={name} class="check">
            <input
              type="checkbox"
              checked={ranges.value[name]}
              onChange={({ currentTarget }) => (ranges.value = { ...ranges.value, [name]: currentTarget.checked })}
            />
            {words[name]}
          </label>
        ))}
      </div>
      <div class="run-line">
        <button type="button" onClick={() => (place.value = { ...place.value, seed: place.value.seed + 1 })}>
          {words.draw}
        </button>
        <button type="button" onClick={() => (place.value = { ...place.value, index: place.value.index + 1 })}>
          {words.another}
        </button>
      </div>
      <div class="drawn">
        {pictures.value.map((picture, i) => (
          <PictureCanvas key={i} picture={picture} colours="grey" />
        ))}
      </div>
    </details>
  )
}
