/*
 * libjpeg and libwebp as WebAssembly, from npm. Each image has an instance of its own: a damaged file can leave one behind
 * that is of no further use, and an instance never gives its memory back.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { DecodedImage } from './decoded-image.ts'

type Pixels = Pick<DecodedImage, 'pixels' | 'width' | 'height'> & { readonly channels: 4 }

const require = createRequire(import.meta.url)
const modules = new Map<string, Promise<WebAssembly.Module>>()

/** Decodes a JPEG to RGBA. @throws Error for a damaged one */
export async function decodeJpeg(bytes: Uint8Array): Promise<Pixels> {
  const module = await compiled('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm')
  const { default: decode, init } = await import('@jsquash/jpeg/decode.js')
  return run(init, decode, module, bytes)
}

/** Decodes a still WebP to RGBA. @throws Error for a damaged one */
export async function decodeWebp(bytes: Uint8Array): Promise<Pixels> {
  const module = await compiled('@jsquash/webp/codec/dec/webp_dec.wasm')
  const { default: decode, init } = await import('@jsquash/webp/decode.js')
  return run(init, decode, module, bytes)
}

async function run(
  init: (options: EmscriptenOptions) => Promise<void>,
  decode: (file: ArrayBuffer) => Promise<ImageData>,
  module: WebAssembly.Module,
  bytes: Uint8Array,
): Promise<Pixels> {
  const said: string[] = []
  // `decode` takes the instance that `init` has begun to make: nothing may be awaited between the two.
  const ready = init({ instantiateWasm: instantiate(module), printErr: (line) => said.push(line) })
  const image = decode(new Uint8Array(bytes).buffer)
  await ready
  const { data, width, height } = await image.catch((cause: unknown) => {
    // What emscripten throws when a C program exits is no Error; the reason was printed before.
    throw new Error(said.at(-1) ?? 'its content makes no sense', { cause })
  })
  return { pixels: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels: 4 }
}

interface EmscriptenOptions {
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): WebAssembly.Exports
  printErr(line: string): void
}

function instantiate(module: WebAssembly.Module): EmscriptenOptions['instantiateWasm'] {
  return (imports, done) => {
    const instance = new WebAssembly.Instance(module, imports)
    done(instance)
    return instance.exports
  }
}

function compiled(file: string): Promise<WebAssembly.Module> {
  const known = modules.get(file) ?? readFile(require.resolve(file)).then((bytes) => WebAssembly.compile(bytes))
  modules.set(file, known)
  return known
}
