import type { UserConfig } from 'tsdown'
import { packageConfig } from '../../tsdown.base.ts'

const config: UserConfig[] = [
  packageConfig({
    tfjs: 'src/tfjs.ts',
    'tfjs.node': 'src/tfjs.node.ts',
    wasm: 'src/wasm.ts',
    'wasm.node': 'src/wasm.node.ts',
    webgpu: 'src/webgpu.ts',
    'webgpu.node': 'src/webgpu.node.ts',
    'wasm-worker': 'src/wasm/worker-thread.ts',
    'wasm-worker.node': 'src/wasm/worker-thread.node.ts',
  }),
  // A page's worker has no import map: what it needs of core stands in it.
  packageConfig(
    {
      'render-worker': 'src/tfjs/render-worker-thread.ts',
      'render-worker.node': 'src/tfjs/render-worker-thread.node.ts',
    },
    { dts: false, deps: { alwaysBundle: ['@gicho/core'], neverBundle: [/^node:/] } },
  ),
]

export default config
