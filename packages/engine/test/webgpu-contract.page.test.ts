/* The contract suite inside a page of a real browser, on a software adapter. */
import { vi } from 'vitest'
import { webgpuEngine } from '../src/webgpu.ts'
import { describeEngine } from './contract.ts'

vi.setConfig({ testTimeout: 120_000 })

// No skip: without an adapter this file fails.
const adapter = await navigator.gpu.requestAdapter()
if (!adapter) throw new Error('this browser has no WebGPU adapter')
const device = await adapter.requestDevice()
describeEngine('webgpu in a page, one shared software device', () => webgpuEngine({ device }))
