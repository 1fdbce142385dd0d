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
  const { length, classNames } = need(lesson, 'train')
  const { stepsPerEpoch } = lesson.context
  const perEpoch = stepsPerEpoch === undefined ? length : stepsPerEpoch * batchSizeOf(lesson)
  return { train: length, test: need(lesson, 'test').length, perEpoch, classNames }
}
