import { formatShape, type Shape } from '@gicho/core'
import type { JSX } from 'preact'
import { say } from '../state/language.ts'
import { useEdges } from './edges.ts'

/** Numbers of a matrix as they are, zeros pale, so that the shape of a picture can be seen in them. */
export function MatrixView(props: {
  title: string
  shape: Shape
  values: ArrayLike<number>
  digits: number
}): JSX.Element {
  const { title, shape, values, digits } = props
  const ref = useEdges<HTMLElement>()
  const isRow = shape.length === 1
  const columns = shape.at(-1) ?? 1
  const rows = Math.max(1, Math.floor(values.length / columns))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reachable by keyboard
    <figure ref={ref} class="matrix" tabIndex={0} data-wrapped={isRow}>
      <figcaption>{say.value.output.matrix(title, formatShape(shape))}</figcaption>
      <pre>
        {Array.from({ length: rows }, (_, row) => (
          <span key={row} class="row">
            {cells(values, row * columns, columns, digits)}
            {'\n'}
          </span>
        ))}
      </pre>
    </figure>
  )
}

/** Runs of zeros and of other numbers, each as one piece of text. */
function cells(values: ArrayLike<number>, from: number, count: number, digits: number): JSX.Element[] {
  const width = digits === 0 ? 4 : digits + 3
  const pieces: { zero: boolean; text: string }[] = []
  for (let i = from; i < from + count; i++) {
    const value = values[i] ?? 0
    const zero = value === 0
    const text = value.toFixed(digits).padStart(width)
    const last = pieces.at(-1)
    if (last?.zero === zero) last.text += text
    else pieces.push({ zero, text })
  }
  return pieces.map(({ zero, text }, i) => (zero ? <i key={i}>{text}</i> : <b key={i}>{text}</b>))
}
