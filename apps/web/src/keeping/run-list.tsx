import { lessonTexts } from 'virtual:lesson-texts'
import type { EpochRecord } from '@gicho/core'
import type { JSX } from 'preact'
import { FilePicker } from '../data/file-picker.tsx'
import { Scroll } from '../outputs/scroll.tsx'
import { attempt, classroom } from '../state/classroom.ts'
import { formatMetric, formatWhen, shortened } from '../state/format.ts'
import { deviceName, language, say } from '../state/language.ts'
import { forgetFrom, trainingLesson } from '../state/lesson-state.ts'
import { type Notice, notify } from '../state/notices.ts'
import { lessonLink } from '../state/route.ts'
import { refreshRuns, runName, runs, runsChanged } from '../state/runs.ts'
import type { KeptRun } from '../worker/keeping/run-store.ts'
import type { ListedRun } from '../worker/storeroom.ts'
import { download } from './download.ts'

/** Every run that is kept here, or those of one lesson; and the way in and out. */
export function RunList({ recipe }: { recipe?: string }): JSX.Element {
  const words = say.value.runs
  const shown = runs.value.filter((run) => recipe === undefined || run.recipe === recipe)
  return (
    <section class="extra runs">
      <h2>{words.title}</h2>
      {shown.length === 0 ? <p class="faint">{words.none}</p> : <Runs shown={shown} />}
      <FilePicker
        label={words.upload}
        accept=".zip,.json,.bin,.safetensors"
        onFiles={(files) => void open(files, recipe)}
      >
        {words.uploadHint}
      </FilePicker>
      <p class="faint">
        {words.node} <code>npm run gicho -- evaluate {`gicho-${recipe ?? 'mnist'}-1`}</code>
      </p>
    </section>
  )
}

function Runs({ shown }: { shown: readonly ListedRun[] }): JSX.Element {
  const words = say.value.runs
  return (
    <Scroll label={words.title}>
      <table>
        <thead>
          <tr>
            {[words.lesson, words.when, words.epochs, words.result, words.engine].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">
              <span class="hidden">{words.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((run) => (
            <RunRow key={runName(run)} run={run} />
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

function RunRow({ run }: { run: ListedRun }): JSX.Element {
  const words = say.value.runs
  const { startedAt, epochs, status, device } = run.card
  const name = runName(run)
  const history = (run.isUnderWay ? historyHere(run) : undefined) ?? run.card.history
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{formatWhen(startedAt, language.value)}</td>
      <td>
        {history.length}/{epochs} <small>{run.isUnderWay ? words.inTraining : words.states[status]}</small>
      </td>
      <td>{formatMetric(history.at(-1)?.val_accuracy)}</td>
      <td>{shortened(deviceName(device))}</td>
      <td class="row-actions">
        <button type="button" class="quiet" onClick={() => void carry(run)}>
          {words.download}
          <span class="hidden"> {name}</span>
        </button>
        {!run.isUnderWay && (
          <button type="button" class="quiet" onClick={() => void remove(run)}>
            {words.remove}
            <span class="hidden"> {name}</span>
          </button>
        )}
      </td>
    </tr>
  )
}

/** The epochs so far of a run that is in training in this tab: the list is not read anew with each. */
function historyHere({ recipe, number }: KeptRun): readonly EpochRecord[] | undefined {
  const training = trainingLesson()
  if (training?.text.id !== recipe || training.training.value.number !== number) return undefined
  return training.training.value.history
}

async function carry(run: KeptRun): Promise<void> {
  const isDone = await attempt(async () => {
    const { name, bytes } = await classroom().packRun(run)
    download(name, bytes, 'application/zip')
  })
  if (!isDone) await refreshRuns() // it may be gone
}

async function remove(run: KeptRun): Promise<void> {
  await attempt(() => classroom().removeRun(run))
  await runsChanged()
  await forgetFrom('asl-deploy', 'open')
}

/** Opens a run, and says where it is. @param shown the lesson whose runs are shown; undefined where all are */
async function open(files: readonly File[], shown: string | undefined): Promise<void> {
  await attempt(async () => {
    const place = await classroom().takeRun(files)
    await runsChanged()
    await forgetFrom('asl-deploy', 'open')
    const isShown = shown === undefined || shown === place.recipe
    const text = say.value.runs.opened(runName(place))
    notify({ kind: 'good', text, ...(isShown ? {} : { action: wayTo(place.recipe) }) })
  })
}

/** To the lesson that a run is of; to the front page, which lists all runs, where this site has no such lesson. */
function wayTo(recipe: string): NonNullable<Notice['action']> {
  const { runs, trouble } = say.value
  const isLesson = lessonTexts.some(({ id }) => id === recipe)
  const run = (): void => {
    location.hash = lessonLink(isLesson ? recipe : '')
  }
  return { label: isLesson ? trouble.goThere : runs.all, run }
}
