import type { Photo } from '@gicho/recipes'
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { FilePicker } from '../data/file-picker.tsx'
import { attempt, classroom } from '../state/classroom.ts'
import { say } from '../state/language.ts'
import { forgetFrom, type LessonState, runUntil } from '../state/lesson-state.ts'
import type { Reading } from '../worker/reading-room.ts'
import { Camera } from './camera.tsx'
import { useModelChoice } from './model-choice.tsx'
import { bestOf, ReadingView } from './reading-view.tsx'

/** A photo that was chosen. */
interface Chosen {
  readonly photo: Photo
  /** True where its camera noted that it isn't stored upright. */
  readonly isTurnable: boolean
}

/** Reads letters from photos and the camera, and spells words with them. @param forLesson its steps read the photo, too */
export function PhotoReader({ recipe, forLesson }: { recipe: string; forLesson?: LessonState }): JSX.Element {
  const words = say.value.trying
  const { run, picker } = useModelChoice(recipe)
  const chosen = useSignal<Chosen | undefined>(undefined)
  const reading = useSignal<Reading | undefined>(undefined)
  const word = useSignal('')
  const read = async (photo: Photo): Promise<void> => {
    await attempt(async () => {
      const orientation = await classroom().orientationOf(photo)
      if (forLesson) await giveToLesson(forLesson, photo)
      chosen.value = { photo, isTurnable: orientation !== 1 }
      if (run) reading.value = await classroom().readPhoto({ recipe: run.recipe, number: run.number }, photo)
    })
  }
  const choose = async (file: File | undefined): Promise<void> => {
    if (file) await read({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
  }
  const turn = (photo: Photo): void => {
    chosen.value = { photo, isTurnable: true }
    void read(photo)
  }
  const picture = (
    <>
      <FilePicker label={words.photo} accept="image/png,image/jpeg,image/webp" onFiles={([file]) => void choose(file)}>
        {words.dropPhoto}
      </FilePicker>
      {chosen.value?.isTurnable && <Turned photo={chosen.value.photo} onChange={turn} />}
      {forLesson && (
        <p role="status" class="faint">
          {chosen.value && words.forLesson(chosen.value.photo.name)}
        </p>
      )}
    </>
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

/** The lesson's steps from the photo on are run again, as far as they were. */
async function giveToLesson(lesson: LessonState, photo: Photo): Promise<void> {
  await classroom().usePhoto(photo)
  const last = await forgetFrom(lesson.text.id, 'photo')
  void runUntil(lesson, last ?? 'photo')
}

/** Says that a photo was turned as its camera noted, and lets it be as it is stored. */
function Turned({ photo, onChange }: { photo: Photo; onChange: (photo: Photo) => void }): JSX.Element {
  const words = say.value.trying
  return (
    <label class="check turned">
      <input
        type="checkbox"
        checked={photo.imageOrientation !== 'none'}
        onChange={({ currentTarget }) =>
          onChange({ ...photo, imageOrientation: currentTarget.checked ? 'from-image' : 'none' })
        }
      />
      <span>
        {words.turned} <span class="faint">{words.turnedNote}</span>
      </span>
    </label>
  )
}
