// Weights go into a model as tensors, also where no engine computes.
import '@tensorflow/tfjs-backend-cpu'
import type { Engine, MetricSums, NamedArray, StepProgress, TrainingData, TrainingJob, TrainRequest } from '@gicho/core'
import type { TrainableModel } from '../src/model.ts'

/** What a fake engine was asked to do. */
export interface FakeLog {
  job?: TrainingJob
  data?: TrainingData
  readonly requests: TrainRequest[]
  disposed: number
}

/** How a fake engine behaves. */
export interface FakeOptions {
  /** Mean loss of the n-th `train` call, counted from 0. Default 1. */
  readonly loss?: (call: number) => number
  /** Mean loss of the n-th `evaluate` call. Default 1. */
  readonly validationLoss?: (call: number) => number
  /** The weights are no longer numbers after the first step; the loss, which is of before it, is. */
  readonly brokenWeights?: boolean
  /** Called before every step. */
  readonly onStep?: () => void
}

/** An engine that does no arithmetic: its only weight counts the steps, half of all samples are right. */
export function fakeEngine(options: FakeOptions = {}): { engine: Engine; log: FakeLog } {
  const log: FakeLog = { requests: [], disposed: 0 }
  let count = 0
  let evaluations = 0
  const weights = (): NamedArray[] => [
    { name: 'count', shape: [1], values: Float32Array.of(options.brokenWeights && count > 0 ? Number.NaN : count) },
  ]
  const sums = (samples: number, mean: number): MetricSums => ({ samples, loss: mean * samples, correct: samples / 2 })
  const engine: Engine = {
    name: 'fake',
    supports: () => [],
    async open(job, data) {
      log.job = job
      log.data = data
      return {
        device: { backend: 'fake', name: 'pencil', threads: 1 },
        async train(request): Promise<StepProgress> {
          const loss = options.loss?.(log.requests.length) ?? 1
          log.requests.push(request)
          const steps = Math.ceil(request.order.length / job.batchSize)
          const before = request.progress ?? { steps: 0, samples: 0, loss: 0, correct: 0 }
          let progress: StepProgress = before
          while (progress.steps - before.steps < steps && !request.signal?.aborted) {
            options.onStep?.()
            count++
            const done = progress.steps - before.steps + 1
            const own = sums(Math.min(done * job.batchSize, request.order.length), loss)
            progress = {
              steps: before.steps + done,
              samples: before.samples + own.samples,
              loss: before.loss + own.loss,
              correct: before.correct + own.correct,
            }
            request.onProgress?.(progress)
          }
          return progress
        },
        async evaluate(split) {
          const part = split === 'train' ? data.train : data.validation
          return sums(part?.length ?? 0, options.validationLoss?.(evaluations++) ?? 1)
        },
        async predict(images) {
          return new Float32Array(images.length)
        },
        async readWeights() {
          return weights()
        },
        async writeWeights([weight]) {
          count = weight?.values[0] ?? Number.NaN
        },
        async readOptimizer() {
          return [{ name: 'slot', shape: [], values: Float32Array.of(7) }]
        },
        async writeOptimizer() {},
        async dispose() {
          log.disposed++
        },
      }
    },
  }
  return { engine, log }
}

/** A model with one weight of one number, which takes 4 bytes and tells 3 classes apart. */
export function fakeModel(): TrainableModel & { value: () => number } {
  let value = 0
  return {
    inputs: [{ shape: [null, 4] }],
    outputs: [{ shape: [null, 3] }],
    weights: [
      {
        originalName: 'count',
        shape: [1],
        read: () => ({ data: async () => [value] }),
        write(tensor: { dataSync(): ArrayLike<number> }) {
          value = tensor.dataSync()[0] ?? Number.NaN
        },
      },
    ],
    toJSON: () => ({ class_name: 'Sequential', config: [] }),
    value: () => value,
  }
}
