import { expect, test } from 'vitest'
import { runWithSoftwareWebGpu } from './software-webgpu.ts'

interface Printed {
  results: { optimizer: string; cpu: object; gpu: { loss: number }; distances: [name: string, distance: number][] }[]
  report: { available: boolean; device: string }
  chosen: string
  leaked: number
}

test('three steps on webgpu in Node are those of the cpu backend, for each optimizer', async () => {
  const { code, stdout, stderr } = await runWithSoftwareWebGpu(new URL('./webgpu-steps.ts', import.meta.url))
  expect(code, stderr).toBe(0)
  const printed: Printed = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  expect(printed.results.map(({ optimizer }) => optimizer)).toEqual(['rmsprop', 'sgd', 'adam'])
  for (const { distances } of printed.results) {
    for (const [name, distance] of distances) expect(distance, name).toBeLessThan(1e-4)
  }
  expect(printed.report).toMatchObject({ available: true })
  expect(printed.report.device).toMatch(/swiftshader/i)
  // A software adapter is used when webgpu is named, and never chosen by itself.
  expect(printed.chosen).toBe('wasm')
  expect(printed.leaked).toBe(0)
}, 25_000)
