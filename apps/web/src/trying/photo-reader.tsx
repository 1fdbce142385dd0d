import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { FilePicker } from '../data/file-picker.tsx'
import { attempt, classroom } from '../state/classroom.ts'
import { say } from '../state/language.ts'
import { notify } from '../state/notices.ts'
import type { Reading } from '../worker/reading-room.ts'
import { Camera } from './camera.tsx'
import { useModelChoice } from './model-choice.tsx'
import { bestOf, ReadingView } from './reading-view.tsx'

/** Reads letters from photos and the camera, and spells words with them. */
export function PhotoReader({ recipe, forLesson }: { recipe: string; forLesson?: boolean }): JSX.Element {
  const words = say.value.trying
  const { run, picker } = useModelChoice(recipe)
  const reading = useSignal<Reading | undefined>(undefined)
  const word = useSignal('')
  const readPhoto = async (file: File | undefined): Promise<void> => {
    if (!file) return
    await attempt(async () => {
      const photo = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
      if (forLesson) {
        await classroom().usePhoto(photo)
        notify({ text: words.forLesson })
      }
      if (run) reading.value = await classroom().readPhoto({ recipe: run.recipe, number: run.number }, photo)
    })
  }
  const picture = (
    <FilePicker label={words.photo} accept="image/png,image/jpeg,image/webp" onFiles={([file]) => void readPhoto(file)}>
      {words.dropPhoto}
    </FilePicker>
  )
  if (!run) return forLesson ? picture : <p class="faint">{words.noModel}</p>
  const best = reading.value && bestOf(reading.value)
  return (
    <div class="photo-reader">
      <div class="run-line">
        {picture}
        {picker}
      </div>
      <Camera run={run} onReading={(seen) => (reading.value = seen)} />
      <ReadingView reading={reading.value} note={words.photoNote} />
      <div class="run-line">
        {best && (
          <button type="button" onClick={() => (word.value += best.label)}>
            {words.take}
          </button>
        )}
        {word.value !== '' && (
          <>
            <output class="word" aria-label={words.word}>
              {word.value}
            </output>
            <button type="button" class="quiet" onClick={() => (word.value = '')}>
              {words.wordClear}
            </button>
          </>
        )}
      </div>
    </div>
  )
}
