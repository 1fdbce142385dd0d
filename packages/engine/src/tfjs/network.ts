import { formatShape, GichoError, type ModelSpec, messageOf, sizeOf, type TrainingJob } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import { checkInput } from '../session/check-fit.ts'
import type { Backend } from './backend.ts'
import { correctLayers, penaltiesOf } from './layers.ts'
import { type BatchSums, evaluateLoss, finalActivations, meanLoss, predictions, type Targets } from './loss.ts'
import { EagerOptimizer } from './optimizer.ts'
import type { StepKey } from './random-layers.ts'
import { withLogits } from './topology.ts'
import { isVariable, type LayerWeight, writeWeights } from './weights.ts'

/** A batch in JavaScript's memory: pixels [rows, ...sample], labels and weights [rows]. */
export interface Batch {
  readonly pixels: Float32Array
  readonly labels: Int32Array
  readonly weights?: Float32Array
}

/** The engine's own copy of a model, giving what its loss takes, with its optimizer: one training step, one batch of anything else. */
export class Network {
  readonly classes: number
  readonly optimizer: EagerOptimizer
  readonly #model: LayersModel
  readonly #job: TrainingJob
  readonly #key: StepKey
  readonly #penalties: ReturnType<typeof penaltiesOf>

  constructor(model: LayersModel, job: TrainingJob) {
    this.#model = model
    this.#key = { seed: job.seed, step: 0 }
    this.#job = job
    checkShapes(model)
    this.classes = outputClasses(model)
    checkInput(job, inputShape(model))
    correctLayers(model, this.#key)
    this.#penalties = penaltiesOf(model)
    this.optimizer = new EagerOptimizer(job.optimizer, model.trainableWeights)
  }

  /** Weights in the order of the model's. */
  get weights(): readonly LayerWeight[] {
    return this.#model.weights
  }

  /** One step; `clip` takes the place of the job's own limit. Returns the batch's sums, kept. */
  train(batch: Batch, step: number, learningRate: number, clip?: number): BatchSums {
    this.#key.step = step
    const kept: BatchSums[] = []
    tf.tidy(() => {
      const { inputs, targets } = this.#upload(batch)
      const values = this.#model.trainableWeights.map((weight) => weight.read())
      const forward = () => {
        const outputs = this.#outputs(inputs, true)
        const loss = meanLoss(this.#job, outputs, targets, (sums) => kept.push(sums))
        return this.#penalties.reduce<tf.Scalar>((total, penalty) => tf.add(total, penalty()), loss)
      }
      const { value, grads } = tf.variableGrads(forward, values.filter(isVariable))
      const gradients = values.map((weight) => (isVariable(weight) ? grads[weight.name] : undefined))
      this.optimizer.apply(gradients, values, learningRate, clip)
      const penalised = this.#penalised(kept, value, batch.labels.length)
      if (penalised) kept.splice(0, 1, penalised)
    })
    const [sums] = kept
    if (sums) return sums
    throw new GichoError('engine-failed', 'training step: the loss was not computed.')
  }

  /** Keras counts the regularizers' losses in the loss that it reports; the sums have none of them yet. */
  #penalised(kept: readonly BatchSums[], total: tf.Scalar, samples: number): BatchSums | undefined {
    const [sums] = kept
    if (!sums || this.#penalties.length === 0) return undefined
    const correct = tf.slice(sums, 1, 1)
    const withPenalty = tf.keep(tf.concat([tf.reshape(tf.mul(total, samples), [1]), correct])) as BatchSums
    sums.dispose()
    return withPenalty
  }

  /** Loss and correct predictions of one batch, kept; the model as it is in use. */
  evaluate(batch: Batch): BatchSums {
    return tf.tidy(() => {
      const { inputs, targets } = this.#upload(batch)
      const sums = evaluateLoss(this.#job, this.#outputs(inputs, false), targets)
      if (this.#penalties.length === 0) return tf.keep(sums)
      const penalty = tf.addN(this.#penalties.map((one) => one()))
      const extra = tf.mul(penalty, batch.labels.length)
      return tf.keep(tf.add(sums, tf.stack([extra, tf.scalar(0)])) as BatchSums)
    })
  }

  /** What the model gives for one batch [rows, classes], kept. */
  predict(pixels: Float32Array, rows: number): tf.Tensor {
    return tf.tidy(() => tf.keep(predictions(this.#job, this.#outputs(this.#images(pixels, rows), false))))
  }

  dispose(): void {
    this.optimizer.dispose()
    this.#model.dispose()
  }

  #upload(batch: Batch): { inputs: tf.Tensor; targets: Targets } {
    const labels = tf.tensor1d(batch.labels, 'int32')
    const inputs = this.#images(batch.pixels, batch.labels.length)
    return { inputs, targets: batch.weights ? { labels, weights: tf.tensor1d(batch.weights) } : { labels } }
  }

  #images(pixels: Float32Array, rows: number): tf.Tensor {
    return tf.tensor(pixels, [rows, ...this.#job.input.shape])
  }

  #outputs(inputs: tf.Tensor, training: boolean): tf.Tensor2D {
    const given = this.#model.call(inputs, { training })
    const outputs = Array.isArray(given) ? given[0] : given
    if (outputs) return tf.reshape(outputs, [inputs.shape[0] ?? 0, this.classes])
    throw new GichoError('engine-failed', 'model: it gave no output.')
  }
}

/** Rebuilds a job's model on the backend, without the final activation that its loss takes. @throws GichoError `unsupported`, `bad-shape` */
export async function buildNetwork(backend: Backend, job: TrainingJob): Promise<Network> {
  const model = await loadModel(backend, job)
  try {
    return backend.run(() => {
      // Loading is asynchronous, so its tensors may lie on the program's own backend: these lie on ours.
      writeWeights(model.weights, job.model.weights)
      return new Network(model, job)
    })
  } catch (error) {
    model.dispose()
    throw error
  }
}

async function loadModel(backend: Backend, { model, loss }: TrainingJob): Promise<LayersModel> {
  const artifacts = { modelTopology: withLogits(model.topology, finalActivations[loss]), ...weightArtifacts(model) }
  try {
    return await backend.run(() => loadLayersModel(tf.io.fromMemory(artifacts)))
  } catch (error) {
    if (isSecondCopy(error)) throw secondCopy(error)
    throw new GichoError(
      'unsupported',
      `model: tfjs could not rebuild it from its topology and weights (${messageOf(error)}). ` +
        'Register its own layers with tf.serialization.registerClass, and pass the weights that belong to it.',
      { cause: error },
    )
  }
}

/** All copies of tfjs share one list of variables, but each tfjs-layers counts the names that it has given by itself. */
function isSecondCopy(error: unknown): boolean {
  return /^Variable with name .* was already registered$/.test(messageOf(error))
}

function secondCopy(error: unknown): GichoError {
  return new GichoError(
    'unavailable',
    `model: there are two copies of tfjs in this program, the engine's (${tf.version_core}) and another that made a model ` +
      `(${messageOf(error)}). See both with: npm ls @tensorflow/tfjs-core @tensorflow/tfjs-layers. Install ` +
      `${tf.version_core} of each and run npm dedupe, or use the wasm engine, which doesn't mind.`,
    { cause: error },
  )
}

function weightArtifacts({ weights }: ModelSpec): Pick<tf.io.ModelArtifacts, 'weightSpecs' | 'weightData'> {
  const data = new Float32Array(weights.reduce((total, { values }) => total + values.length, 0))
  let at = 0
  for (const { name, shape, values } of weights) {
    if (values.length !== sizeOf(shape)) {
      throw new GichoError(
        'bad-shape',
        `model: expected ${sizeOf(shape)} values for ${name} ${formatShape(shape)}, got ${values.length}.`,
      )
    }
    data.set(values, at)
    at += values.length
  }
  const weightSpecs = weights.map(({ name, shape }) => ({ name, shape: [...shape], dtype: 'float32' as const }))
  return { weightSpecs, weightData: data.buffer }
}

type Shape = readonly (number | null)[]

function isShape(shape: Shape | readonly Shape[]): shape is Shape {
  return !shape.some(Array.isArray)
}

/** tfjs makes layers of which nothing is left, and its kernels then write outside of their memory. @throws GichoError `unsupported` */
function checkShapes({ layers }: LayersModel): void {
  for (const { name, inboundNodes } of layers) {
    // A layer that is used in several places has a shape at each, and tfjs' outputShape then throws.
    for (const sizes of inboundNodes.flatMap(({ outputShapes: shape }) => (isShape(shape) ? [shape] : shape))) {
      if (sizes.every((size) => size === null || size > 0)) continue
      const message = `${name}: nothing is left of its input: its output would have shape ${formatShape(sizes)}.`
      throw new GichoError('unsupported', `${message} Give it larger images, or a smaller window.`)
    }
  }
}

function outputClasses(model: LayersModel): number {
  const [shape, ...others] = model.outputs.map((output) => output.shape)
  const classes = shape?.at(-1)
  if (shape?.length === 2 && typeof classes === 'number' && others.length === 0) return classes
  const got = model.outputs.map((output) => formatShape(output.shape)).join(', ')
  throw new GichoError(
    'unsupported',
    `model: expected one output of shape (None, classes), got ${got}. Flatten before the last layer.`,
  )
}

function inputShape(model: LayersModel): readonly (number | null)[] {
  const [shape, ...others] = model.inputs.map((tensor) => tensor.shape.slice(1))
  if (shape && others.length === 0) return shape
  const got = model.inputs.map((tensor) => formatShape(tensor.shape)).join(', ')
  throw new GichoError('unsupported', `model: expected one input, got ${got}.`)
}
