import {
  checkDataset,
  checkOptionNames,
  type Engine,
  GichoError,
  type ImageDataset,
  type InputTreatment,
  type LossName,
  rmsprop,
  type Session,
  sizeOf,
} from '@gicho/core'
import { checkData, checkLoss, inputTreatment, outputClasses } from './check.ts'
import { loadBridge } from './default-engine.ts'
import type { TrainableModel } from './model.ts'

/** Options of `evaluate` and `predict`. */
export interface UseOptions {
  /**
   * How bytes become what the network sees, in the model's input shape. Default: divided by 255; as they are where the model begins
   * with a Rescaling or Normalization layer.
   */
  readonly input?: InputTreatment
  /** What `evaluate` measures, and which form `predict`'s outputs have. Default `categoricalCrossentropy`. */
  readonly loss?: LossName
  /** Default the eager engine of `@gicho/engine/tfjs`. */
  readonly engine?: Engine
  /** Stops `evaluate`, which then throws `aborted`. */
  readonly signal?: AbortSignal
}

const NAMES: readonly (keyof UseOptions)[] = ['input', 'loss', 'engine', 'signal']

/**
 * A model's mean loss and accuracy over a dataset, as Keras' `model.evaluate`: dropout off, BatchNorm on its averages.
 *
 * @throws GichoError `bad-argument`, `bad-shape`, `bad-data`; `unsupported`, `unavailable` from the engine; `aborted`
 */
export async function evaluate(
  model: TrainableModel,
  data: ImageDataset,
  options: UseOptions = {},
): Promise<{ loss: number; accuracy: number }> {
  checkOptionNames('evaluate', options, NAMES)
  const input = options.input ?? inputTreatment('evaluate', model)
  const { loss: lossName = 'categoricalCrossentropy', engine } = options
  checkLoss('evaluate', lossName)
  checkDataset(data)
  checkData('evaluate', model, data, input.shape, lossName)
  return withSession(model, data, { input, loss: lossName, engine }, async (session) => {
    const sums = await session.evaluate('train', options.signal ? { signal: options.signal } : {})
    return { loss: sums.loss / sums.samples, accuracy: sums.correct / sums.samples }
  })
}

/**
 * A model's probabilities for images, as Keras' `model.predict`.
 *
 * @param images [n, height, width, channels] bytes
 * @returns [n, outputs] row-major; behind a softmax each row adds up to 1
 * @throws GichoError `bad-shape` when the bytes aren't whole images; `unsupported`, `unavailable` from the engine
 */
export async function predict(
  model: TrainableModel,
  images: Uint8Array,
  options: Omit<UseOptions, 'signal'> = {},
): Promise<Float32Array> {
  checkOptionNames('predict', options, NAMES)
  const input = options.input ?? inputTreatment('predict', model)
  const { loss = 'categoricalCrossentropy', engine } = options
  checkLoss('predict', loss)
  const size = sizeOf(input.shape)
  if (images.length % size !== 0) {
    throw new GichoError('bad-shape', `predict: expected whole images of ${size} bytes, got ${images.length} bytes.`)
  }
  return withSession(model, noImages(model, input), { input, loss, engine }, (session) => session.predict(images))
}

async function withSession<T>(
  model: TrainableModel,
  train: ImageDataset,
  { input, loss, engine }: { input: InputTreatment; loss: LossName; engine: Engine | undefined },
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const bridge = await loadBridge()
  // Where nothing is trained, nothing is frozen.
  const { topology, weights } = await bridge.readModel(model)
  const job = {
    model: { topology, weights },
    loss,
    optimizer: rmsprop(),
    batchSize: 32,
    seed: 0,
    input,
  }
  const session = await (engine ?? bridge.tfjsEngine()).open(job, { train })
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
