import { vi } from 'vitest'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { describeShapes } from './shape-suite.ts'
import { softwareDevice } from './software-webgpu.ts'

vi.setConfig({ testTimeout: 120_000 })

// A driver compiles each network anew, some twenty kernels of it: GICHO_NIGHTLY=1 does all that the CPU target does.
const runs = process.env.GICHO_NIGHTLY
  ? { eager: 50, reference: 25, batches: [4] }
  : { eager: 3, reference: 2, batches: [4], every: 3 }
const engine = webgpuEngine({ device: await softwareDevice() })
describeShapes('webgpu, software device', [engine], runs)
