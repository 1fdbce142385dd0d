import { lessonTexts } from 'virtual:lesson-texts'
import type { StepOutput, Text } from '@gicho/core'
import { batch, type Signal, signal } from '@preact/signals'
import type { LessonText } from '../lesson-text.ts'
import { changesLesson, courseSettings, readSettings, type Settings, settingsQuery } from '../settings.ts'
import type { KeptRun } from '../worker/keeping/run-store.ts'
import type { News } from '../worker/news.ts'
import { classroom, onNews } from './classroom.ts'
import { type Drafts, takeDrafts } from './drafts.ts'
import { explain } from './explain.ts'
import { shortened } from './format.ts'
import { inLanguage, language, say } from './language.ts'
import { type Notice, notify } from './notices.ts'
import { lessonLink, query, replaceLink } from './route.ts'
import { runsChanged } from './runs.ts'
import { idleTraining, isUnderWay, type TrainingState, withProgress } from './training-state.ts'

/** How a step of a lesson stands. */
export interface CellState {
  readonly status: 'idle' | 'waiting' | 'running' | 'done' | 'failed'
  readonly outputs: readonly StepOutput[]
  readonly milliseconds: number
  readonly trouble?: Notice
}

/** A lesson on the page. */
export interface LessonState {
  readonly text: LessonText
  readonly course: Settings
  readonly settings: Signal<Settings>
  /** What was typed into the settings and isn't taken yet. */
  readonly drafts: Signal<Drafts>
  readonly cells: ReadonlyMap<string, Signal<CellState>>
  readonly training: Signal<TrainingState>
  /** Prose with the numbers of the data that was loaded, by step; that of `text` before. */
  readonly prose: Signal<Readonly<Record<string, Text>>>
}

const idleCell: CellState = { status: 'idle', outputs: [], milliseconds: 0 }

const states = new Map(lessonTexts.map((text) => [text.id, newState(text)] as const))

/** The state of a lesson, kept while other lessons are looked at. */
export function stateOf({ id }: Pick<LessonText, 'id'>): LessonState {
  const state = states.get(id)
  if (!state) throw new Error(`There is no lesson ${id}.`)
  return state
}

/** The lesson of this tab that trains. */
export function trainingLesson(): LessonState | undefined {
  return [...states.values()].find(({ training }) => isUnderWay(training.value))
}

/** Changes a setting, and the address with it, so that a link carries it. What was typed instead is gone. */
export function changeSettings(state: LessonState, change: Partial<Settings>): void {
  const { settings, drafts, cells, text, course } = state
  const before = settings.value
  const now = { ...before, ...change }
  batch(() => {
    settings.value = now
    const kept = Object.entries(drafts.value).filter(([name]) => !(name in change))
    drafts.value = Object.fromEntries(kept)
    if (changesLesson(now, before)) for (const cell of cells.values()) forget(cell)
  })
  replaceLink(lessonLink(text.id, settingsQuery(now, course)))
}

/** Takes the settings out of the address, or puts those of the lesson into an address without any. */
export function takeSettings(state: LessonState): void {
  const link = query.value
  if (link === settingsQuery(state.settings.value, state.course)) return
  const isBusy = isUnderWay(state.training.value)
  const { settings, senseless, unknown } = readSettings(link, state.course)
  changeSettings(state, link === '' || isBusy ? {} : settings)
  const lesson = state.text.id
  const words = say.value.training
  const listed = (given: readonly string[]): string => shortened(given.map((each) => shortened(each)).join(', '), 200)
  if (isBusy) {
    if (link !== '') notify({ lesson, text: words.linkWhileTraining })
    return
  }
  if (senseless.length > 0) notify({ lesson, text: words.senseless(listed(senseless)) })
  if (unknown.length > 0) notify({ lesson, text: words.unknown(listed(unknown)) })
}

/** A step and those after it have to be run again: what they read has changed. Gives the last one of them that was run. */
export async function forgetFrom(recipe: string, step: string): Promise<string | undefined> {
  const { text, cells } = stateOf({ id: recipe })
  const ids = text.steps.map(({ id }) => id)
  const later = ids.slice(ids.indexOf(step))
  const wasRun = later.filter((id) => ['done', 'failed'].includes(cells.get(id)?.value.status ?? ''))
  if (wasRun.length === 0) return undefined
  batch(() => {
    for (const id of later) forget(cells.get(id))
  })
  await classroom().forget(recipe, step)
  return wasRun.at(-1)
}

