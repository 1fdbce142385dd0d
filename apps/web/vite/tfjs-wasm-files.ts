import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'
import { versionedFiles } from './site-files.ts'

const NAMES = ['', '-simd', '-threaded-simd'].map((build) => `tfjs-backend-wasm${build}.wasm`)

/** Puts the three builds of tfjs' WebAssembly backend into `tfjs-wasm-HASH/`; the backend fetches the one that it can run. */
export function tfjsWasmFiles(): Plugin {
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))
  const files = new Map(NAMES.map((name) => [name, () => readFile(join(folder, 'dist', name))]))
  return versionedFiles('tfjs-wasm', '__TFJS_WASM_FOLDER__', files)
}
