import type { JSX } from 'preact'

/** A slider with its name and value. */
export function Slider(props: {
  label: string
  value: number
  low: number
  high: number
  step: number
  shown: string
  onChange: (value: number) => void
}): JSX.Element {
  const { label, value, low, high, step, shown, onChange } = props
  return (
    <label class="slider">
      <span>
        {label} <output>{shown}</output>
      </span>
      <input
        type="range"
        min={low}
        max={high}
        step={step}
        value={value}
        onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
      />
    </label>
  )
}
