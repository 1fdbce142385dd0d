import { DRAW_NUMBERS, type Engine, type Session, type StepProgress, type TrainRequest } from '@gicho/core'
import type { Gate } from './gate.ts'

const nothing: StepProgress = { steps: 0, samples: 0, loss: 0, correct: 0 }

/** An engine whose training stands still while the gate is closed, its session kept open. The result is the same. */
export function gatedEngine(engine: Engine, gate: Gate): Engine {
  return {
    get name() {
      return engine.name
    },
    supports: (job) => engine.supports(job),
    async open(job, data) {
      const session = await engine.open(job, data)
      return gatedSession(session, gate, job.batchSize)
    },
  }
}

function gatedSession(session: Session, gate: Gate, batchSize: number): Session {
  return {
    device: session.device,
    train: (request) => trainGated(session, gate, batchSize, request),
    evaluate: (split, options) => session.evaluate(split, options),
    predict: (images) => session.predict(images),
    readWeights: () => session.readWeights(),
    writeWeights: (weights) => session.writeWeights(weights),
    readOptimizer: () => session.readOptimizer(),
    writeOptimizer: (state) => session.writeOptimizer(state),
    dispose: () => session.dispose(),
  }
}

async function trainGated(
  session: Session,
  gate: Gate,
  batchSize: number,
  request: TrainRequest,
): Promise<StepProgress> {
  const { order, signal, progress = nothing } = request
  let sums = progress
  while (!signal?.aborted) {
    const step = sums.steps - progress.steps
    if (step * batchSize >= order.length) break
    const steps = await gate.pass(signal)
    if (steps === 0) break
    const rows = { from: step * batchSize, to: Math.min(order.length, (step + steps) * batchSize) }
    const stops = gate.isOpen ? [gate.closing] : []
    sums = await session.train({
      ...part(request, rows.from, rows.to, batchSize),
      progress: sums,
      signal: AbortSignal.any(signal ? [signal, ...stops] : stops),
    })
  }
  return sums
}

/** The same request for some of its rows. */
function part(request: TrainRequest, from: number, to: number, batchSize: number): TrainRequest {
  const { order, firstStep, learningRate, draws, sampleWeights } = request
  const step = from / batchSize
  return {
    ...request,
    order: order.subarray(from, to),
    firstStep: firstStep + step,
    learningRate:
      typeof learningRate === 'number' ? learningRate : learningRate.subarray(step, Math.ceil(to / batchSize)),
    ...(draws ? { draws: draws.subarray(from * DRAW_NUMBERS, to * DRAW_NUMBERS) } : {}),
    ...(sampleWeights ? { sampleWeights: sampleWeights.subarray(from, to) } : {}),
  }
}
