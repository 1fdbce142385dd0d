import { GichoError, isJsonObject, type JsonObject } from '@gicho/core'
import type { io } from '@tensorflow/tfjs-core'
import { fields, layersOf, modelsIn } from './check-wiring.ts'

/** Settings that are sizes of a layer's weights. */
const SIZES = ['units', 'filters', 'kernel_size', 'input_dim', 'output_dim', 'depth_multiplier']
/** An input of 64 megapixels. */
const MOST_INPUT = 1 << 26

/**
 * Checks that a model isn't made of larger weights than come with it: tfjs makes random ones first, and a file of a
 * kilobyte could have it fill the memory with them.
 *
 * @throws GichoError `bad-data` naming the setting that fits no weight
 */
export function checkSizes(topology: JsonObject, specs: readonly io.WeightsManifestEntry[], where: string): void {
  const largest = specs.reduce((most, { shape }) => Math.max(most, ...shape), 1)
  for (const model of modelsIn(topology)) {
    for (const layer of layersOf(model)) {
      const [config] = fields(layer, 'config')
      if (isJsonObject(config)) checkLayer(config, largest, where)
    }
  }
}

function checkLayer(config: JsonObject, largest: number, where: string): void {
  for (const name of SIZES) {
    for (const size of fields(config, name).flat()) {
      if (typeof size !== 'number' || size <= largest) continue
      throw new GichoError(
        'bad-data',
        `${where}: expected no size of a layer above ${largest}, the largest of its weights, got ${name} ${size}. ` +
          'The file is damaged: save the model again.',
      )
    }
  }
  for (const shape of fields(config, 'batch_input_shape')) {
    const input = Array.isArray(shape)
      ? shape.slice(1).reduce((product: number, size: unknown) => product * (Number(size) || 1), 1)
      : 1
    if (input <= MOST_INPUT) continue
    throw new GichoError('bad-data', `${where}: expected an input of at most ${MOST_INPUT} values, got ${input}.`)
  }
}
