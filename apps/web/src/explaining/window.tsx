import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { say } from '../state/language.ts'
import { Frame } from './frame.tsx'
import { Slider } from './slider.tsx'

/** A small picture with an upright edge and a bow. */
const PICTURE = ['........', '..###...', '.##.##..', '.#...#..', '.##.##..', '..####..', '.....#..', '...###..'].map(
  (row) => [...row].map((cell) => (cell === '#' ? 1 : 0)),
)
const SIDE = PICTURE.length

const kernels = {
  upright: [-1, 0, 1, -1, 0, 1, -1, 0, 1],
  level: [-1, -1, -1, 0, 0, 0, 1, 1, 1],
  spot: [-1, -1, -1, -1, 8, -1, -1, -1, -1],
} as const
type KernelName = keyof typeof kernels
const kernelNames: readonly KernelName[] = ['upright', 'level', 'spot']

/** A window of 3x3 that goes over a picture: nine products, one sum, at every place. */
export function Window(): JSX.Element {
  const words = say.value.explaining.window
  const chosen = useSignal<KernelName>('upright')
  const place = useSignal(18)
  const [row, column] = [Math.floor(place.value / SIDE), place.value % SIDE]
  const sums = Array.from({ length: SIDE * SIDE }, (_, i) =>
    sumAt(kernels[chosen.value], Math.floor(i / SIDE), i % SIDE),
  )
  const largest = Math.max(...sums.map(Math.abs), 1)
  const sum = sums[place.value] ?? 0
  return (
    <Frame title={words.title} note={words.note}>
      <div class="window">
        <svg viewBox="0 0 80 80" role="img" aria-label={words.picture}>
          {PICTURE.flat().map((value, i) => (
            <Square key={i} place={i} shade={value} />
          ))}
          <rect class="frame" x={column * 10 - 10} y={row * 10 - 10} width={30} height={30} />
        </svg>
        <svg viewBox="0 0 80 80" role="img" aria-label={words.answer(String(sum))}>
          {sums.map((value, i) => (
            <Square key={i} place={i} shade={Math.max(0, value) / largest} />
          ))}
          <rect class="frame" x={column * 10} y={row * 10} width={10} height={10} />
        </svg>
      </div>
      <Slider
        label={words.place}
        value={place.value}
        low={0}
        high={SIDE * SIDE - 1}
        step={1}
        shown={words.sum(String(sum))}
        onChange={(value) => (place.value = value)}
      />
      <label>
        {words.kernel}{' '}
        <select
          value={chosen.value}
          onChange={({ currentTarget }) => {
            chosen.value = kernelNames.find((name) => name === currentTarget.value) ?? chosen.value
          }}
        >
          {kernelNames.map((name) => (
            <option key={name} value={name}>
              {words.kernels[name]}
            </option>
          ))}
        </select>
      </label>
    </Frame>
  )
}

function Square({ place, shade }: { place: number; shade: number }): JSX.Element {
  const [x, y] = [(place % SIDE) * 10, Math.floor(place / SIDE) * 10]
  return <rect class="cell-square" x={x} y={y} width={9.4} height={9.4} rx={1} fill-opacity={0.06 + 0.94 * shade} />
}

/** Outside of the picture stand zeros. */
function sumAt(kernel: readonly number[], row: number, column: number): number {
  return kernel.reduce((sum, weight, i) => {
    const pixel = PICTURE[row + Math.floor(i / 3) - 1]?.[column + (i % 3) - 1] ?? 0
    return sum + weight * pixel
  }, 0)
}
