/* For tests only: walks a recipe and reads what its steps show. */
import type { EpochLogs, EpochRecord, Recipe, StepOutput } from '@gicho/core'
import { isGichoError } from '@gicho/core'
import { expect } from 'vitest'
import { type Lesson, startLesson } from '../src/lesson.ts'

/** Runs the steps up to and including `id` and gives the last one's output. */
export async function runUntil(id: string, lesson: Lesson): Promise<readonly StepOutput[]> {
  for (const step of lesson.recipe.steps) {
    const output = await step.run(lesson)
    if (step.id === id) return output
  }
  throw new Error(`no step ${id}`)
}

/** The names and values of all `values` outputs. */
export function valuesOf(outputs: readonly StepOutput[]): Record<string, string> {
  const rows = outputs.flatMap((output) => (output.kind === 'values' ? output.rows : []))
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

/** The only output of that kind. */
export function outputOf<Kind extends StepOutput['kind']>(
  outputs: readonly StepOutput[],
  kind: Kind,
): Extract<StepOutput, { kind: Kind }> {
  const found = outputs.filter((output): output is Extract<StepOutput, { kind: Kind }> => output.kind === kind)
  const [only] = found
  if (only === undefined || found.length > 1) throw new Error(`expected one output ${kind}, got ${found.length}`)
  return only
}

/** A history with these results. */
export function records(epochs: readonly EpochLogs[]): EpochRecord[] {
  return epochs.map((logs, i) => ({ ...logs, epoch: i + 1, seconds: 5, msPerStep: 2 }))
}

/** Each step either runs at once or names the step to run first. @param free those that need nothing */
export async function expectStepsToNameWhatTheyNeed(
  recipe: Recipe<Lesson>,
  context: Lesson['context'],
  free: readonly string[],
): Promise<void> {
  const ids = recipe.steps.map((step) => step.id)
  for (const step of recipe.steps.filter(({ id }) => !free.includes(id))) {
    const error: unknown = await step.run(startLesson(recipe, context)).catch((caught: unknown) => caught)
    expect(isGichoError(error, 'bad-argument'), `${step.id}: ${String(error)}`).toBe(true)
    const named = /this step needs "\w+".*Run the step "([\w-]+)" first/.exec(String(error))?.[1] ?? ''
    expect(ids.slice(0, ids.indexOf(step.id)), step.id).toContain(named)
  }
}
