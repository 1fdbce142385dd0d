import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { formatShare } from '../state/format.ts'
import { say } from '../state/language.ts'
import { Frame } from './frame.tsx'
import { Slider } from './slider.tsx'

/** The loss of a probability: nothing for "surely, and right", ever more for "surely, and wrong". */
export function CrossEntropy(): JSX.Element {
  const words = say.value.explaining.crossEntropy
  const probability = useSignal(0.1)
  const loss = -Math.log(probability.value)
  const x = (value: number): number => 20 + value * 170
  const y = (value: number): number => 112 - value * 23
  const places = Array.from({ length: 60 }, (_, i) => 0.01 + (i * 0.99) / 59)
  const path = places.map((p, i) => `${i === 0 ? 'M' : 'L'}${x(p).toFixed(1)} ${y(-Math.log(p)).toFixed(1)}`).join('')
  const reads = words.reads(formatShare(probability.value, 0), loss.toFixed(2))
  return (
    <Frame title={words.title} note={words.note}>
      <svg class="graph" viewBox="0 0 200 125" role="img" aria-label={reads}>
        <line class="axis" x1={x(0)} x2={196} y1={y(0)} y2={y(0)} />
        <line class="axis" x1={x(0)} x2={x(0)} y1={4} y2={y(0)} />
        <path class="curve" d={path} />
        <line class="drop" x1={x(probability.value)} x2={x(probability.value)} y1={y(0)} y2={y(loss)} />
        <circle class="dot" cx={x(probability.value)} cy={y(loss)} r={5} />
      </svg>
      <Slider
        label={words.probability}
        value={probability.value}
        low={0.01}
        high={1}
        step={0.01}
        shown={`${formatShare(probability.value, 0)} → ${loss.toFixed(2)}`}
        onChange={(value) => (probability.value = value)}
      />
    </Frame>
  )
}
