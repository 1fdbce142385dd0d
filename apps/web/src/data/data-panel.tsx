import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { attempt, classroom, loading, machine, refreshMachine } from '../state/classroom.ts'
import { formatShare } from '../state/format.ts'
import { say } from '../state/language.ts'
import { notify } from '../state/notices.ts'
import { FilePicker } from './file-picker.tsx'

const SOURCE = 'https://www.kaggle.com/datasets/datamunge/sign-language-mnist'

/** Where the photos of hands are, or how to get them. */
export function DataPanel(): JSX.Element | null {
  const words = say.value.data
  const where = machine.value?.signLanguage
  const isReading = useSignal(false)
  const read = async (files: readonly File[]): Promise<void> => {
    isReading.value = true
    const went = await attempt(() => classroom().takeData(files))
    isReading.value = false
    if (went) notify({ text: words.done })
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

async function forget(): Promise<void> {
  await attempt(() => classroom().forgetData())
  await refreshMachine()
}
