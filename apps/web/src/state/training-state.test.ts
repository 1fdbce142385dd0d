import type { EpochRecord, RunStart } from '@gicho/core'
import { expect, test } from 'vitest'
import { idleTraining, secondsLeft, speedOf, type TrainingState, withProgress } from './training-state.ts'

const run: RunStart = {
  engine: 'wasm',
  device: 'CPU, 2 threads',
  threads: 2,
  parameters: 8,
  train: 100,
  valid: 10,
  stepsPerEpoch: 4,
}

/** So many epochs of 4 steps and 50 ms each, as they are told to the page. */
function train(epochs: number, start: RunStart = run): TrainingState {
  let state: TrainingState = { ...idleTraining, phase: 'training', run: start }
  for (let i = 0; i < epochs; i++) {
    const epoch = i + 1
    const progress = { epoch, steps: 4, stepsPerEpoch: 4, samples: start.train, loss: 1, correct: 1 }
    state = withProgress(state, progress, i * 50)
    const record: EpochRecord = { epoch, loss: 1, accuracy: 1, seconds: 0.05, msPerStep: 10 }
    state = { ...state, history: [...state.history, record] }
  }
  return state
}

test('speed and time left are there in epochs that are too short to be measured', () => {
  const state = train(60)
  expect(state.pace?.imagesPerSecond).toBeUndefined()
  const speed = speedOf(state, 32)
  expect(speed).toBe(2500) // 25 images a step, of 10 ms
  expect(secondsLeft(state, 100, speed)).toBeCloseTo(40 * 0.05, 9)
  expect(speedOf({ ...state, phase: 'ended' }, 32)).toBe(2500)
})

test('a step of fewer pictures than a batch is not counted as a whole one', () => {
  expect(speedOf(train(1, { ...run, train: 10, stepsPerEpoch: 1 }), 32)).toBe(1000)
})

test('in long epochs the speed is that of the last second', () => {
  let state: TrainingState = { ...idleTraining, phase: 'training', run: { ...run, train: 60_000, stepsPerEpoch: 1875 } }
  for (let second = 0; second < 4; second++) {
    const samples = 5000 * (second + 1)
    const progress = { epoch: 1, steps: samples / 32, stepsPerEpoch: 1875, samples, loss: 1, correct: 1 }
    state = withProgress(state, progress, 1000 * second)
  }
  expect(speedOf(state, 32)).toBe(5000)
  expect(secondsLeft(state, 1, 5000)).toBe(8)
  expect(speedOf({ ...idleTraining, phase: 'starting' }, 32)).toBeUndefined()
  expect(secondsLeft(idleTraining, 5, undefined)).toBeUndefined()
})
