import { GichoError, withKeras3Names } from '@gicho/core'
import { checkWiring } from './check-wiring.ts'
import { isRecord } from './record.ts'

/**
 * Checks that a topology is one that tfjs-layers reads. One that says that it comes from Keras 3, in a form that tfjs reads, gets the
 * names of Keras 3's formulas.
 *
 * @param where names the model in error messages
 * @throws GichoError `bad-data` when it isn't a layers model, or its layers wait for each other, `unsupported` for a graph model or Keras 3's form
 */
export function checkTopology(topology: unknown, format: unknown, where: string): Record<string, unknown> {
  if (format === 'graph-model' || topology instanceof ArrayBuffer) {
    throw new GichoError(
      'unsupported',
      `${where}: expected a layers model, got a graph model, whose layers are gone. ` +
        'Go back to the Keras model that it was made of, and build its layers here.',
    )
  }
  const config = isRecord(topology) && isRecord(topology.model_config) ? topology.model_config : topology
  if (!isRecord(topology) || !isRecord(config) || config.class_name === undefined || config.config === undefined) {
    throw new GichoError(
      'bad-data',
      `${where}: expected a layers model (modelTopology with class_name and config), got something else. ` +
        'Pass what saveModel or tfjs has written.',
    )
  }
  if (isKeras3(topology) || isKeras3(config)) {
    throw new GichoError(
      'unsupported',
      `${where}: expected a topology of tfjs or Keras 2, got one of Keras 3, which isn't read yet. ` +
        'Build the same layers here, and give each its weights with layer.setWeights.',
    )
  }
  checkWiring(topology, where)
  const { modelTopology } = JSON.parse(JSON.stringify({ modelTopology: withKeras3Names(topology) }), withoutMixUp)
  return modelTopology
}

/** A reviver: plain tfjs saves the regularizer of a DepthwiseConv2D as its constraint, and then refuses its own file. */
function withoutMixUp(key: string, value: unknown): unknown {
  const isRegularizer = isRecord(value) && /^L1|^L2/i.test(String(value.class_name))
  return key === 'depthwise_constraint' && isRegularizer ? null : value
}

/**
 * Keras 3 names each object's module, and says `batch_shape` where Keras 2 and tfjs say `batch_input_shape`. Tools rewrite that for
 * tfjs and leave the version.
 */
function isKeras3(topology: Record<string, unknown>): boolean {
  const { keras_version: version, model_config: wrapped, config } = topology
  if ('module' in topology) return true
  const layers = isRecord(config) && Array.isArray(config.layers) ? config.layers.filter(isRecord) : []
  if (String(version ?? '').startsWith('3.') && !isRecord(wrapped) && layers.length === 0) return true
  return layers.some((layer) => 'module' in layer || (isRecord(layer.config) && 'batch_shape' in layer.config))
}
