import { GichoError, type Issue } from '@gicho/core'
// Registers its layers.
import '@tensorflow/tfjs-layers'
import { registerKeras3Classes } from './keras3-classes.ts'
import { layerIssues } from './layer-issues.ts'
import type { FinalActivation } from './loss.ts'
import { readable } from './readable-topology.ts'
import { child, isRecord, type JsonRecord, records, text } from './record.ts'

const MODELS: ReadonlySet<string> = new Set(['Sequential', 'Model', 'Functional'])

/** Every layer of a model's topology that can't be trained exactly as Keras would, and why; `end` is what the loss takes off it. */
export function findIssues(topology: Readonly<JsonRecord>, end: FinalActivation = 'softmax'): Issue[] {
  registerKeras3Classes()
  const model = modelOf(readable(topology))
  if (!MODELS.has(text(model, 'class_name'))) {
    const got = text(model, 'class_name') || 'no class_name'
    return [{ where: 'model', message: `expected a Sequential or functional model's topology, got ${got}.` }]
  }
  return [...layersOf(model).flatMap(layerIssues), ...inputIssues(model), ...finalIssues(model, end)]
}

function inputIssues(model: JsonRecord): Issue[] {
  const inputs = child(model, 'config').input_layers
  if (!Array.isArray(inputs) || inputs.length === 1) return []
  return [{ where: 'model', message: `expected one input, got ${inputs.length}.` }]
}

function finalIssues(model: JsonRecord, end: FinalActivation): Issue[] {
  const final = finalLayer(model)
  if (final === undefined) return [{ where: 'model', message: 'expected a model with exactly one output.' }]
  if (end === 'linear') return []
  const where = text(child(final, 'config'), 'name') || text(final, 'class_name')
  if (!endsIn(final, end)) {
    return [
      {
        where,
        message:
          `the model does not end in ${end}, and cross-entropy is computed together with it. ` +
          `Give the last layer activation '${end}', or add a layer of it.`,
      },
    ]
  }
  if (feedsOthers(model, where)) {
    return [{ where, message: `the final ${end} also feeds other layers. Give them a layer of their own.` }]
  }
  return []
}

/**
 * The same topology with its final softmax or sigmoid taken off, so that the model gives logits.
 *
 * @throws GichoError `unsupported` when there is none
 */
export function withLogits(topology: Readonly<JsonRecord>, end: FinalActivation = 'softmax'): JsonRecord {
  const copy: JsonRecord = structuredClone(readable(topology))
  if (end === 'linear') return copy
  const final = finalLayer(modelOf(copy))
  if (final === undefined || !endsIn(final, end)) {
    throw new GichoError('unsupported', `model: expected a final ${end}, got none. Check supports() first.`)
  }
  const config = child(final, 'config')
  if (text(final, 'class_name') === 'Softmax') {
    final.class_name = 'Activation'
    delete config.axis
  }
  config.activation = 'linear'
  return copy
}

function endsIn(layer: JsonRecord, end: FinalActivation): boolean {
  const { axis, activation } = child(layer, 'config')
  if (text(layer, 'class_name') !== 'Softmax') return activation === end
  return end === 'softmax' && (axis == null || axis === -1 || axis === 1)
}

/** toJSON gives the model itself, a saved model.json wraps it in `model_config`. */
function modelOf(topology: Readonly<JsonRecord>): JsonRecord {
  const wrapped = topology.model_config
  return isRecord(wrapped) ? wrapped : topology
}

function childrenOf(model: JsonRecord): JsonRecord[] {
  const config = model.config
  return records(Array.isArray(config) ? config : child(model, 'config').layers)
}

/** All layers in order, those of models inside the model too. */
function layersOf(model: JsonRecord): JsonRecord[] {
  return childrenOf(model).flatMap((layer) => (MODELS.has(text(layer, 'class_name')) ? layersOf(layer) : [layer]))
}

function finalLayer(model: JsonRecord): JsonRecord | undefined {
  const layers = childrenOf(model)
  const outputs = child(model, 'config').output_layers
  let final = layers.at(-1)
  if (Array.isArray(outputs)) {
    const [first] = outputs
    if (outputs.length !== 1 || !Array.isArray(first)) return undefined
    final = layers.find((layer) => text(child(layer, 'config'), 'name') === first[0])
  }
  return final && MODELS.has(text(final, 'class_name')) ? finalLayer(final) : final
}

function feedsOthers(model: JsonRecord, name: string): boolean {
  const inbound = layersOf(model).map((layer) => JSON.stringify(layer.inbound_nodes ?? []))
  return inbound.some((nodes) => nodes.includes(`[${JSON.stringify(name)},`))
}
