/* Options on which engines once differed from Keras, on the GPU. */
import { vi } from 'vitest'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { describeParity } from './parity-suite.ts'
import { softwareDevice } from './software-webgpu.ts'

vi.setConfig({ testTimeout: 120_000 })

// The graph and the plan are the CPU's, on which every case runs: one of each kind of kernel here, all of them by night.
const chosen = process.env.GICHO_NIGHTLY
  ? undefined
  : /hard_sigmoid|bilinear .* 2 and 3|max-norm after step 2|flat sample|equal values/

describeParity(webgpuEngine({ device: await softwareDevice() }), /^Softmax over rows/, chosen)