/** The data of some lessons is another one: they begin with their first step again, as they do in the worker. */
export function forgetLessonsOn(dataset: LessonText['dataset']): void {
  for (const { text, cells, training } of states.values()) {
    if (text.dataset === dataset && !isUnderWay(training.value)) for (const cell of cells.values()) forget(cell)
  }
}

function forget(cell: Signal<CellState> | undefined): void {
  if (cell?.value.status === 'done' || cell?.value.status === 'failed') {
    const { outputs, milliseconds } = cell.value
    cell.value = { status: 'idle', outputs, milliseconds }
  }
}

/** Runs a lesson's steps up to one; a training goes on to the verdict behind it. Nothing is run with settings that can't be. */
export async function runUntil(state: LessonState, step: string, resume?: KeptRun): Promise<void> {
  const { text, settings, cells, training } = state
  if (!resume && !takeDrafts(state, (change) => changeSettings(state, change))) return
  const place = (id: string): number => text.steps.findIndex((each) => each.id === id)
  const isPastTraining = place('train') >= 0 && place(step) >= place('train')
  const isTraining = step === 'train' || (isPastTraining && cells.get('train')?.value.status !== 'done')
  const last = isTraining ? (text.steps.at(-1)?.id ?? step) : step
  const other = isTraining ? trainingLesson() : undefined
  if (other) return fail(state, step, isTraining, trainsElsewhere(other.text))
  const before = new Map([...cells].map(([id, cell]) => [id, cell.value]))
  if (isTraining) training.value = { ...idleTraining, phase: 'starting', history: resume?.card.history ?? [] }
  for (const { id } of text.steps) {
    const cell = cells.get(id)
    if (cell && (cell.value.status !== 'done' || isTraining)) cell.value = { ...cell.value, status: 'waiting' }
    if (id === last) break
  }
  let trouble: Notice | undefined
  try {
    const request = { recipe: text.id, settings: settings.value, language: language.value }
    await classroom().run({ ...request, step: last, fresh: isTraining, ...(resume ? { resume } : {}) })
  } catch (error) {
    trouble = explain(error)
  }
  batch(() => {
    const { phase, run } = training.value
    if (isTraining && phase !== 'idle') training.value = { ...training.value, phase: run ? 'ended' : 'idle' }
    const isBegun = [...cells].some(([id, { value }]) => value !== before.get(id) && value.status !== 'waiting')
    if (trouble) fail(state, step, isTraining, trouble)
    for (const [id, cell] of cells) {
      // What was not come to is as it was, or, once an earlier step was run again, to be run.
      const earlier = isBegun ? undefined : before.get(id)?.status
      if (cell.value.status === 'waiting') cell.value = { ...cell.value, status: earlier ?? 'idle' }
    }
  })
  if (isTraining) {
    await runsChanged()
    await forgetFrom('asl-deploy', 'open') // there is a newer model
  }
}

/** Says what went wrong where it went wrong, and where the learner is. */
function fail({ cells, training }: LessonState, asked: string, isTraining: boolean, trouble: Notice): void {
  const running = [...cells].find(([, { value }]) => value.status === 'running')?.[0]
  for (const id of new Set([running ?? asked, asked])) {
    const cell = cells.get(id)
    if (!cell || (id === 'train' && id !== running)) continue
    const { trouble: _, ...value } = cell.value
    cell.value = { ...value, status: 'failed', ...(id === 'train' ? {} : { trouble }) } // training says it below its buttons
  }
  if (isTraining) training.value = { ...training.value, trouble }
}

function trainsElsewhere({ id, title }: LessonText): Notice {
  const words = say.value.trouble
  const number = lessonTexts.findIndex((text) => text.id === id) + 1
  const run = (): void => {
    location.hash = lessonLink(id)
  }
  return { text: words.otherLesson(number, inLanguage(title)), action: { label: words.goThere, run } }
}

function newState(text: LessonText): LessonState {
  const course = courseSettings(text.fit)
  return {
    text,
    course,
    settings: signal(course),
    drafts: signal({}),
    cells: new Map(text.steps.map(({ id }) => [id, signal(idleCell)])),
    training: signal(idleTraining),
    prose: signal({}),
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
      const { outputs, milliseconds, prose } = news
      state.prose.value = { ...state.prose.value, ...prose }
      const cell = cells.get(news.step)
      if (cell) cell.value = { status: 'done', outputs, milliseconds }
      return
    }
    case 'start': {
      const { run, number } = news
      training.value = { ...training.value, phase: 'training', run, number }
      return
    }
    case 'kept':
      void runsChanged()
      return
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
