/* Options on which engines once differed from Keras, on the GPU. */
import { vi } from 'vitest'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { describeParity } from './parity-suite.ts'
import { softwareDevice } from './software-webgpu.ts'

vi.setConfig({ testTimeout: 120_000 })

describeParity(webgpuEngine({ device: await softwareDevice() }), /^Softmax over rows/)
