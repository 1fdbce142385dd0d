import type { Checkpoint, EpochRecord, GichoError, StepProgress } from '@gicho/core'

/** What of a checkpoint is no array. */
export interface StateFields extends Omit<Checkpoint, 'weights' | 'optimizer' | 'random'> {
  readonly randomPosition: number
}

/** True for a plain object of JSON. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads the fields from their JSON, which may come from anywhere. @throws what `wrong` makes of the first that isn't there */
export function readState(text: unknown, wrong: (detail: string) => GichoError): StateFields {
  const state = parse(text)
  if (!isRecord(state)) throw wrong("its state isn't a JSON object")
  const number = (from: Record<string, unknown>, name: string): number => {
    const value = from[name]
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
    throw wrong(`its ${name} is no number >= 0`)
  }
  const whole = (from: Record<string, unknown>, name: string): number => {
    const value = number(from, name)
    if (Number.isSafeInteger(value)) return value
    throw wrong(`its ${name} is no whole number`)
  }
  if (typeof state.recipe !== 'string') throw wrong('its recipe is no name')
  if (!isRecord(state.progress)) throw wrong('its progress is missing')
  if (!Array.isArray(state.history)) throw wrong('its history is no list')
  const { progress } = state
  const readProgress: StepProgress = {
    steps: whole(progress, 'steps'),
    samples: whole(progress, 'samples'),
    loss: number(progress, 'loss'),
    correct: whole(progress, 'correct'),
  }
  return {
    recipe: state.recipe,
    randomPosition: whole(state, 'randomPosition'),
    rowsOfPass: whole(state, 'rowsOfPass'),
    epoch: whole(state, 'epoch'),
    progress: readProgress,
    seconds: number(state, 'seconds'),
    learningRate: number(state, 'learningRate'),
    ...(state.clip === undefined ? {} : { clip: number(state, 'clip') }),
    history: state.history.map((epoch: unknown): EpochRecord => {
      if (!isRecord(epoch)) throw wrong('its history has something that is no epoch')
      return {
        epoch: whole(epoch, 'epoch'),
        loss: number(epoch, 'loss'),
        ...(epoch.accuracy === undefined ? {} : { accuracy: number(epoch, 'accuracy') }),
        ...(epoch.val_loss === undefined ? {} : { val_loss: number(epoch, 'val_loss') }),
        ...(epoch.val_accuracy === undefined ? {} : { val_accuracy: number(epoch, 'val_accuracy') }),
        seconds: number(epoch, 'seconds'),
        msPerStep: number(epoch, 'msPerStep'),
      }
    }),
  }
}

function parse(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}
