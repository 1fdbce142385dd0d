import { expect, test } from 'vitest'
import { tfjsEngine } from '../tfjs.node.ts'
import { wasmEngine } from '../wasm.node.ts'
import { webgpuEngine } from '../webgpu.node.ts'

test('an option that an engine does not have is refused with the one that was meant', () => {
  const misspelt = (name: string): object => ({ [name]: 1 })
  expect(() => wasmEngine(misspelt('thread'))).toThrow('wasmEngine: there is no option thread. Did you mean threads?')
  expect(() => webgpuEngine(misspelt('storege'))).toThrow(
    'webgpuEngine: there is no option storege. Did you mean storage?',
  )
  expect(() => tfjsEngine(misspelt('backends'))).toThrow(
    'tfjsEngine: there is no option backends. Did you mean backend?',
  )
})
