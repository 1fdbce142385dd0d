import { GichoError } from '@gicho/core'
import type { ModelWeight, TrainableModel } from './model.ts'

/** Weights that a `fit` under way will write. */
const trained = new WeakSet<object>()

/**
 * Marks a model's weights as being trained, until the function that it returns is called. Models may share layers that are frozen in
 * both.
 *
 * @throws GichoError `bad-argument` while another `fit` trains any of them
 */
export function beginTraining(model: TrainableModel): () => void {
  refuseTrained(
    'fit',
    model.trainableWeights ?? model.weights,
    'The last to end would overwrite the other. Await that one first.',
  )
  const weights = [...(model.trainableWeights ?? model.weights)]
  for (const weight of weights) trained.add(weight)
  return () => {
    for (const weight of weights) trained.delete(weight)
  }
}

/** Refuses to use a model whose weights are under way: they come back into it when its `fit` ends. @throws GichoError `bad-argument` */
export function refuseInTraining(where: string, model: TrainableModel): void {
  const help =
    'It gets its new weights when that ends: await it first. In a callback, context.readWeights() gives those so far.'
  refuseTrained(where, model.weights, help)
}

function refuseTrained(where: string, weights: readonly ModelWeight[], help: string): void {
  const busy = weights.find((weight) => trained.has(weight))
  if (busy === undefined) return
  throw new GichoError(
    'bad-argument',
    `${where}: the model is being trained by a fit under way (${busy.originalName}). ${help}`,
  )
}
