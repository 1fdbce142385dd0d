import { signal, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { NoticeCard } from '../frame/notices.tsx'
import { attempt, classroom, loading, machine, refreshMachine } from '../state/classroom.ts'
import { formatShare } from '../state/format.ts'
import { say } from '../state/language.ts'
import { forgetLessonsOn } from '../state/lesson-state.ts'
import { notify } from '../state/notices.ts'
import type { TakenData } from '../worker/data-shelf.ts'
import { FilePicker } from './file-picker.tsx'

const SOURCE = 'https://www.kaggle.com/datasets/datamunge/sign-language-mnist'

/** What became of the files that were given last, for all lessons. */
const taken = signal<TakenData | undefined>(undefined)

/** Where the photos of hands are, or how to get them. */
export function DataPanel(): JSX.Element | null {
  const words = say.value.data
  const where = machine.value?.signLanguage
  const isReading = useSignal(false)
  const read = async (files: readonly File[]): Promise<void> => {
    isReading.value = true
    await attempt(async () => {
      taken.value = await classroom().takeData(files)
    })
    isReading.value = false
    if (taken.value?.missing.length === 0) {
      forgetLessonsOn('sign-language')
      notify({ kind: 'good', text: words.done })
    }
    await refreshMachine()
  }
  if (where === undefined) return null
  if (where !== 'missing') {
    return (
      <aside class="data" data-state={where}>
        <p>
          {words[where]}{' '}
          {where !== 'served' && (
            <button type="button" class="quiet" onClick={() => void forget()}>
              {words.forget}
            </button>
          )}
        </p>
        <p class="faint">{words.credit}</p>
        <WrongFiles />
      </aside>
    )
  }
  const file = loading.value
  return (
    <aside class="data" data-state="missing" aria-label={words.title}>
      <p>{words.mnistInstead}</p>
      <p>
        {words.how}{' '}
        <a href={SOURCE} target="_blank" rel="noreferrer">
          {words.where}
        </a>
      </p>
      <p class="faint">{words.credit}</p>
      <div role="status">
        <WrongFiles />
        <Half />
      </div>
      {isReading.value ? (
        <p role="status">
          <span class="spinner" aria-hidden="true" />{' '}
          {words.reading(file?.file ?? '', formatShare(file?.share ?? 0, 0))}
        </p>
      ) : (
        <FilePicker label={words.choose} accept=".zip,.csv,.gz" onFiles={(files) => void read(files)}>
          {words.drop}
        </FilePicker>
      )}
    </aside>
  )
}

/** Says of each file that was of no use in what way. */
function WrongFiles(): JSX.Element {
  const words = say.value.data.wrong
  return (
    <>
      {taken.value?.wrong.map(({ file, kind, detail }) => (
        <NoticeCard key={file} notice={{ text: words[kind](file), detail }} />
      ))}
    </>
  )
}

/** Says which part is there and which is still to be given, where it is one of two. */
function Half(): JSX.Element | null {
  const { half } = say.value.data
  const [missing, ...more] = taken.value?.missing ?? []
  return missing && more.length === 0 ? <NoticeCard notice={{ kind: 'good', text: half[missing] }} /> : null
}

async function forget(): Promise<void> {
  taken.value = undefined
  await attempt(() => classroom().forgetData())
  forgetLessonsOn('sign-language')
  await refreshMachine()
}
