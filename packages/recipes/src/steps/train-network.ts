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
    batchSize: lesson.recipe.fit?.batchSize ?? BATCH,
    validationData: need(lesson, 'test'),
    input: need(lesson, 'input'),
    loss,
    optimizer,
  })
}

/** What the lesson's run learned from, for its verdict. */
export function factsOf(lesson: Lesson): RunFacts {
  const { length, classNames } = need(lesson, 'train')
  const { stepsPerEpoch } = lesson.context
  const batchSize = lesson.recipe.fit?.batchSize ?? BATCH
  const perEpoch = stepsPerEpoch === undefined ? length : stepsPerEpoch * batchSize
  return { train: length, test: need(lesson, 'test').length, perEpoch, classNames }
}
