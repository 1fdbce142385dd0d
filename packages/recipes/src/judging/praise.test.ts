import { type EpochLogs, rmsprop, sgd, type Verdict } from '@gicho/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { records } from '../../test/walk.ts'
import { aslReference } from '../asl.reference.ts'
import * as perceptron from '../asl.verdict.ts'
import { aslAugmentedReference } from '../asl-augmented.reference.ts'
import * as augmented from '../asl-augmented.verdict.ts'
import { aslCnnReference } from '../asl-cnn.reference.ts'
import * as cnn from '../asl-cnn.verdict.ts'
import { findRecipe } from '../find-recipe.ts'
import { mnistReference } from '../mnist.reference.ts'
import * as mnist from '../mnist.verdict.ts'
import { type CourseData, digits, letters, type RunFacts } from './run-facts.ts'

interface Lesson {
  readonly name: string
  readonly course: CourseData
  readonly reference: readonly EpochLogs[]
  readonly judge: (logs: readonly EpochLogs[], facts?: RunFacts) => Verdict
}

const lessons: readonly Lesson[] = [
  {
    name: 'mnist',
    course: digits,
    reference: mnistReference,
    judge: (logs, facts) => mnist.judge(records(logs), facts),
  },
  {
    name: 'asl',
    course: letters,
    reference: aslReference,
    judge: (logs, facts) => perceptron.judge(records(logs), { facts }),
  },
  {
    name: 'asl-cnn',
    course: letters,
    reference: aslCnnReference,
    judge: (logs, facts) => cnn.judge(records(logs), { facts }),
  },
  {
    name: 'asl-augmented',
    course: letters,
    reference: aslAugmentedReference,
    judge: (logs, facts) => augmented.judge(records(logs), { facts }),
  },
]

/** Words with which a verdict is content, in both languages. */
const praise =
  /right on course|lesson has worked|has shown what|understood|without fault|even better|pleasant|no overfitting|shows that everything works|Yes[,:]|순조|성공|제대로 (보여|돌아)|이해했다|더 잘했|반가운|과적합은 없|네[,.]/

function expectNoPraise({ grade, text }: Verdict, because: unknown): void {
  expect(['in-band', 'above-band'], JSON.stringify([because, text])).not.toContain(grade)
  expect(text.en, JSON.stringify(because)).not.toMatch(praise)
  expect(text.ko, JSON.stringify(because)).not.toMatch(praise)
}

/** All of the course's pictures, nothing said, or fewer of each. */
function factsFor(course: CourseData): fc.Arbitrary<RunFacts | undefined> {
  const fewer = fc
    .record({ train: fc.integer({ min: 1, max: course.train }), test: fc.integer({ min: 1, max: course.test }) })
    .map((sizes) => ({ ...course, ...sizes, perEpoch: sizes.train }))
  return fc.oneof(fc.constant(undefined), fc.constant({ ...course, perEpoch: course.train }), fewer)
}

