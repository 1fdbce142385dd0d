import { GichoError, sizeOf } from '@gicho/core'
import type { io } from '@tensorflow/tfjs-core'

/** Weights that belong together, with their bytes one after another. */
export interface WeightGroup {
  readonly specs: readonly io.WeightsManifestEntry[]
  readonly bytes: Uint8Array<ArrayBuffer>
}

const bytesPerValue: Readonly<Record<string, number>> = {
  float32: 4,
  float16: 2,
  int32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
  complex64: 8,
}

/**
 * Bytes that a weight takes in tfjs' weight files.
 *
 * @throws GichoError `unsupported` for a dtype whose size isn't fixed, as strings'
 */
export function byteLength(spec: io.WeightsManifestEntry): number {
  const dtype = spec.quantization?.dtype ?? spec.dtype
  const size = bytesPerValue[dtype]
  if (size === undefined) {
    throw new GichoError('unsupported', `weight ${spec.name}: expected numbers, got dtype ${dtype}.`)
  }
  return sizeOf(spec.shape) * size
}

/**
 * Parts a model's weights from its optimizer's, which tfjs keeps in one list.
 *
 * @param where names the model in error messages
 * @throws GichoError `bad-data` when there aren't as many bytes as the specs need
 */
export function splitGroups(
  specs: readonly io.WeightsManifestEntry[],
  data: ArrayBuffer,
  where: string,
): { weights: WeightGroup; optimizer: WeightGroup } {
  const expected = specs.reduce((total, spec) => total + byteLength(spec), 0)
  if (data.byteLength !== expected) {
    throw new GichoError(
      'bad-data',
      `${where}: expected ${expected} bytes of weights, got ${data.byteLength}. The file is damaged: save the model again.`,
    )
  }
  const weights: [io.WeightsManifestEntry, Uint8Array][] = []
  const optimizer: [io.WeightsManifestEntry, Uint8Array][] = []
  let offset = 0
  for (const spec of specs) {
    const length = byteLength(spec)
    const part = spec.group === 'optimizer' ? optimizer : weights
    part.push([spec, new Uint8Array(data, offset, length)])
    offset += length
  }
  return { weights: join(weights), optimizer: join(optimizer) }
}

function join(entries: readonly [io.WeightsManifestEntry, Uint8Array][]): WeightGroup {
  const bytes = new Uint8Array(entries.reduce((total, [, part]) => total + part.length, 0))
  let offset = 0
  for (const [, part] of entries) {
    bytes.set(part, offset)
    offset += part.length
  }
  return { specs: entries.map(([spec]) => spec), bytes }
}
