import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { attempt, classroom } from '../state/classroom.ts'
import { say } from '../state/language.ts'
import type { Reading } from '../worker/reading-room.ts'
import { useModelChoice } from './model-choice.tsx'
import { Pen, SIDE } from './pen.ts'
import { ReadingView } from './reading-view.tsx'

/** A pad to draw digits on, which the network reads stroke by stroke. */
export function DrawingPad({ recipe }: { recipe: string }): JSX.Element {
  const words = say.value.trying
  const { run, picker } = useModelChoice(recipe)
  const canvas = useRef<HTMLCanvasElement>(null)
  const pen = useRef<Pen>(undefined)
  const reading = useSignal<Reading | undefined>(undefined)
  const ask = useRef<() => void>(() => undefined)
  ask.current = latest(async () => {
    if (!run || !pen.current) return
    const pixels = pen.current.ink()
    await attempt(async () => {
      reading.value = await classroom().readDrawing({ recipe: run.recipe, number: run.number }, pixels, SIDE)
    })
  })
  useEffect(() => {
    if (!canvas.current) return
    pen.current = new Pen(canvas.current, () => ask.current())
    return () => pen.current?.dispose()
  }, [run?.number === undefined])
  if (!run) return <p class="faint">{words.noModel}</p>
  return (
    <div class="pad">
      <div>
        <p>{words.drawHere}</p>
        <canvas ref={canvas} class="paper" width={SIDE} height={SIDE} tabIndex={0} aria-label={words.pad} />
        <div class="run-line">
          <button type="button" onClick={() => pen.current?.clear()}>
            {words.clear}
          </button>
          {picker}
        </div>
      </div>
      <ReadingView reading={reading.value} note={words.seenNote} />
    </div>
  )
}

/** Of many calls while the work runs, only the last is done afterwards. */
function latest(work: () => Promise<void>): () => void {
  let isBusy = false
  let isWanted = false
  const run = async (): Promise<void> => {
    if (isBusy) {
      isWanted = true
      return
    }
    isBusy = true
    await work()
    isBusy = false
    if (isWanted) {
      isWanted = false
      void run()
    }
  }
  return () => void run()
}
