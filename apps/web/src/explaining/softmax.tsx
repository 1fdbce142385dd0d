import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { formatShare } from '../state/format.ts'
import { say } from '../state/language.ts'
import { Frame } from './frame.tsx'
import { Slider } from './slider.tsx'

const CLASSES = ['4', '7', '9']

/** What softmax makes of three sums: however they are, the shares make one whole. */
export function Softmax(): JSX.Element {
  const words = say.value.explaining.softmax
  const sums = useSignal<readonly number[]>([0.5, 2, 1])
  const powers = sums.value.map(Math.exp)
  const total = powers.reduce((sum, power) => sum + power, 0)
  return (
    <Frame title={words.title} note={words.note}>
      {CLASSES.map((name, i) => {
        const sum = sums.value[i] ?? 0
        const share = (powers[i] ?? 0) / total
        return (
          <div key={name} class="softmax">
            <Slider
              label={words.sum(name)}
              value={sum}
              low={-3}
              high={5}
              step={0.1}
              shown={`${sum.toFixed(1)} → ${formatShare(share)}`}
              onChange={(value) => (sums.value = sums.value.map((old, at) => (at === i ? value : old)))}
            />
            <meter value={share} min={0} max={1} aria-label={`${name}: ${formatShare(share)}`} />
          </div>
        )
      })}
    </Frame>
  )
}
