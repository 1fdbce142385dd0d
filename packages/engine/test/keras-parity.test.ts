/* Options on which tfjs, or an engine, once differed from Keras, on the engines of the CPU. */
import { describe } from 'vitest'
import { wasmEngine } from '../dist/wasm.node.js'
import { tfjsEngine } from '../src/tfjs.node.ts'
import { describeParity } from './parity-suite.ts'

const onlyEager = /^Softmax over rows/

describe('on the compiled engine', () => describeParity(wasmEngine({ threads: 2 }), onlyEager))
describe('on the eager engine, cpu', () => describeParity(tfjsEngine({ backend: 'cpu' }), undefined))
describe('on the eager engine, wasm', () => describeParity(tfjsEngine({ backend: 'wasm' }), undefined))
