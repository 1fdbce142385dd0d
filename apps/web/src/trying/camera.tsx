import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { classroom } from '../state/classroom.ts'
import { explain } from '../state/explain.ts'
import { say } from '../state/language.ts'
import { notify } from '../state/notices.ts'
import type { KeptRun } from '../worker/keeping/run-store.ts'
import type { Reading } from '../worker/reading-room.ts'

/** Sides of the square that is cut out of the camera's middle. */
const SIDE = 224
const PER_SECOND = 5

/** The camera's middle square, read a few times a second. Its pictures stay on this computer. */
export function Camera({ run, onReading }: { run: KeptRun; onReading: (reading: Reading) => void }): JSX.Element {
  const words = say.value.trying
  const video = useRef<HTMLVideoElement>(null)
  const stream = useSignal<MediaStream | undefined>(undefined)
  const isMirrored = useSignal(true)
  const isGone = useRef(false)
  const start = async (): Promise<void> => {
    try {
      const opened = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'user' } })
      if (isGone.current) return stopAll(opened) // the learner has gone to another page while being asked
      for (const track of opened.getTracks()) {
        track.addEventListener('ended', () => {
          stream.value = undefined
          notify({ text: words.cameraRefused }) // pulled out, or taken back
        })
      }
      stream.value = opened
    } catch {
      notify({ text: words.cameraRefused })
    }
  }
  useEffect(
    () => () => {
      isGone.current = true
    },
    [],
  )
  useEffect(() => {
    const source = stream.value
    const element = video.current
    if (!source || !element) return
    element.srcObject = source
    void element.play().catch(() => undefined)
    const reader = setInterval(() => void readFrame(element, isMirrored.value, run, onReading), 1000 / PER_SECOND)
    return () => {
      clearInterval(reader)
      stopAll(source)
    }
  }, [stream.value, run])
  if (!stream.value) {
    return (
      <button type="button" onClick={() => void start()}>
        {words.camera}
      </button>
    )
  }
  return (
    <div class="camera">
      <video ref={video} muted playsInline data-mirrored={isMirrored.value} />
      <div class="run-line">
        <label class="check">
          <input
            type="checkbox"
            checked={isMirrored.value}
            onChange={({ currentTarget }) => (isMirrored.value = currentTarget.checked)}
          />
          {words.mirror}
        </label>
        <button type="button" onClick={() => (stream.value = undefined)}>
          {words.cameraOff}
        </button>
      </div>
    </div>
  )
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

async function readFrame(
  video: HTMLVideoElement,
  isMirrored: boolean,
  { recipe, number }: KeptRun,
  onReading: (reading: Reading) => void,
): Promise<void> {
  const pixels = cutOut(video, isMirrored)
  if (!pixels) return
  try {
    onReading(await classroom().readFrame({ recipe, number }, pixels, SIDE))
  } catch (error) {
    notify(explain(error))
  }
}

function cutOut(video: HTMLVideoElement, isMirrored: boolean): Uint8Array | undefined {
  const { videoWidth: width, videoHeight: height } = video
  const context = new OffscreenCanvas(SIDE, SIDE).getContext('2d')
  if (width === 0 || !context) return undefined
  const side = Math.min(width, height)
  if (isMirrored) context.setTransform(-1, 0, 0, 1, SIDE, 0)
  context.drawImage(video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE)
  return new Uint8Array(context.getImageData(0, 0, SIDE, SIDE).data.buffer)
}
