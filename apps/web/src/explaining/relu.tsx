import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { say } from '../state/language.ts'
import { Frame } from './frame.tsx'
import { Slider } from './slider.tsx'

const REACH = 3

/** What relu makes of a sum. */
export function Relu(): JSX.Element {
  const words = say.value.explaining.relu
  const sum = useSignal(-1.2)
  const result = Math.max(0, sum.value)
  const x = (value: number): number => 100 + value * 30
  const y = (value: number): number => 110 - value * 30
  return (
    <Frame title={words.title} note={words.note}>
      <svg
        class="graph"
        viewBox="0 0 200 125"
        role="img"
        aria-label={words.reads(sum.value.toFixed(1), result.toFixed(1))}
      >
        <line class="axis" x1={4} x2={196} y1={y(0)} y2={y(0)} />
        <line class="axis" x1={x(0)} x2={x(0)} y1={6} y2={122} />
        <path class="curve" d={`M${x(-REACH)} ${y(0)}L${x(0)} ${y(0)}L${x(REACH)} ${y(REACH)}`} />
        <line class="drop" x1={x(sum.value)} x2={x(sum.value)} y1={y(0)} y2={y(result)} />
        <circle class="dot" cx={x(sum.value)} cy={y(result)} r={5} />
      </svg>
      <Slider
        label={words.sum}
        value={sum.value}
        low={-REACH}
        high={REACH}
        step={0.1}
        shown={`${sum.value.toFixed(1)} → ${result.toFixed(1)}`}
        onChange={(value) => (sum.value = value)}
      />
    </Frame>
  )
}