/** Up to 25 epochs as they may come before the last one. */
const before = (reference: readonly EpochLogs[]): fc.Arbitrary<readonly EpochLogs[]> =>
  fc.oneof(
    fc.integer({ min: 0, max: reference.length + 2 }).map((epochs) => reference.slice(0, epochs)),
    fc.array(
      fc.record({
        loss: fc.double({ min: 0, max: 200, noNaN: true }),
        accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
        val_loss: fc.double({ min: 0, max: 200, noNaN: true }),
        val_accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 25 },
    ),
  )

describe.each(lessons)('$name', ({ course, reference, judge }) => {
  const classes = course.classNames.length
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const guess = fc.double({ min: 0, max: 1.5 / classes, noNaN: true })
  const loss = fc.double({ min: 0, max: 3 * Math.log(classes), noNaN: true })

  test('a run that reads new pictures no better than guessing is never praised', () => {
    const last = fc.record({ loss, accuracy: share, val_loss: loss, val_accuracy: guess })
    fc.assert(
      fc.property(before(reference), last, factsFor(course), (epochs, end, facts) => {
        expectNoPraise(judge([...epochs, end], facts), { end, epochs: epochs.length, facts })
      }),
      { numRuns: 300 },
    )
  })

  test('a run whose loss lies far above that of guessing is never praised', () => {
    const large = fc.double({ min: 1.51 * Math.log(classes), max: 1e30, noNaN: true })
    const last = fc.oneof(
      fc.record({ loss: large, accuracy: share, val_loss: loss, val_accuracy: share }),
      fc.record({ loss: large, accuracy: share }),
      fc.record({ loss, accuracy: share, val_loss: large.map((value) => 5 * value), val_accuracy: share }),
    )
    fc.assert(
      fc.property(before(reference), last, factsFor(course), (epochs, end, facts) => {
        expectNoPraise(judge([...epochs, end], facts), { end, epochs: epochs.length, facts })
      }),
      { numRuns: 300 },
    )
  })

  test('a run with a number that is none is never praised, wherever it stands in the last epoch', () => {
    const good = { loss: 0.05, accuracy: 0.985, val_loss: 0.1, val_accuracy: 0.98 }
    for (const key of ['loss', 'accuracy', 'val_loss', 'val_accuracy'] as const) {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        const verdict = judge([...reference, { ...good, [key]: value }])
        expectNoPraise(verdict, { key, value })
        expect(verdict.grade).toBe('below-band')
      }
    }
  })

  test('every verdict on a failure says what is wrong and what may be behind it, in both languages', () => {
    const chance = 1 / classes
    const failed = { loss: 145, accuracy: chance, val_loss: 160, val_accuracy: chance }
    const { grade, text } = judge([failed])
    expect(grade).toBe('below-band')
    expect(text.en).toContain('145')
    expect(text.en).toContain(`an even guess among ${classes} classes costs ${Math.log(classes).toFixed(2)}`)
    expect(text.en).toContain('learning rate')
    expect(text.ko).toContain('145')
    expect(text.ko).toContain('학습률')
    expect(text.ko.split('\n\n')).toHaveLength(text.en.split('\n\n').length)
  })

  test("the course's own run, at every epoch, has no trouble", () => {
    for (let epochs = 1; epochs <= reference.length; epochs++) {
      expect(judge(reference.slice(0, epochs)).grade, String(epochs)).toBe('in-band')
    }
  })

  test('a handful of validation pictures proves nothing, however well they are read', () => {
    const end = { loss: 0.01, accuracy: 1, val_loss: 0.01, val_accuracy: 1 }
    for (const test of [1, 3, 20]) {
      const verdict = judge([...reference, end], { ...course, test, perEpoch: course.train })
      expectNoPraise(verdict, test)
      expect(verdict.grade).toBeUndefined()
      expect(verdict.text.en).toContain(`Only ${test} picture`)
      expect(verdict.text.ko).toContain(`${test}장뿐`)
    }
  })
})

const even = { loss: 2.31, accuracy: 0.1, val_loss: 2.31, val_accuracy: 0.09 }
const whole: RunFacts = { ...digits, perEpoch: 60_000, stepsPerEpoch: 1875 }
const judgeDigits = (logs: readonly EpochLogs[], facts: Partial<RunFacts> = {}): string =>
  mnist.judge(records(logs), { ...whole, ...facts }).text.en

test('9% of ten classes is called guessing, not limited success', () => {
  expect(judgeDigits([even])).toContain('no better than guessing: an even guess among 10 classes is right in 10.0%')
  expect(judgeDigits([even], { train: 500, test: 100, perEpoch: 500, stepsPerEpoch: 16 })).toContain(
    'no better than guessing',
  )
})

test('4% of 24 classes is called guessing', () => {
  const end = { loss: 3.2, accuracy: 0.05, val_loss: 3.2, val_accuracy: 0.04 }
  expect(perceptron.judge(records([end])).text.en).toContain('an even guess among 24 classes is right in 4.2%')
})

test('a learning rate that is too high is named with the usual one, and so is one that is too low', () => {
  expect(judgeDigits([even], { optimizer: rmsprop({ learningRate: 0.5 }) })).toContain(
    'it was 0.5, where 0.001 is usual for rmsprop',
  )
  expect(judgeDigits([even], { optimizer: sgd({ learningRate: 1e-6 }) })).toContain('the weights hardly move')
  expect(judgeDigits([even], { optimizer: rmsprop() })).toContain('most often a learning rate')
})

test('a run that lies behind the course without having failed is told of its unusual learning rate, too', () => {
  const slow = { loss: 0.9, accuracy: 0.7, val_loss: 0.8, val_accuracy: 0.75 }
  for (const { judge, course } of lessons) {
    const facts = { ...course, perEpoch: course.train, optimizer: rmsprop({ learningRate: 0.01 }) }
    expect(
      judge(
        Array.from({ length: 20 }, () => slow),
        facts,
      ).text.en,
    ).toContain('it was 0.01')
  }
})

