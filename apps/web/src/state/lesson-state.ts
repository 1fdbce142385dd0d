import { lessonTexts } from 'virtual:lesson-texts'
import type { EpochLogs, EpochRecord, RunStart, StepOutput } from '@gicho/core'
import { batch, type Signal, signal } from '@preact/signals'
import type { LessonText } from '../lesson-text.ts'
import { courseSettings, readSettings, type Settings, settingsQuery } from '../settings.ts'
import type { KeptRun } from '../worker/keeping/run-store.ts'
import type { News, TrainingProgress } from '../worker/news.ts'
import { classroom, onNews } from './classroom.ts'
import { explain } from './explain.ts'
import { language } from './language.ts'
import { type Notice, notify } from './notices.ts'
import { lessonLink, query, replaceLink } from './route.ts'
import { refreshRuns } from './runs.ts'

/** How a step of a lesson stands. */
export interface CellState {
  readonly status: 'idle' | 'waiting' | 'running' | 'done' | 'failed'
  readonly outputs: readonly StepOutput[]
  readonly milliseconds: number
  readonly trouble?: Notice
}

/** A point of a live curve; `epoch` counts from 0 and has a fraction. */
export interface LivePoint extends EpochLogs {
  readonly epoch: number
}

/** How a lesson's training stands. */
export interface TrainingState {
  readonly phase: 'idle' | 'starting' | 'training' | 'paused' | 'ended'
  readonly run?: RunStart
  /** The run's number in this browser. */
  readonly number?: number
  readonly progress?: TrainingProgress
  readonly points: readonly LivePoint[]
  readonly history: readonly EpochRecord[]
  readonly pace?: Pace
}

/** How fast a training is, and since when that is measured. */
interface Pace {
  readonly at: number
  /** Of the epoch, at that moment. */
  readonly images: number
  readonly imagesPerSecond?: number
}

/** A lesson on the page. */
export interface LessonState {
  readonly text: LessonText
  readonly course: Settings
  readonly settings: Signal<Settings>
  readonly cells: ReadonlyMap<string, Signal<CellState>>
  readonly training: Signal<TrainingState>
}

const idleCell: CellState = { status: 'idle', outputs: [], milliseconds: 0 }
const idleTraining: TrainingState = { phase: 'idle', points: [], history: [] }
/** A live curve is thinned out to so many points an epoch. */
const POINTS_PER_EPOCH = 24

const states = new Map(lessonTexts.map((text) => [text.id, newState(text)] as const))

/** The state of a lesson, kept while other lessons are looked at. */
export function stateOf({ id }: LessonText): LessonState {
  const state = states.get(id)
  if (!state) throw new Error(`There is no lesson ${id}.`)
  return state
}

/** Changes a setting, and the address with it, so that a link carries it. */
export function changeSettings(state: LessonState, change: Partial<Settings>): void {
  state.settings.value = { ...state.settings.value, ...change }
  replaceLink(lessonLink(state.text.id, settingsQuery(state.settings.value, state.course)))
}

/** Takes the settings out of the address. */
export function takeSettings(state: LessonState): void {
  if (query.value !== '') state.settings.value = readSettings(query.value, state.course)
}

/** Runs a lesson's steps up to one; a training goes on to the verdict behind it. */
export async function runUntil(state: LessonState, step: string, resume?: KeptRun): Promise<void> {
  const { text, settings, cells } = state
  const place = (id: string): number => text.steps.findIndex((each) => each.id === id)
  const isPastTraining = place('train') >= 0 && place(step) >= place('train')
  const isTraining = step === 'train' || (isPastTraining && cells.get('train')?.value.status !== 'done')
  const last = isTraining ? (text.steps.at(-1)?.id ?? step) : step
  if (isTraining) state.training.value = { ...idleTraining, phase: 'starting', history: resume?.card.history ?? [] }
  for (const { id } of text.steps) {
    const cell = cells.get(id)
    if (cell && (cell.value.status !== 'done' || isTraining)) cell.value = { ...cell.value, status: 'waiting' }
    if (id === last) break
  }
  try {
    const request = { recipe: text.id, settings: settings.value, language: language.value }
    await classroom().run({ ...request, step: last, fresh: isTraining, ...(resume ? { resume } : {}) })
  } catch (error) {
    const trouble = explain(error)
    const failed =
      text.steps.find(({ id }) => cells.get(id)?.value.status === 'running') ?? text.steps.find(({ id }) => id === last)
    const cell = failed && cells.get(failed.id)
    if (cell) cell.value = { ...cell.value, status: 'failed', trouble }
    else notify(trouble)
  }
  batch(() => {
    for (const cell of cells.values()) {
      if (cell.value.status === 'waiting' || cell.value.status === 'running') {
        cell.value = { ...cell.value, status: cell.value.outputs.length > 0 ? 'done' : 'idle' }
      }
    }
    const { phase } = state.training.value
    if (isTraining && phase !== 'idle') state.training.value = { ...state.training.value, phase: 'ended' }
  })
  if (isTraining) await refreshRuns()
}

function newState(text: LessonText): LessonState {
  const course = courseSettings(text.fit)
  return {
    text,
    course,
    settings: signal(course),
    cells: new Map(text.steps.map(({ id }) => [id, signal(idleCell)])),
    training: signal(idleTraining),
  }
}

onNews((news) => {
  if (!('recipe' in news)) return
  const state = states.get(news.recipe)
  if (state) batch(() => take(state, news))
})

function take(state: LessonState, news: Extract<News, { recipe: string }>): void {
  const { training, cells } = state
  switch (news.kind) {
    case 'step': {
      const cell = cells.get(news.step)
      if (cell) cell.value = { ...cell.value, status: 'running' }
      return
    }
    case 'output': {
      const { outputs, milliseconds } = news
      const cell = cells.get(news.step)
      if (cell) cell.value = { status: 'done', outputs, milliseconds }
      return
    }
    case 'start': {
      const { run, number } = news
      training.value = { ...training.value, phase: 'training', run, number }
      return
    }
    case 'progress':
      training.value = withProgress(training.value, news.progress)
      return
    case 'epoch': {
      const { history, points } = training.value
      const end = { ...news.record }
      training.value = { ...training.value, history: [...history, news.record], points: [...points, end] }
      return
    }
    case 'paused': {
      const { phase } = training.value
      if (phase === 'training' || phase === 'paused') {
        training.value = { ...training.value, phase: news.paused ? 'paused' : 'training' }
      }
      return
    }
    default:
      news satisfies never
  }
}

function withProgress(state: TrainingState, progress: TrainingProgress): TrainingState {
  const { epoch, steps, stepsPerEpoch, loss, correct, samples } = progress
  const place = epoch - 1 + steps / stepsPerEpoch
  const last = state.points.at(-1)?.epoch ?? 0
  const isNew = place - last >= 1 / POINTS_PER_EPOCH
  const point = { epoch: place, loss: loss / samples, accuracy: correct / samples }
  return {
    ...state,
    progress,
    pace: paceOf(state, samples),
    points: isNew ? [...state.points, point] : state.points,
  }
}

/** Over the last second or so; a new epoch or a pause starts anew and keeps what was measured before. */
function paceOf({ phase, pace }: TrainingState, images: number): Pace {
  const at = performance.now()
  if (!pace || images <= pace.images || phase === 'paused' || at - pace.at > 4000) return { ...pace, at, images }
  if (at - pace.at < 800) return pace
  return { at, images, imagesPerSecond: (1000 * (images - pace.images)) / (at - pace.at) }
}
