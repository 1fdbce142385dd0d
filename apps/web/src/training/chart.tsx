import type { JSX } from 'preact'

/** A point of a line; `x` counts epochs from 0. */
interface ChartPoint {
  readonly x: number
  readonly y: number
}

/** A line of a chart. */
export interface ChartLine {
  readonly points: readonly ChartPoint[]
  readonly kind: 'train' | 'validation'
  /** Pale and dashed behind the run. */
  readonly isBehind: boolean
}

/** A small chart over the epochs, drawn with the page's own colours. */
export function Chart(props: {
  title: string
  /** The chart in a sentence, for those who don't see it. */
  description: string
  lines: readonly ChartLine[]
  epochs: number
  domain: readonly [low: number, high: number]
  band?: readonly [low: number, high: number]
}): JSX.Element {
  const { title, description, lines, epochs, domain, band } = props
  const x = (value: number): number => LEFT + (value / epochs) * (WIDTH - LEFT - RIGHT)
  const [low, high] = domain
  const y = (value: number): number => TOP + (1 - (value - low) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM)
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={description}>
      <text class="title" x={LEFT} y={14}>
        {title}
      </text>
      {band && (
        <rect
          class="band"
          x={LEFT}
          width={WIDTH - LEFT - RIGHT}
          y={y(band[1])}
          height={Math.max(1, y(band[0]) - y(band[1]))}
        />
      )}
      {ticks(low, high).map((value) => (
        <g key={value}>
          <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(value)} y2={y(value)} />
          <text class="tick" x={LEFT - 6} y={y(value) + 3.5} text-anchor="end">
            {tickLabel(value)}
          </text>
        </g>
      ))}
      {epochTicks(epochs).map((epoch) => (
        <text key={epoch} class="tick" x={x(epoch)} y={HEIGHT - 6} text-anchor="middle">
          {epoch}
        </text>
      ))}
      <svg {...FIELD} aria-hidden="true">
        {lines.map((line, i) => (
          <path key={i} class={`line ${line.kind}`} data-behind={line.isBehind} d={pathOf(line.points, x, y)} />
        ))}
      </svg>
      {lines
        .filter((line) => !line.isBehind)
        .map(({ points, kind }) => {
          const last = points.at(-1)
          return (
            last &&
            last.y <= high &&
            last.y >= low && <circle key={kind} class={`end ${kind}`} cx={x(last.x)} cy={y(last.y)} r={3.5} />
          )
        })}
    </svg>
  )
}

const [WIDTH, HEIGHT] = [420, 240]
const [LEFT, RIGHT, TOP, BOTTOM] = [42, 12, 26, 24]
/** Lines end where the axes do; a little more, so that a line on an axis keeps its thickness. */
const FIELD = {
  x: LEFT,
  y: TOP - 2,
  width: WIDTH - LEFT - RIGHT + 2,
  height: HEIGHT - TOP - BOTTOM + 4,
  viewBox: `${LEFT} ${TOP - 2} ${WIDTH - LEFT - RIGHT + 2} ${HEIGHT - TOP - BOTTOM + 4}`,
}

function pathOf(points: readonly ChartPoint[], x: (value: number) => number, y: (value: number) => number): string {
  return points
    .filter((point) => Number.isFinite(point.y))
    .map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`)
    .join('')
}

/** Some five round numbers. */
function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 5 || 1
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough
  const first = Math.ceil(low / step - 1e-9)
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step)
}

/** As short as the margin: a run that went off course has losses of any size. */
function tickLabel(value: number): string {
  return value < 10_000
    ? String(Number(value.toFixed(3)))
    : Number(value.toPrecision(3)).toExponential().replace('e+', 'e')
}

function epochTicks(epochs: number): number[] {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, epochs / 10)))
  const step = [1, 2, 5].map((factor) => factor * power).find((size) => epochs / size <= 10) ?? 10 * power
  return Array.from({ length: Math.floor(epochs / step) + 1 }, (_, i) => i * step)
}
