import type { Split } from './dataset.ts'
import type { NamedArray, TrainingData, TrainingJob } from './job.ts'

/** Something that an engine can't run: `where` names the layer or option, `message` says it in a sentence. */
export interface Issue {
  readonly where: string
  readonly message: string
}

/** What does the work, for people and for run records. */
export interface DeviceInfo {
  /** The engine's backend: `wasm`, `cpu`, `webgpu`, `tensorflow`. */
  readonly backend: string
  /** The device in words: "CPU, 2 threads", "NVIDIA H100". */
  readonly name: string
  readonly threads: number
}

/** Sums over samples, so that short batches weigh what they should; a mean is a sum divided by `samples`. */
export interface MetricSums {
  readonly samples: number
  readonly loss: number
  /** Samples whose largest output is their label's. */
  readonly correct: number
}

/** How far a `train` call has come. */
export interface StepProgress extends MetricSums {
  /** Steps done, with those that the call goes on from. */
  readonly steps: number
}

/** One uninterrupted run of steps over rows of the training data. */
export interface TrainRequest {
  /** Rows of the training data in the order in which they are seen; cut into batches, the last may be short. */
  readonly order: Uint32Array
  /** Number of the first step since the run began; keys the dropout masks, so that a resumed run goes on in the same stream. */
  readonly firstStep: number
  /** One rate for all steps, or one a step. */
  readonly learningRate: number | Float32Array
  /**
   * The limit of this call's clip, in the place of the number that the job's optimizer has for `clipNorm`, `globalClipNorm` or
   * `clipValue`; which of the three it is stays the job's.
   */
  readonly clip?: number
  /** A weight for each row of `order`. */
  readonly sampleWeights?: Float32Array
  /** Of a job that augments: a draw for each row of `order`, [rows, DRAW_NUMBERS]. */
  readonly draws?: Float64Array
  /**
   * Sums that this call goes on from: its own contain them. A float64 sum then has the same bits wherever an epoch is cut into calls.
   */
  readonly progress?: StepProgress
  /** Called a few times a second with the sums so far. */
  readonly onProgress?: (progress: StepProgress) => void
  /** Stops between two steps; the promise then resolves with the steps that were done. */
  readonly signal?: AbortSignal
}

/** Device memory and compiled code for one job. Dispose it. One call at a time. */
export interface Session {
  readonly device: DeviceInfo
  train(request: TrainRequest): Promise<StepProgress>
  /** Loss and accuracy over a split, dropout off, BatchNorm on its moving averages. */
  evaluate(split: Split, options?: { signal?: AbortSignal }): Promise<MetricSums>
  /** Outputs of the model [n, classes] for n images as bytes: probabilities where it ends in softmax or sigmoid. */
  predict(images: Uint8Array): Promise<Float32Array>
  readWeights(): Promise<NamedArray[]>
  /** @throws GichoError `bad-shape` when names or sizes aren't the model's */
  writeWeights(weights: readonly NamedArray[]): Promise<void>
  readOptimizer(): Promise<NamedArray[]>
  /** Goes on from a stored state; gradients that wait for their update (`accumulationSteps`) are dropped. */
  writeOptimizer(state: readonly NamedArray[]): Promise<void>
  dispose(): Promise<void>
}

/** A way to train. */
export interface Engine {
  readonly name: string
  /** Every layer and option of the job that this engine can't run; empty when it can run it. */
  supports(job: TrainingJob): Issue[]
  /** @throws GichoError `unsupported` when `supports` has issues, `unavailable` when the backend isn't there */
  open(job: TrainingJob, data: TrainingData): Promise<Session>
}
