import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import golden from '../fixtures/images.json' with { type: 'json' }

/** What Pillow makes of the sample images: tools/golden/images.py writes it. */
export const pillow: typeof golden = golden

/** A sample image's file. */
export function sample(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../fixtures/images/${name}`, import.meta.url)))
}

export function sha256(...pieces: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}
