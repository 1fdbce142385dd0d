import { RandomState } from '@gicho/core'
import type { MnistFiles } from '../src/mnist-files.ts'
import { MNIST_FILES } from '../src/mnist-files.ts'
import type { PublishedFile } from '../src/published-file.ts'
import { sha256Hex } from '../src/sha256.ts'

/** Four small files in MNIST's form, published under its names. */
export interface Published {
  readonly files: MnistFiles
  /** By name without `.gz`. */
  readonly plain: ReadonlyMap<string, Uint8Array>
  /** By name with `.gz`. */
  readonly packed: ReadonlyMap<string, Uint8Array>
}

/** An IDX file of unsigned bytes. */
export function idx(sizes: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + values.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x800 + sizes.length)
  for (const [axis, size] of sizes.entries()) view.setUint32(4 + 4 * axis, size)
  bytes.set(values, 4 + 4 * sizes.length)
  return bytes
}

/** Bytes that don't compress, so that a file stays as large packed as it is unpacked. */
function noise(random: RandomState, length: number, below = 256): Uint8Array {
  return Uint8Array.from({ length }, () => random.nextUint32() % below)
}

export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** Publishes 2,000 (1.5 MB) and 30 images. */
export async function publish(): Promise<Published> {
  const random = new RandomState(1)
  const plain = new Map<string, Uint8Array>()
  const packed = new Map<string, Uint8Array>()
  const add = async (model: PublishedFile, bytes: Uint8Array): Promise<PublishedFile> => {
    const gz = await gzip(bytes)
    plain.set(model.name, bytes)
    packed.set(`${model.name}.gz`, gz)
    const hashes = { packedSha256: await sha256Hex(gz), sha256: await sha256Hex(bytes) }
    return { ...model, ...hashes, packedBytes: gz.length, bytes: bytes.length }
  }
  const files = {
    trainImages: await add(MNIST_FILES.trainImages, idx([2000, 28, 28], noise(random, 2000 * 784))),
    trainLabels: await add(MNIST_FILES.trainLabels, idx([2000], noise(random, 2000, 10))),
    testImages: await add(MNIST_FILES.testImages, idx([30, 28, 28], noise(random, 30 * 784))),
    testLabels: await add(MNIST_FILES.testLabels, idx([30], noise(random, 30, 10))),
  }
  return { files, plain, packed }
}
