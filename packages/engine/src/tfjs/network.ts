import {
  formatShape,
  GichoError,
  type ImageDataset,
  type ModelSpec,
  messageOf,
  type OptimizerConfig,
  sameShape,
  sizeOf,
  type TrainingJob,
} from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import type { Backend } from './backend.ts'
import { correctLayers, type StepKey } from './layers.ts'
import { type BatchSums, crossEntropy, evaluateLoss, type Targets } from './loss.ts'
import { EagerOptimizer } from './optimizer.ts'
import { withLogits } from './topology.ts'
import { type LayerWeight, writeWeights } from './weights.ts'

/** A batch in JavaScript's memory: pixels [rows, ...sample], labels and weights [rows]. */
export interface Batch {
  readonly pixels: Float32Array
  readonly labels: Int32Array
  readonly weights?: Float32Array
}

/** The engine's own copy of a model, giving logits, with its optimizer: one training step, one batch of anything else. */
export class Network {
  readonly classes: number
  readonly optimizer: EagerOptimizer
  readonly #model: LayersModel
  readonly #key: StepKey
  readonly #sampleShape: readonly number[]

  constructor(model: LayersModel, job: TrainingJob) {
    this.#model = model
    this.#key = { seed: job.seed, step: 0 }
    this.#sampleShape = job.input.shape
    this.classes = outputClasses(model)
    checkInput(model, job)
    correctLayers(model, this.#key)
    this.optimizer = new EagerOptimizer(job.optimizer, model.trainableWeights)
  }

  /** Weights in the order of the model's. */
  get weights(): readonly LayerWeight[] {
    return this.#model.weights
  }

  /** One step. Returns the batch's sums, kept. */
  train(batch: Batch, step: number, learningRate: number): BatchSums {
    this.#key.step = step
    const kept: BatchSums[] = []
    tf.tidy(() => {
      const { inputs, targets } = this.#upload(batch)
      const values = this.#model.trainableWeights.map((weight) => weight.read())
      const forward = () => {
        const logits = this.#logits(inputs, true)
        const loss = crossEntropy(logits, targets, (sums) => kept.push(sums))
        return this.#model.calculateLosses().reduce<tf.Scalar>((total, extra) => tf.add(total, extra), loss)
      }
      const { value, grads } = tf.variableGrads(forward, values.filter(isVariable))
      const gradients = values.map((weight) => (isVariable(weight) ? grads[weight.name] : undefined))
      this.optimizer.apply(gradients, values, learningRate)
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
    if (!sums || this.#model.calculateLosses().length === 0) return undefined
    const correct = tf.slice(sums, 1, 1)
    const withPenalty = tf.keep(tf.concat([tf.reshape(tf.mul(total, samples), [1]), correct])) as BatchSums
    sums.dispose()
    return withPenalty
  }

  /** Loss and correct predictions of one batch, kept; the model as it is in use. */
  evaluate(batch: Batch): BatchSums {
    return tf.tidy(() => {
      const { inputs, targets } = this.#upload(batch)
      const sums = evaluateLoss(this.#logits(inputs, false), targets)
      const penalty = this.#model.calculateLosses()
      if (penalty.length === 0) return tf.keep(sums)
      const extra = tf.mul(tf.addN(penalty), batch.labels.length)
      return tf.keep(tf.add(sums, tf.stack([extra, tf.scalar(0)])) as BatchSums)
    })
  }

  /** Probabilities of one batch [rows, classes], kept. */
  predict(pixels: Float32Array, rows: number): tf.Tensor {
    return tf.tidy(() => tf.keep(tf.softmax(this.#logits(tf.tensor(pixels, [rows, ...this.#sampleShape]), false))))
  }

  dispose(): void {
    this.optimizer.dispose()
    this.#model.dispose()
  }

  #upload(batch: Batch): { inputs: tf.Tensor; targets: Targets } {
    const labels = tf.tensor1d(batch.labels, 'int32')
    const inputs = tf.tensor(batch.pixels, [batch.labels.length, ...this.#sampleShape])
    return { inputs, targets: batch.weights ? { labels, weights: tf.tensor1d(batch.weights) } : { labels } }
  }

  #logits(inputs: tf.Tensor, training: boolean): tf.Tensor2D {
    const output = this.#model.call(inputs, { training })
    const logits = Array.isArray(output) ? output[0] : output
    if (logits) return tf.reshape(logits, [inputs.shape[0] ?? 0, this.classes])
    throw new GichoError('engine-failed', 'model: it gave no output.')
  }
}

function isVariable(tensor: tf.Tensor): tensor is tf.Variable {
  return 'assign' in tensor
}

/** Rebuilds a job's model on the backend, without its final softmax. @throws GichoError `unsupported`, `bad-shape` */
export async function buildNetwork(backend: Backend, job: TrainingJob): Promise<Network> {
  const model = await loadModel(backend, job.model)
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

async function loadModel(backend: Backend, spec: ModelSpec): Promise<LayersModel> {
  const artifacts = { modelTopology: withLogits(spec.topology), ...weightArtifacts(spec) }
  try {
    return await backend.run(() => loadLayersModel(tf.io.fromMemory(artifacts)))
  } catch (error) {
    throw new GichoError(
      'unsupported',
      `model: tfjs could not rebuild it from its topology and weights (${messageOf(error)}). ` +
        'Register its own layers with tf.serialization.registerClass, and pass the weights that belong to it.',
      { cause: error },
    )
  }
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

function checkInput(model: LayersModel, { input }: TrainingJob): void {
  const [shape, ...others] = model.inputs.map((tensor) => tensor.shape.slice(1))
  const fits =
    shape &&
    others.length === 0 &&
    sameShape(
      shape.map((size, axis) => size ?? input.shape[axis] ?? 0),
      input.shape,
    )
  if (fits) return
  const got = model.inputs.map((tensor) => formatShape(tensor.shape)).join(', ')
  throw new GichoError(
    'bad-shape',
    `input: samples of shape ${formatShape(input.shape)} don't fit the model's input ${got}. Set the job's input shape to it.`,
  )
}

/** Checks that a dataset's images have the size, and its labels the range, that the model takes. */
export function checkFit(data: ImageDataset, job: TrainingJob, classes: number): void {
  if (sizeOf(data.shape) !== sizeOf(job.input.shape)) {
    throw new GichoError(
      'bad-shape',
      `dataset (${data.split}): its images ${formatShape(data.shape)} don't fit the model's samples ${formatShape(job.input.shape)}.`,
    )
  }
  const wrong = data.labels.findIndex((label) => label >= classes)
  if (wrong >= 0) {
    throw new GichoError(
      'bad-data',
      `dataset (${data.split}): label ${data.labels[wrong]} of image ${wrong} is outside the model's ${classes} outputs ` +
        `(0..${classes - 1}). Give the last layer more units, or map the labels.`,
    )
  }
}

/** What {@link OptimizerConfig} an engine can be given. */
export function knownOptimizer({ name }: Pick<OptimizerConfig, 'name'>): boolean {
  return ['rmsprop', 'sgd', 'adam', 'adamw'].includes(name)
}
