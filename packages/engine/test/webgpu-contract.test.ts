import { vi } from 'vitest'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { describeEngine } from './contract.ts'
import { softwareDevice } from './software-webgpu.ts'

vi.setConfig({ testTimeout: 120_000 })

// No skip: without a software adapter this file fails.
const device = await softwareDevice()
describeEngine('webgpu, one shared software device', () => webgpuEngine({ device }))
