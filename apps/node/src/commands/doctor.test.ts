import { expect, test } from 'vitest'
import { fakeMachine, type Parts } from '../../test/fake-machine.ts'
import { FakeScreen } from '../../test/fake-screen.ts'
import { examine, nodeText } from './doctor.ts'

const noGpu = 'No GPU will be used, and none is needed'

async function doctorOn(parts: Parts): Promise<{ code: number; text: string }> {
  const screen = new FakeScreen(200) // nothing is broken into lines
  const code = await examine(screen, fakeMachine(parts))
  return { code, text: screen.text }
}

test('a GPU by WebGPU is named, and trains', async () => {
  const { code, text } = await doctorOn({ gpu: 'A GPU' })
  expect(code).toBe(0)
  expect(text).toContain('Engines (--engine NAME; without it, webgpu trains here)')
  expect(text).toContain('yes  webgpu      compiled for the GPU: A GPU\n')
  expect(text).toContain('no   tensorflow  is not installed.\n')
  expect(text).not.toContain(noGpu)
  expect(text).toContain('All set. Start with: npx gicho train mnist --epochs 1')
})

test('without WebGPU, CUDA trains by way of tfjs', async () => {
  const { text } = await doctorOn({ cudaPackage: true, tensorflow: 'GPU, libtensorflow' })
  expect(text).toContain('without it, tfjs trains here')
  expect(text).toContain('yes  tensorflow  GPU, libtensorflow\n')
  expect(text).not.toContain(noGpu)
})

test('with neither, the CPU trains, also where TensorFlow is there and on the CPU', async () => {
  for (const parts of [{}, { cudaPackage: true, tensorflow: 'A CPU, libtensorflow' }]) {
    const { code, text } = await doctorOn(parts)
    expect(code).toBe(0)
    expect(text).toContain('without it, wasm trains here')
    expect(text).toContain('no   webgpu      no GPU adapter was found.\n')
    expect(text).toContain(noGpu)
  }
})

test('a GPU that is there and cannot be opened says why', async () => {
  const { text } = await doctorOn({ gpu: new Error("the GPU (A GPU) can't be opened (limits).") })
  expect(text).toContain('without it, wasm trains here')
  expect(text).toContain("no   webgpu      the GPU (A GPU) can't be opened (limits).\n")
})

test('an older Node is told that a newer one trains faster', () => {
  expect(nodeText('v20.19.0')).toBe('v20.19.0 (Node 24 trains faster)')
  expect(nodeText('v24.1.0')).toBe('v24.1.0')
})
