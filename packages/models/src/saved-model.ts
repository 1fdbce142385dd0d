import {
  checkOptionNames,
  formatShape,
  GichoError,
  isJsonObject,
  messageOf,
  type NamedArray,
  sizeOf,
  withFrozenLayers,
  withWholeConfigs,
} from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { checkSizes } from './check-sizes.ts'
import { checkTopology } from './check-topology.ts'
import { registerKeras3Classes } from './keras3-classes.ts'
import { type ModelMetadata, readMetadata, writeMetadata } from './metadata.ts'
import { loadBackend } from './need-backend.ts'
import { splitGroups, type WeightGroup } from './weight-groups.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof SavedModel, true>> = {
  model: true,
  classNames: true,
  input: true,
  compile: true,
  optimizerState: true,
}

/** A model with all that goes into its files. */
export interface SavedModel extends ModelMetadata {
  readonly model: tfl.LayersModel
  /** What the optimizer remembers, so that training goes on where it stopped. */
  readonly optimizerState?: readonly NamedArray[]
}

// A slot may be named as its weight is, and tfjs looks weights up by name.
const SLOT_PREFIX = 'optimizer/'

/**
 * A model in the form that every tfjs IOHandler saves (downloads, IndexedDB, HTTP, or `fileSystem` of the Node entry).
 *
 * Plain tfjs loads what a handler makes of it. Class names, input treatment and compile options are in its user-defined
 * metadata; the optimizer's state follows the weights, in the group `optimizer`, which plain tfjs passes over. A layer that is
 * frozen, by itself or with a model that it came from, stays so; a layer with only some of its weights frozen comes back trainable.
 *
 * @example
 * await tf.io.browserDownloads('digits').save(await toArtifacts({ model, classNames, input: unitRange([784]) }))
 * @throws GichoError `bad-shape` when class names or input treatment don't fit the model or a slot its shape,
 *   `bad-argument` when two slots have one name
 */
export async function toArtifacts(saved: SavedModel): Promise<tf.io.ModelArtifacts> {
  checkOptionNames('saveModel', saved, NAMES)
  const { model, optimizerState = [] } = saved
  checkFits(model, saved, 'saveModel')
  const plain = await artifactsOf(model)
  const slots = optimizerState.map(slotSpec)
  checkNames(slots)
  const arrays = optimizerState.map(({ values }) => new Float32Array(values).buffer)
  const data = [tf.io.CompositeArrayBuffer.join(plain.weightData), ...arrays]
  return {
    ...plain,
    userDefinedMetadata: { ...plain.userDefinedMetadata, ...writeMetadata(saved) },
    weightSpecs: [...(plain.weightSpecs ?? []), ...slots],
    weightData: tf.io.CompositeArrayBuffer.join(data),
  }
}

/**
 * The model that {@link toArtifacts} made artifacts of; its tensors are the caller's to dispose.
 *
 * @param where names the model in error messages
 * @example
 * const [handler] = tf.io.getLoadHandlers('indexeddb://digits')
 * const { model, classNames } = await fromArtifacts(await handler.load())
 * @throws GichoError `bad-data` for damaged or missing parts, `unsupported` for Keras 3 topologies and graph models
 */
export async function fromArtifacts(artifacts: tf.io.ModelArtifacts, where = 'model'): Promise<SavedModel> {
  const modelTopology = checkTopology(artifacts.modelTopology, artifacts.format, where)
  checkSizes(modelTopology, artifacts.weightSpecs ?? [], where)
  const metadata = readMetadata(artifacts.userDefinedMetadata, where)
  const data = tf.io.CompositeArrayBuffer.join(artifacts.weightData)
  const { weights, optimizer } = splitGroups(artifacts.weightSpecs ?? [], data, where)
  const model = await build(modelTopology, weights, artifacts.userDefinedMetadata ?? {}, where)
  try {
    checkFits(model, metadata, where)
  } catch (error) {
    model.dispose()
    throw error
  }
  // With a trainingConfig, plain tfjs has saved its own optimizer's state, of another form.
  const ours = artifacts.trainingConfig === undefined && optimizer.specs.length > 0
  return { model, ...metadata, ...(ours ? { optimizerState: readSlots(optimizer) } : {}) }
}

