import { fillModes } from '@gicho/core'
import { expect, test, vi } from 'vitest'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { plainAugmentation, randomDraws, sampleThrough } from './augmented-input.ts'
import { softwareDevice } from './software-webgpu.ts'

vi.setConfig({ testTimeout: 120_000 })

const engine = webgpuEngine({ device: await softwareDevice() })

test.each(fillModes)('%s: images through their draws are the reference’s, to rounding', async (fillMode) => {
  const augmentation = { ...plainAugmentation, fillMode, cval: 0.375 }
  for (const [shape, reach, flat] of [
    [[28, 28, 1], 0.1, false],
    [[9, 7, 3], 0.7, false],
    [[5, 6, 1], 3, true],
  ] as const) {
    const draws = randomDraws(1, 6, shape, reach)
    const { seen, expected } = await sampleThrough(engine, { shape, draws, augmentation, flat })
    // Values up to 1.125: four products and their sum in float32, and a coordinate's fraction to 2^-24.
    for (const [i, value] of seen.entries())
      expect(Math.abs(value - (expected[i] ?? 0)), `value ${i}`).toBeLessThan(1e-6)
  }
})

test('draws so wild that no digit is left for pixels read something, and nothing beside the image', async () => {
  for (const fillMode of fillModes) {
    const draws = randomDraws(3, 4, [5, 7, 1], 1e200)
    const augmentation = { ...plainAugmentation, fillMode }
    const { seen } = await sampleThrough(engine, { shape: [5, 7, 1], draws, augmentation })
    // Bytes are 0.125 .. 1.125 here, and what lies outside is 0 at least.
    expect(seen.every((value) => value >= 0 && value <= 1.126)).toBe(true)
  }
})
