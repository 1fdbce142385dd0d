import { GichoError } from '@gicho/core'
import { checkWiring } from './check-wiring.ts'
import { isRecord } from './record.ts'

/**
 * Checks that a topology is one that tfjs-layers reads.
 *
 * @param where names the model in error messages
 * @throws GichoError `bad-data` when it isn't a layers model, or its layers wait for each other, `unsupported` for a graph model or Keras 3's form
 */
export function checkTopology(topology: unknown, format: unknown, where: string): Record<string, unknown> {
  if (format === 'graph-model' || topology instanceof ArrayBuffer) {
    throw new GichoError(
      'unsupported',
      `${where}: expected a layers model, got a graph model. Convert it with --output_format=tfjs_layers_model.`,
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
        'Save it from tf_keras (Keras 2), or build the model here and copy its weights.',
    )
  }
  checkWiring(topology, where)
  return topology
}

/** Keras 3 names each object's module, and says `batch_shape` where Keras 2 and tfjs say `batch_input_shape`. */
function isKeras3(topology: Record<string, unknown>): boolean {
  const { keras_version: version, config } = topology
  if ((typeof version === 'string' && version.startsWith('3.')) || 'module' in topology) return true
  const layers = isRecord(config) && Array.isArray(config.layers) ? config.layers.filter(isRecord) : []
  return layers.some((layer) => 'module' in layer || (isRecord(layer.config) && 'batch_shape' in layer.config))
}
