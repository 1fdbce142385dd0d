import { expect, test } from 'vitest'
import { FakeScreen } from '../../test/fake-screen.ts'
import { drawOutput } from './step-output.ts'

const record = { epoch: 1, loss: 0.2, accuracy: 0.94, val_loss: 0.1159, val_accuracy: 0.9688, seconds: 3, msPerStep: 2 }

test('values stand in two columns', () => {
  const screen = new FakeScreen()
  drawOutput(
    screen,
    {
      kind: 'values',
      rows: [
        { name: 'x_train.shape', value: '(60000, 28, 28)' },
        { name: 'min', value: '0' },
      ],
    },
    'en',
  )
  expect(screen.text).toMatchInlineSnapshot(`
    "  x_train.shape  (60000, 28, 28)
      min            0
    "
  `)
})

test('a table has columns of numbers flush right', () => {
  const screen = new FakeScreen()
  drawOutput(
    screen,
    {
      kind: 'table',
      columns: ['배열', 'count'],
      rows: [
        ['가', '7'],
        ['나다', '60000'],
      ],
    },
    'ko',
  )
  expect(screen.text).toMatchInlineSnapshot(`
    "  배열  count
      가        7
      나다  60000
    "
  `)
})

test('a history stands beside the recorded run of the course', () => {
  const screen = new FakeScreen()
  drawOutput(
    screen,
    { kind: 'history', history: [record], reference: [{ loss: 1, accuracy: 1, val_accuracy: 0.97 }] },
    'en',
  )
  expect(screen.text).toMatchInlineSnapshot(`
    "  epoch    loss  accuracy  val_loss  val_accuracy  (course)
          1  0.2000    0.9400    0.1159        0.9688    0.9700
    "
  `)
})

test('a verdict says first how it went, in the language of the lesson', () => {
  const text = { en: 'Well done.', ko: '잘했습니다.' }
  const english = new FakeScreen()
  drawOutput(english, { kind: 'verdict', verdict: { grade: 'in-band', text } }, 'en')
  expect(english.lines).toEqual(['As it should be.', 'Well done.', ''])
  const korean = new FakeScreen()
  drawOutput(korean, { kind: 'verdict', verdict: { grade: 'below-band', text } }, 'ko')
  expect(korean.lines).toEqual(['아직 모자랍니다.', '잘했습니다.', ''])
})

test('a run without a grade and a note are their text alone', () => {
  const text = { en: 'Another set of pictures.', ko: '다른 그림입니다.' }
  const screen = new FakeScreen()
  drawOutput(screen, { kind: 'verdict', verdict: { text } }, 'en')
  drawOutput(screen, { kind: 'note', text }, 'ko')
  expect(screen.lines).toEqual(['Another set of pictures.', '다른 그림입니다.', ''])
})

test('a matrix says which columns are shown when some are not', () => {
  const screen = new FakeScreen(4)
  drawOutput(screen, { kind: 'matrix', title: 'm', shape: [1, 4], values: [0, 1, 2, 0], digits: 0 }, 'en')
  expect(screen.lines).toEqual(['m (columns 1 to 2; those left and right of them hold zeros only)', '1 2', ''])
})

test('pictures and summaries are drawn', () => {
  const screen = new FakeScreen()
  const pixels = Uint8Array.of(255)
  drawOutput(
    screen,
    { kind: 'pictures', title: 'p', columns: 1, pictures: [{ title: '5', pixels, shape: [1, 1, 1] }], colours: 'grey' },
    'en',
  )
  expect(screen.lines).toEqual(['p', '5', '@@', ''])
  const summary = {
    name: 'net',
    rows: [{ name: 'dense', type: 'Dense', outputShape: [null, 10], parameters: 50 }],
    totalParameters: 50,
    trainableParameters: 50,
  }
  drawOutput(screen, { kind: 'summary', summary }, 'en')
  expect(screen.text).toContain('(None, 10)')
})
