import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { temporaryFolder } from '../test/fake-machine.ts'
import { nvidiaNames, tensorflowDevice } from './device.node.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const record = {
  ...{ folder: '/setup', platform: 'linux-x64', gpu: true, python: 'python3', tfjsNode: '4.22.0' },
  ...{ compiler: 'c++', node: 'v24' },
  wheel: { version: '2.21.0', folder: '/tensorflow', libraryBytes: 1, cuda: '12.5.1', cudnn: '9' },
}

function placedOn(product: string): Parameters<typeof tensorflowDevice>[0] {
  return { version: () => '2.21.0', placement: () => ({ devices: [product], product }) }
}

test('the device is where a matrix product was, with CUDA’s versions on a GPU alone', () => {
  vi.stubEnv('TF_FORCE_GPU_ALLOW_GROWTH', 'true')
  const gpu = tensorflowDevice(placedOn('/job:localhost/replica:0/task:0/device:GPU:0'), record)
  expect(gpu).toMatchObject({ type: 'GPU', tensorflow: '2.21.0', cuda: '12.5.1', cudnn: '9', memoryGrowth: true })
  const cpu = tensorflowDevice(placedOn('/job:localhost/replica:0/task:0/device:CPU:0'), record)
  expect(cpu).toMatchObject({ type: 'CPU', tensorflow: '2.21.0' })
  expect(cpu.name).toMatch(/\S/)
  expect(cpu).not.toHaveProperty('cuda')
})

test('a card has the name that NVIDIA’s driver gives it', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, '0000:01:00.0'))
  writeFileSync(join(folder, '0000:01:00.0', 'information'), 'Model: \t\t NVIDIA H100 80GB HBM3\nIRQ: 1\n')
  expect(nvidiaNames(folder)).toEqual(['NVIDIA H100 80GB HBM3'])
  expect(nvidiaNames(join(folder, 'none'))).toEqual([])
})
