import {
  checkImages,
  type Engine,
  GichoError,
  type ImageDataset,
  type InputTreatment,
  type LossName,
  rmsprop,
  type Session,
  sizeOf,
  type TrainingJob,
} from '@gicho/core'
import { checkData, checkSmoothing, inputTreatment, outputClasses } from './check.ts'
import { checkOptions } from './check-options.ts'
import { chooseEngine, type EngineName } from './choose-engine.ts'
import { checkCompiledMetrics, chooseLoss, isMeanError, type LossFunction } from './compiled.ts'
import { checkGiven, checkModel } from './door.ts'
import { loadBridge, type ModelBridge } from './engine-package.ts'
import { refuseInTraining } from './in-training.ts'
import type { TrainableModel } from './model.ts'
import { warnings } from './warnings.ts'

/** Options of `predict`. */
export interface PredictOptions {
  /**
   * How bytes become what the network sees, in the model's input shape. Default: divided by 255; as they are where the model begins
   * with a Rescaling or Normalization layer.
   */
  readonly input?: InputTreatment
  /**
   * The loss of the model's training. `evaluate` measures it: default what the model was compiled with, else
   * `categoricalCrossentropy`. `predict` needs none.
   */
  readonly loss?: LossName | LossFunction
  /**
   * Default the compiled engine on the CPU; for a model that it can't run, the eager one, with a warning. By name: `wasm` and `webgpu`
   * compile for the CPU and the GPU, `tfjs` is the eager one, `auto` the quickest that is there.
   */
  readonly engine?: Engine | EngineName
  /** Told, once each, of what is probably not meant. Default `console.warn`. */
  readonly onWarning?: (message: string) => void
}

/** Options of `evaluate`. */
export interface EvaluateOptions extends PredictOptions {
  /** 0 up to but not 1: cross-entropy against labels that are that much less certain, as in `fit`. Default 0. */
  readonly labelSmoothing?: number
  /** Stops between two batches; the call then throws `aborted`. */
  readonly signal?: AbortSignal
}

/** What `evaluate` measures. */
export interface Evaluation {
  /** Mean over the images. */
  readonly loss: number
  /** Share of images whose largest output is their label's, 0..1; absent with a mean error, whose targets are numbers. */
  readonly accuracy?: number
}

const PREDICT_OPTIONS: readonly (keyof PredictOptions)[] = ['input', 'loss', 'engine', 'onWarning']
const EVALUATE_OPTIONS: readonly (keyof EvaluateOptions)[] = [...PREDICT_OPTIONS, 'labelSmoothing', 'signal']

/** Forms of outputs, for a model whose loss nobody names: behind a softmax, a sigmoid, or neither. */
const FORMS: readonly LossName[] = ['categoricalCrossentropy', 'binaryCrossentropy', 'meanSquaredError']

/**
 * A model's mean loss and accuracy over a dataset, as Keras' `model.evaluate`: dropout off, BatchNorm on its averages.
 *
 * @throws GichoError `bad-argument`, `bad-shape`, `bad-data`; `unsupported` for what the model was compiled with and isn't known here;
 * `unsupported`, `unavailable` from the engine; `aborted`
 */
export async function evaluate(
  model: TrainableModel,
  data: ImageDataset,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  checkModel('evaluate', model)
  checkGiven('evaluate', data)
  checkOptions('evaluate', options, EVALUATE_OPTIONS)
  refuseInTraining('evaluate', model)
  const { input = inputTreatment('evaluate', model), labelSmoothing = 0, signal } = options
  checkSmoothing('evaluate', labelSmoothing)
  const bridge = await loadBridge()
  const loss = chooseLoss('evaluate', model, options.loss, bridge.nameOfLoss)
  checkCompiledMetrics('evaluate', model, loss)
  checkData('evaluate', model, data, input.shape, loss)
  const job = await jobFor(bridge, model, { input, loss, ...(labelSmoothing === 0 ? {} : { labelSmoothing }) })
  const engine = await chooseEngine('evaluate', options.engine, warnings(options.onWarning))
  return withSession(engine, job, data, async (session) => {
    const sums = await session.evaluate('train', signal ? { signal } : {})
    const mean = { loss: sums.loss / sums.samples }
    return isMeanError(loss) ? mean : { ...mean, accuracy: sums.correct / sums.samples }
  })
}

/**
 * A model's outputs for images, as Keras' `model.predict`.
 *
 * @param images [n, height, width, channels] bytes
 * @returns [n, outputs] row-major; behind a softmax each row adds up to 1
 * @throws GichoError `bad-data` for images that are no bytes, `bad-shape` when they aren't whole images; `unsupported`, `unavailable`
 * from the engine
 */
export async function predict(
  model: TrainableModel,
  images: Uint8Array,
  options: PredictOptions = {},
): Promise<Float32Array> {
  checkModel('predict', model)
  checkImages('predict', images)
  checkOptions('predict', options, PREDICT_OPTIONS)
  refuseInTraining('predict', model)
  const { input = inputTreatment('predict', model) } = options
  const size = sizeOf(input.shape)
  if (images.length % size !== 0) {
    throw new GichoError('bad-shape', `predict: expected whole images of ${size} bytes, got ${images.length} bytes.`)
  }
  const bridge = await loadBridge()
  const engine = await chooseEngine('predict', options.engine, warnings(options.onWarning))
  const named = options.loss === undefined ? undefined : chooseLoss('predict', model, options.loss, bridge.nameOfLoss)
  const job = await jobFor(bridge, model, { input, loss: named ?? 'categoricalCrossentropy' })
  const forms = named ? [job] : FORMS.map((loss) => ({ ...job, loss }))
  return withSession(engine, bestForm(engine, forms) ?? job, noImages(model, input), (session) =>
    session.predict(images),
  )
}

/** The job of which the engine can run most. */
function bestForm(engine: Engine, forms: readonly TrainingJob[]): TrainingJob | undefined {
  const issues = forms.map((job) => engine.supports(job).length)
  return forms[issues.indexOf(Math.min(...issues))]
}

async function jobFor(
  bridge: ModelBridge,
  model: TrainableModel,
  form: Pick<TrainingJob, 'input' | 'loss' | 'labelSmoothing'>,
): Promise<TrainingJob> {
  // Where nothing is trained, nothing is frozen.
  const { topology, weights } = await bridge.readModel(model)
  return { model: { topology, weights }, optimizer: rmsprop(), batchSize: 32, seed: 0, ...form }
}

async function withSession<T>(
  engine: Engine,
  job: TrainingJob,
  train: ImageDataset,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await engine.open(job, { train })
  try {
    return await use(session)
  } finally {
    await session.dispose()
  }
}

/** Predicting needs no data to train on. */
function noImages(model: TrainableModel, input: InputTreatment): ImageDataset {
  const classNames = Array.from({ length: outputClasses(model) }, (_, label) => String(label))
  const shape = [sizeOf(input.shape), 1, 1] as const
  return {
    images: new Uint8Array(0),
    labels: new Uint8Array(0),
    length: 0,
    shape,
    classNames,
    split: 'test',
    source: 'none',
  }
}