test('three pictures are too few to learn from, and it says which classes are missing', () => {
  const text = judgeDigits([even], { train: 3, test: 3, perEpoch: 3, stepsPerEpoch: 1, trainedClasses: 3 })
  expect(text).toContain('It learned from 3 pictures for 10 classes')
  expect(text).toContain('Only 3 of the 10 classes are among its training pictures')
  expect(text).toContain(
    'Only 3 pictures were used for validation, so that a single one changes the result by 33 points',
  )
})

test("a convolutional network that reads practised pictures alone is told of BatchNormalization's young averages", () => {
  const young = { loss: 0.4, accuracy: 0.88, val_loss: 6, val_accuracy: 0.05 }
  const facts = { ...letters, train: 2000, perEpoch: 2000, stepsPerEpoch: 63 }
  const { en, ko } = cnn.judge(records([young]), { facts }).text
  expect(en).toContain('On new pictures it does no better than guessing')
  expect(en).toContain('after 63 steps, 53.1% of each is the number that it began with')
  expect(ko).toContain('BatchNormalization')
  const trained = { facts: { ...facts, stepsPerEpoch: 5000 } }
  expect(cnn.judge(records([young]), trained).text.en).not.toContain('BatchNormalization')
  expect(perceptron.judge(records([young]), { facts }).text.en).not.toContain('BatchNormalization')
})

test('new pictures that lie far behind after a few steps are explained by the young averages, in lessons 3 and 4', () => {
  const behind = { loss: 0.4, accuracy: 0.865, val_loss: 2, val_accuracy: 0.419 }
  const facts = { train: 600, test: 600, perEpoch: 600, classNames: digits.classNames, stepsPerEpoch: 19 }
  for (const { judge } of [cnn, augmented]) {
    expect(judge(records([behind, behind]), { facts }).text.en).toContain('after 38 steps, 68.3% of each')
  }
  expect(cnn.judge(records([behind, behind]), { facts: { ...facts, stepsPerEpoch: 900 } }).text.en).not.toContain('38')
})

test('a loss that stands still is called a stop, not steadiness', () => {
  const { text, grade } = cnn.judge(
    records(Array.from({ length: 20 }, () => ({ loss: 3.1807, accuracy: 0.041, val_loss: 3.18, val_accuracy: 0.02 }))),
  )
  expect(grade).toBe('below-band')
  expect(text.en).toContain('It has stopped learning: for 20 epochs its loss has stood at 3.181')
  expect(text.en).not.toContain('steadier')
})

test('a network that has lost what it knew is told from one that never knew it', () => {
  const lost = { loss: 0.4, accuracy: 0.9, val_loss: 9, val_accuracy: 0.1 }
  expect(judgeDigits([...mnistReference.slice(0, 3), lost])).toContain(
    'After epoch 2 it was right in 97.6% of the new pictures; now it does no better than guessing',
  )
})

test('fewer right answers than by guessing point to labels that are counted differently', () => {
  expect(judgeDigits([{ ...even, val_accuracy: 0.01 }])).toContain('labels of both parts')
})

test('where one class prevails, naming it every time is the measure', () => {
  const end = { loss: 0.5, accuracy: 0.8, val_loss: 0.5, val_accuracy: 0.9 }
  const facts = { train: 1000, test: 500, perEpoch: 1000, classNames: ['cat', 'dog', 'owl'], commonest: 0.9 }
  expect(mnist.judge(records([end]), facts).text.en).toContain(
    'the most frequent class makes up 90.0% of the validation pictures',
  )
})

test('a training that was not validated is judged by its loss all the same', () => {
  expect(judgeDigits([{ loss: 145, accuracy: 0.3 }])).toContain('Something went wrong')
})

test("lesson 3's best epoch long ago does not excuse a model that has become bad since", () => {
  const bad = { loss: 0.001, accuracy: 0.9995, val_loss: 3, val_accuracy: 0.4 }
  expect(cnn.judge(records([...aslCnnReference.slice(0, 15), ...Array.from({ length: 5 }, () => bad)])).grade).toBe(
    'below-band',
  )
})

test("lesson 2's early stop below everything that validation jumps over is not on course", () => {
  const [first] = aslReference
  expect(first && perceptron.judge(records([{ ...first, val_accuracy: 0.15 }])).grade).toBe('below-band')
})

test('a recipe judges by the same rules without a walk through its steps', () => {
  for (const id of ['mnist', 'asl', 'asl-cnn', 'asl-augmented']) {
    const failed = { loss: 145, accuracy: 0.04, val_loss: 150, val_accuracy: 0.04 }
    expect(findRecipe(id).verdict(records([failed])).grade).toBe('below-band')
  }
})
