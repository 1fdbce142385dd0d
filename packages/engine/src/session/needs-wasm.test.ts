import { afterEach, expect, test, vi } from 'vitest'
import { checkWasm } from './needs-wasm.ts'

afterEach(() => vi.unstubAllGlobals())

test('where WebAssembly may be compiled nothing is said', () => {
  expect(() => checkWasm('engine wasm')).not.toThrow()
})

test.each([
  [
    'Chrome',
    new WebAssembly.CompileError("WebAssembly.Module(): Refused to compile because 'unsafe-eval' is not allowed"),
  ],
  ['Firefox', new WebAssembly.CompileError('call to WebAssembly.Module() blocked by CSP')],
  ['Safari', new EvalError("Refused to create a WebAssembly object because 'unsafe-eval' is not an allowed source")],
])('a policy that forbids WebAssembly is named with the directive to add, in %s', (_, thrown) => {
  const forbidden = vi.fn(function Module() {
    throw thrown
  })
  vi.stubGlobal('WebAssembly', { Module: forbidden })
  expect(() => checkWasm('engine wasm')).toThrow(
    "engine wasm: the page's Content-Security-Policy forbids WebAssembly. Add 'wasm-unsafe-eval' to its script-src directive",
  )
})

test('a runtime without WebAssembly is told apart from one that is old', () => {
  vi.stubGlobal('WebAssembly', undefined)
  expect(() => checkWasm('backend wasm')).toThrow('backend wasm: this runtime has no WebAssembly.')
})
