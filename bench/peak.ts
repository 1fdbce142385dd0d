/*
 * The 128-bit peak: what a core can do with the vectors that WebAssembly has. Twelve independent chains of f32x4.relaxed_madd
 * keep both multiply-add ports busy. The module is written out by hand: a function bench(n) that runs n rounds of the chains.
 * V8 replaces a running loop by its optimised version only at the next call, so it is called in short bursts.
 */
import { Worker } from 'node:worker_threads'
import { median } from './statistics.ts'

const CHAINS = 12
const ROUNDS = 20_000
const FLOPS_PER_ROUND = CHAINS * 4 * 2

/** An unsigned number in LEB128. */
function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]
}

function section(id: number, ...content: number[]): number[] {
  return [id, ...leb(content.length), ...content]
}

/** Local 0 counts down, 1..12 are the chains, 13 is the factor. */
export function peakModule(): Uint8Array<ArrayBuffer> {
  const [GET, SET, SIMD] = [0x20, 0x21, 0xfd]
  const splat = [0x43, 0, 0, 0, 0x3f, SIMD, 0x13] // f32.const 0.5, f32x4.splat
  const chains = Array.from({ length: CHAINS }, (_, i) => i + 1)
  const madd = (chain: number): number[] => [GET, chain, GET, 13, GET, 13, SIMD, ...leb(0x105), SET, chain]
  const fill = [...chains, 13].flatMap((local) => [...splat, SET, local])
  const loop = [
    ...[0x03, 0x40, ...chains.flatMap(madd)],
    // count - 1, again while it isn't zero
    ...[GET, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b],
  ]
  const sum = [GET, 1, ...chains.slice(1).flatMap((chain) => [GET, chain, SIMD, ...leb(0xe4)]), SIMD, 0x1f, 0]
  const body = [1, 13, 0x7b, ...fill, ...loop, ...sum, 0x0b]
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 1, 0x7f, 1, 0x7d),
    ...section(3, 1, 0),
    ...section(7, 1, 5, ...new TextEncoder().encode('bench'), 0, 0),
    ...section(10, 1, ...leb(body.length), ...body),
  ])
}

const WORKER = `
const { parentPort, workerData: { bytes, ms, rounds } } = require('node:worker_threads')
const { bench } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports
for (const end = performance.now() + 200; performance.now() < end; ) bench(rounds)
const times = []
for (const end = performance.now() + ms; performance.now() < end; ) {
  const began = performance.now()
  bench(rounds)
  times.push(performance.now() - began)
}
parentPort.postMessage(times)
`

/** GFLOP/s of `threads` threads at once, in all: from the median burst of each. */
export async function measurePeak(threads: number, ms = 400): Promise<number> {
  const bytes = peakModule()
  const rates = await Promise.all(
    Array.from(
      { length: threads },
      () =>
        new Promise<number>((resolve, reject) => {
          const worker = new Worker(WORKER, { eval: true, workerData: { bytes, ms, rounds: ROUNDS } })
          worker.once('message', (times: number[]) => resolve((FLOPS_PER_ROUND * ROUNDS) / median(times) / 1e6))
          worker.once('error', reject)
        }),
    ),
  )
  return rates.reduce((total, rate) => total + rate, 0)
}
