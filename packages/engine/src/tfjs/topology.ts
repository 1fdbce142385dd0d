import { GichoError, type Issue, withKeras3Names } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
// Registers its layers.
import '@tensorflow/tfjs-layers'
import { registerKeras3Classes } from './keras3-classes.ts'
import type { FinalActivation } from './loss.ts'
import { child, isRecord, type JsonRecord, records, text } from './record.ts'

const MODELS: ReadonlySet<string> = new Set(['Sequential', 'Model', 'Functional'])

/** Layers that draw from tfjs' own generator, which neither a seed nor a step number reaches. */
const UNSEEDED: ReadonlySet<string> = new Set([
  'AlphaDropout',
  'GaussianDropout',
  'SpatialDropout1D',
  'RandomWidth',
  'RandomHeight',
])

/** Every layer of a model's topology that can't be trained exactly as Keras would, and why; `end` is what the loss takes off it. */
export function findIssues(topology: Readonly<JsonRecord>, end: FinalActivation = 'softmax'): Issue[] {
  registerKeras3Classes()
  const model = modelOf(withKeras3Names(topology))
  if (!MODELS.has(text(model, 'class_name'))) {
    const got = text(model, 'class_name') || 'no class_name'
    return [{ where: 'model', message: `expected a Sequential or functional model's topology, got ${got}.` }]
  }
  return [...layersOf(model).flatMap(layerIssues), ...finalIssues(model, end)]
}

function layerIssues(layer: JsonRecord): Issue[] {
  const type = text(layer, 'class_name')
  const config = child(layer, 'config')
  const where = text(config, 'name') || type
  if (UNSEEDED.has(type)) {
    return [
      { where, message: `${type} draws numbers that no seed reaches. Use Dropout or GaussianNoise, or take it out.` },
    ]
  }
  if (!Object.hasOwn(tf.serialization.SerializationMap.getMap().classNameMap, type)) {
    return [{ where, message: `tfjs has no ${type} layers. Register your own with tf.serialization.registerClass.` }]
  }
  if (isDilated(config.dilation_rate)) {
    return [
      { where, message: `tfjs can't train ${type} with a dilation rate above 1. Use strides, or the wasm engine.` },
    ]
  }
  if (type === 'Dropout') return dropoutIssues(config, where)
  const drops = [config.dropout, config.recurrent_dropout].some((rate) => typeof rate === 'number' && rate > 0)
  if (drops) return [{ where, message: `${type} with dropout inside draws unseeded masks. Set its dropout to 0.` }]
  return []
}

function isDilated(rate: unknown): boolean {
  return [rate].flat().some((step) => typeof step === 'number' && step > 1)
}

function dropoutIssues(config: JsonRecord, where: string): Issue[] {
  const issues: Issue[] = []
  const rate = config.rate
  if (typeof rate !== 'number' || !(rate >= 0 && rate < 1)) {
    issues.push({ where, message: `Dropout: expected a rate in [0, 1), got ${String(rate)}.` })
  }
  if (config.noise_shape != null) {
    issues.push({ where, message: 'Dropout with a noise shape is not known here. Leave noiseShape out.' })
  }
  return issues
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
  const copy: JsonRecord = structuredClone(withKeras3Names(topology))
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
