import type { JSX } from 'preact'

/** A seven as a grid of greys, 0 to 9 each. */
const SEVEN = [
  '..........',
  '.37899998.',
  '.69887799.',
  '......398.',
  '.....179..',
  '.....593..',
  '....297...',
  '....791...',
  '...396....',
  '...482....',
]
const CELL = 17
const UNITS = 10

/** What the site is about, in one picture: numbers go in, one answer comes out. It says nothing that the text doesn't. */
export function HeroPicture(): JSX.Element {
  return (
    <svg class="hero-picture" viewBox="0 0 340 176" aria-hidden="true">
      {Array.from({ length: UNITS }, (_, unit) => (
        <g key={unit} data-answer={unit === 7}>
          {[1, 3, 5, 7, 9].map((row) => (
            <path
              key={row}
              class="wire"
              d={`M${10 * CELL + 4} ${row * CELL}C240 ${row * CELL} 240 ${9 + unit * 17.5} 300 ${9 + unit * 17.5}`}
            />
          ))}
        </g>
      ))}
      {SEVEN.flatMap((line, row) =>
        [...line].map((grey, column) => (
          <rect
            key={`${row} ${column}`}
            class="pixel"
            x={column * CELL + 2}
            y={row * CELL + 2}
            width={CELL - 2}
            height={CELL - 2}
            rx={2.5}
            fill-opacity={grey === '.' ? 0.07 : Number(grey) / 9}
          />
        )),
      )}
      {Array.from({ length: UNITS }, (_, unit) => (
        <g key={unit} class="unit" data-answer={unit === 7}>
          <circle cx={308} cy={9 + unit * 17.5} r={unit === 7 ? 8 : 5.5} />
          <text x={326} y={13 + unit * 17.5}>
            {unit}
          </text>
        </g>
      ))}
    </svg>
  )
}