async function artifactsOf(model: tfl.LayersModel): Promise<tf.io.ModelArtifacts> {
  const caught: tf.io.ModelArtifacts[] = []
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    caught.push(artifacts)
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) }
  })
  await model.save(handler)
  const { modelTopology, ...rest } = caught[0] ?? {}
  return isJsonObject(modelTopology)
    ? { ...rest, modelTopology: withFrozenLayers(withWholeConfigs(modelTopology, model), model).topology }
    : { ...rest, ...(modelTopology === undefined ? {} : { modelTopology }) }
}

/** Without trainingConfig: tfjs would make an optimizer, whose tensors nobody disposes. */
async function build(
  modelTopology: Record<string, unknown>,
  weights: WeightGroup,
  userDefinedMetadata: Record<string, object>,
  where: string,
): Promise<tfl.LayersModel> {
  const weightSpecs = [...weights.specs]
  const weightData = weights.bytes.buffer
  const isConstrained = /_constraint":\{/.test(JSON.stringify(modelTopology))
  registerKeras3Classes()
  await loadBackend(where)
  try {
    const values = isConstrained ? {} : { weightSpecs, weightData }
    const model = await tfl.loadLayersModel({ load: async () => ({ modelTopology, userDefinedMetadata, ...values }) })
    if (isConstrained) loadAsSaved(model, weights)
    return model
  } catch (error) {
    const said = messageOf(error).replace(/\.$/, '')
    const hint = 'Pass what saveModel or tfjs has written.'
    throw new GichoError('bad-data', `${where}: expected a model that tfjs can rebuild, but ${said}. ${hint}`, {
      cause: error,
    })
  }
}

/** Loads weights as they are: tfjs would hold them to their constraints, which Keras does after an update alone. */
function loadAsSaved(model: tfl.LayersModel, { specs, bytes }: WeightGroup): void {
  const constraints = model.weights.map((weight) => ({ weight, constraint: Reflect.get(weight, 'constraint') }))
  const named = tf.io.decodeWeights(bytes.buffer, [...specs])
  try {
    for (const { weight } of constraints) Reflect.set(weight, 'constraint', null)
    model.loadWeights(named)
    for (const { weight, constraint } of constraints) Reflect.set(weight, 'constraint', constraint)
  } catch (error) {
    model.dispose()
    throw error
  } finally {
    tf.dispose(named)
  }
}

function readSlots({ specs, bytes }: WeightGroup): NamedArray[] {
  let offset = 0
  return specs.map(({ name, shape }) => {
    const size = sizeOf(shape)
    const values = new Float32Array(bytes.buffer.slice(offset, offset + 4 * size))
    offset += 4 * size
    return { name: name.startsWith(SLOT_PREFIX) ? name.slice(SLOT_PREFIX.length) : name, shape, values }
  })
}

function slotSpec({ name, shape, values }: NamedArray): tf.io.WeightsManifestEntry {
  if (values.length !== sizeOf(shape)) {
    throw new GichoError(
      'bad-shape',
      `saveModel: expected ${sizeOf(shape)} values in optimizer array ${name} ${formatShape(shape)}, got ${values.length}.`,
    )
  }
  return { name: `${SLOT_PREFIX}${name}`, shape: [...shape], dtype: 'float32', group: 'optimizer' }
}

function checkNames(slots: readonly tf.io.WeightsManifestEntry[]): void {
  const repeated = slots.find(({ name }, i) => slots.findIndex((other) => other.name === name) !== i)
  if (repeated) {
    const name = repeated.name.slice(SLOT_PREFIX.length)
    throw new GichoError('bad-argument', `saveModel: expected optimizer arrays of different names, got ${name} twice.`)
  }
}

function checkFits(model: tfl.LayersModel, { classNames, input }: ModelMetadata, where: string): void {
  const taken = model.inputs[0]?.shape.slice(1) ?? []
  const fits = taken.length === input.shape.length && taken.every((n, i) => n === null || n === input.shape[i])
  if (!fits) {
    const got = formatShape(input.shape)
    throw new GichoError(
      'bad-shape',
      `${where}: expected an input treatment of shape ${formatShape(taken)}, which the model takes, got ${got}.`,
    )
  }
  const outputs = model.outputs[0]?.shape.at(-1)
  if (outputs !== classNames.length) {
    throw new GichoError(
      'bad-shape',
      `${where}: expected ${outputs} class names, one for each output of the model, got ${classNames.length}.`,
    )
  }
}
