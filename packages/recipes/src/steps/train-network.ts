import type { ImageDataset } from '@gicho/core'
import { type FitOptions, fit } from '@gicho/trainer'
import type { RunFacts } from '../judging/run-facts.ts'
import { fitOptions, type Lesson, need } from '../lesson.ts'

/** Keras' default, where the recipe says nothing. */
const BATCH = 32

/** Trains the lesson's network on its data and validates after every epoch. @param extra what a lesson adds; the app's choices win */
export async function trainNetwork(
  lesson: Lesson,
  extra: Pick<FitOptions, 'augment' | 'stepsPerEpoch'> = {},
): Promise<void> {
  const { loss, optimizer } = need(lesson, 'compile')
  lesson.fitResult = await fit(need(lesson, 'model'), need(lesson, 'train'), {
    ...extra,
    ...fitOptions(lesson.context),
    batchSize: batchSizeOf(lesson),
    validationData: need(lesson, 'test'),
    input: need(lesson, 'input'),
    loss,
    optimizer,
  })
}

/** Images in a batch: as many as the app says, else the recipe. */
export function batchSizeOf({ context, recipe }: Lesson): number {
  return context.batchSize ?? recipe.fit?.batchSize ?? BATCH
}

/** What the lesson's run learned from, for its verdict. */
export function factsOf(lesson: Lesson): RunFacts {
  const train = need(lesson, 'train')
  const test = need(lesson, 'test')
  const { length, classNames } = train
  const batch = batchSizeOf(lesson)
  const { stepsPerEpoch } = lesson.context
  const optimizer = lesson.compile?.optimizer
  return {
    train: length,
    test: test.length,
    perEpoch: stepsPerEpoch === undefined ? length : stepsPerEpoch * batch,
    classNames,
    stepsPerEpoch: stepsPerEpoch ?? Math.ceil(length / batch),
    ...(optimizer === undefined ? {} : { optimizer }),
    trainedClasses: new Set(train.labels).size,
    commonest: commonestShare(test),
  }
}

function commonestShare({ labels, length, classNames }: ImageDataset): number {
  const counts = new Uint32Array(classNames.length)
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1
  return Math.max(...counts) / Math.max(1, length)
}
