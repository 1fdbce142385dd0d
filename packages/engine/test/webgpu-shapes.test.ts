import { vi } from 'vitest'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { describeShapes } from './shape-suite.ts'
import { softwareDevice } from './software-webgpu.ts'

vi.setConfig({ testTimeout: 120_000 })

const engine = webgpuEngine({ device: await softwareDevice() })
describeShapes('webgpu, software device', [engine], { eager: 50, reference: 25, batches: [4] })
