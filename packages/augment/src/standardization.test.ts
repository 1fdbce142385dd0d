import { RandomState } from '@gicho/core'
import { expect, test } from 'vitest'
import { identityDraw } from './draw.ts'
import { notFitted, standardizeImage } from './standardization.ts'

test('a preprocessingFunction leaves the order of samplewise sums as it was, as in numpy', () => {
  const shape = [17, 13, 3] as const
  const random = new RandomState(1)
  const image = () => Float32Array.from({ length: 17 * 13 * 3 }, (_, i) => (i * 7919) % 255)
  const twice = (values: Float32Array) => values.map((value) => value * 2)
  const samplewise = { samplewiseCenter: true, samplewiseStdNormalization: true }
  for (const draw of [identityDraw, { ...identityDraw, theta: random.uniform(1, 40) }]) {
    const inside = standardizeImage(image(), shape, { ...samplewise, preprocessingFunction: twice }, notFitted, draw)
    expect(inside).toEqual(standardizeImage(twice(image()), shape, samplewise, notFitted, draw))
  }
})
