import { expect, test } from 'vitest'
import { FakeScreen } from '../../test/fake-screen.ts'
import { phrases } from '../phrases.ts'
import { formatSeconds, ProgressBar } from './progress.ts'

const record = {
  epoch: 1,
  loss: 0.1907,
  accuracy: 0.9441,
  val_loss: 0.1159,
  val_accuracy: 0.9688,
  seconds: 39.4,
  msPerStep: 20.8,
}

function barOn(screen: FakeScreen): { bar: ProgressBar; at: (ms: number) => void } {
  let now = 0
  const bar = new ProgressBar(screen, phrases.en, 5, () => now)
  return {
    bar,
    at: (ms) => {
      now = ms
    },
  }
}

const step = (steps: number): Parameters<ProgressBar['step']>[0] => ({
  epoch: 1,
  stepsPerEpoch: 100,
  steps,
  samples: 32 * steps,
  loss: 16 * steps,
  correct: 24 * steps,
})

test('a terminal gets one line that is drawn over, then the results', () => {
  const screen = new FakeScreen(80, 1, true)
  const { bar, at } = barOn(screen)
  at(1000)
  bar.step(step(50))
  at(1050)
  bar.step(step(52)) // too soon to be drawn
  at(2000)
  bar.step(step(100))
  bar.epoch(record)
  const drawn = screen.text.replaceAll('\r\u001b[K', '\n<over>')
  expect(drawn).toMatchInlineSnapshot(`
    "Epoch 1/5

    <over> 50/100 ━━━━━━━━─────── 20ms/step - loss: 0.5000 - accuracy: 0.7500 - 1.0s left
    <over>100/100 ━━━━━━━━━━━━━━ 20ms/step - loss: 0.5000 - accuracy: 0.7500 - validating
    <over>100/100 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 39s 21ms/step
      loss: 0.1907 - accuracy: 0.9441 - val_loss: 0.1159 - val_accuracy: 0.9688
    "
  `)
  for (const line of drawn.split('\n')) expect(line.replace('<over>', '').length).toBeLessThan(80)
})

test('a wide terminal gets everything on one line', () => {
  const screen = new FakeScreen(140, 1, true)
  const { bar } = barOn(screen)
  bar.step(step(100))
  bar.epoch(record)
  expect(screen.text.split('\r\u001b[K').at(-1)).toMatchInlineSnapshot(`
    "100/100 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 39s 21ms/step - loss: 0.1907 - accuracy: 0.9441 - val_loss: 0.1159 - val_accuracy: 0.9688
    "
  `)
})

test('a pipe gets plain lines: one every ten seconds, one an epoch', () => {
  const screen = new FakeScreen()
  const { bar, at } = barOn(screen)
  bar.step(step(1))
  at(9000)
  bar.step(step(20))
  at(10_000)
  bar.step(step(25))
  at(11_000)
  bar.step(step(100))
  bar.epoch(record)
  expect(screen.text).toMatchInlineSnapshot(`
    "Epoch 1/5:  25/100 - 400ms/step - loss: 0.5000 - accuracy: 0.7500 - 30s left
    Epoch 1/5: 39s 21ms/step - loss: 0.1907 - accuracy: 0.9441 - val_loss: 0.1159 - val_accuracy: 0.9688
    "
  `)
  expect(screen.text).not.toContain('\u001b')
})

test('an interrupted line is left, and the next text begins on a new one', () => {
  const screen = new FakeScreen(80, 1, true)
  const { bar } = barOn(screen)
  bar.step(step(50))
  bar.close()
  bar.close()
  expect(screen.text.endsWith('left\n')).toBe(true)
})

test('a narrow terminal gets no bar, and no line is wider than it', () => {
  const screen = new FakeScreen(30, 1, true)
  barOn(screen).bar.step(step(50))
  expect(screen.lines.at(-1)?.replace('\r\u001b[K', '').length).toBeLessThan(30)
})

test('seconds read as people say them', () => {
  expect([0.84, 42, 185, 7800].map(formatSeconds)).toEqual(['0.8s', '42s', '3m05s', '2h10m'])
})
