/*
 * Pictures in a terminal: one character shows two pixels, the upper half block in the upper pixel's colour on a ground
 * of the lower one's. Without colours each pixel becomes two letters from dark to light.
 */
import { GichoError, type Picture } from '@gicho/core'
import { MARK } from './printable.ts'
import type { ColourDepth, Screen } from './screen.ts'
import { padEnd } from './text.ts'

type Rgb = readonly [red: number, green: number, blue: number]
/** How a grey value is coloured. */
export type ColourMap = 'grey' | 'viridis'

const RAMP = ' .:-=+*#%@'
const HALF = '\u2580'
const RESET = `${MARK}[0m`

/** Five points of matplotlib's viridis map (S. van der Walt, N. Smith, 2015; CC0); between them it is nearly straight. */
const viridis: readonly Rgb[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
]

/** A picture as lines of equal width. Grey pictures take the map; those of three channels keep their colours. */
export function pictureLines(screen: Screen, picture: Picture, map: ColourMap): string[] {
  const [height, width, channels] = picture.shape
  if (picture.pixels.length < height * width * channels) {
    throw new GichoError(
      'bad-shape',
      `picture "${picture.title}": expected ${height}x${width}x${channels} bytes, got ${picture.pixels.length}.`,
    )
  }
  return screen.colours >= 8 ? blockLines(picture, map, screen.colours) : rampLines(picture, screen.width)
}

/** The columns that {@link pictureLines} takes for a picture. */
function pictureWidth(screen: Screen, picture: Picture): number {
  const width = picture.shape[1]
  return screen.colours >= 8 || width * 2 > screen.width ? width : width * 2
}

/** Pictures side by side, at most `columns` in a row and no more than fit, each under its title. */
export function gridLines(screen: Screen, pictures: readonly Picture[], columns: number, map: ColourMap): string[] {
  return gridRows(screen, pictures, columns, map).flatMap(({ lines }) => lines)
}

/** The rows of {@link gridLines}: how many pictures each has, and its lines. */
export function gridRows(
  screen: Screen,
  pictures: readonly Picture[],
  columns: number,
  map: ColourMap,
): { readonly pictures: number; readonly lines: string[] }[] {
  const widest = Math.max(1, ...pictures.map((picture) => pictureWidth(screen, picture)))
  const perRow = Math.max(1, Math.min(columns, Math.floor((screen.width + 2) / (widest + 2))))
  const rows: { pictures: number; lines: string[] }[] = []
  for (let start = 0; start < pictures.length; start += perRow) {
    const row = pictures.slice(start, start + perRow)
    const lines: string[] = []
    const drawn = row.map((picture) => pictureLines(screen, picture, map))
    lines.push(
      row
        .map((picture) => padEnd(picture.title, widest))
        .join('  ')
        .trimEnd(),
    )
    const tallest = Math.max(...drawn.map((picture) => picture.length))
    for (let y = 0; y < tallest; y++) lines.push(drawn.map((picture) => picture[y] ?? '').join('  '))
    rows.push({ pictures: row.length, lines })
  }
  return rows
}

function blockLines(picture: Picture, map: ColourMap, depth: ColourDepth): string[] {
  const [height, width] = picture.shape
  const lines: string[] = []
  for (let y = 0; y < height; y += 2) {
    let line = ''
    for (let x = 0; x < width; x++) {
      const upper = colourAt(picture, y, x, map)
      const lower = y + 1 < height ? colourAt(picture, y + 1, x, map) : upper
      line += `${MARK}[38;${code(upper, depth)};48;${code(lower, depth)}m${HALF}`
    }
    lines.push(line + RESET)
  }
  return lines
}

function rampLines(picture: Picture, screenWidth: number): string[] {
  const [height, width] = picture.shape
  const repeat = width * 2 <= screenWidth ? 2 : 1
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => {
      const [red, green, blue] = colourAt(picture, y, x, 'grey')
      const light = (0.299 * red + 0.587 * green + 0.114 * blue) / 255
      return (RAMP[Math.min(RAMP.length - 1, Math.floor(light * RAMP.length))] ?? ' ').repeat(repeat)
    }).join(''),
  )
}

function colourAt(picture: Picture, y: number, x: number, map: ColourMap): Rgb {
  const [, width, channels] = picture.shape
  const at = (y * width + x) * channels
  const first = picture.pixels[at] ?? 0
  if (channels >= 3) return [first, picture.pixels[at + 1] ?? 0, picture.pixels[at + 2] ?? 0]
  if (map === 'grey') return [first, first, first]
  const place = (first / 255) * (viridis.length - 1)
  const low = viridis[Math.floor(place)] ?? [0, 0, 0]
  const high = viridis[Math.ceil(place)] ?? low
  const mix = (channel: 0 | 1 | 2): number => Math.round(low[channel] + (high[channel] - low[channel]) * (place % 1))
  return [mix(0), mix(1), mix(2)]
}

/** The colour's part of an SGR code: all bits, or the nearest of xterm's 24 greys and its 6x6x6 cube. */
function code([red, green, blue]: Rgb, depth: ColourDepth): string {
  if (depth === 24) return `2;${red};${green};${blue}`
  if (red === green && green === blue) {
    const grey = Math.round((red - 8) / 10)
    return `5;${grey < 0 ? 16 : grey > 23 ? 231 : 232 + grey}`
  }
  const level = (value: number): number => Math.round((value / 255) * 5)
  return `5;${16 + 36 * level(red) + 6 * level(green) + level(blue)}`
}
