import type { Picture } from '@gicho/core'
import { GichoError } from '@gicho/core'
import { scale } from '@observablehq/plot'
import { encode } from 'fast-png'

/** How a grey value is coloured. */
export type ColourMap = 'grey' | 'viridis'

type Rgb = readonly [red: number, green: number, blue: number]

/** A picture as a PNG in a `data:` address. Grey pictures take the map; others keep their colours. */
export function pictureDataUri(picture: Picture, map: ColourMap): string {
  const [height, width, channels] = picture.shape
  if (picture.pixels.length !== height * width * channels || channels < 1 || channels > 4) {
    throw new GichoError(
      'bad-shape',
      `picture "${picture.title}": expected ${height}x${width}x${channels} bytes with 1 to 4 channels, got ${picture.pixels.length}.`,
    )
  }
  const viridis = map === 'viridis' && channels === 1
  const data = viridis ? coloured(picture.pixels) : picture.pixels
  return `data:image/png;base64,${base64(encode({ width, height, data, depth: 8, channels: viridis ? 3 : channels }))}`
}

/** [n] greys as [n, 3] bytes of matplotlib's viridis. */
function coloured(greys: Uint8Array): Uint8Array {
  const table = viridisTable()
  const rgb = new Uint8Array(greys.length * 3)
  greys.forEach((grey, i) => {
    rgb.set(table[grey] ?? [0, 0, 0], i * 3)
  })
  return rgb
}

function viridisTable(): Rgb[] {
  const { apply } = scale({ color: { type: 'linear', scheme: 'viridis', domain: [0, 255] } })
  return Array.from({ length: 256 }, (_, grey) => {
    const code = Number.parseInt(String(apply(grey)).slice(1), 16) // from #rrggbb
    return [code >> 16, (code >> 8) & 255, code & 255]
  })
}

/** `btoa` takes a text of bytes, and exists in pages and in Node. */
function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
