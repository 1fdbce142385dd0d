import { signal } from '@preact/signals'
import type { JSX } from 'preact'
import { Scroll } from '../outputs/scroll.tsx'
import { attempt, classroom, machine } from '../state/classroom.ts'
import { formatCount } from '../state/format.ts'
import { say } from '../state/language.ts'
import { type LessonState, trainingLesson } from '../state/lesson-state.ts'
import type { EngineReport } from '../worker/engines.ts'
import type { Speed } from '../worker/measure-speed.ts'

/** Speeds that were measured in this tab, by lesson and engine. */
const speeds = signal<Readonly<Record<string, Speed | 'measuring'>>>({})

/** Every engine of this browser, whether it is there, why not, and how fast it trains this lesson's network. */
export function EngineTable({ state }: { state: LessonState }): JSX.Element {
  const words = say.value.engines
  // Whatever trains in this tab would halve what is measured.
  const isBusy = trainingLesson() !== undefined || Object.values(speeds.value).includes('measuring')
  return (
    <details class="engines">
      <summary>{words.title}</summary>
      <Scroll label={words.title}>
        <table>
          <thead>
            <tr>
              {[words.name, words.where, words.speed].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {machine.value?.engines.map((engine) => (
              <EngineRow key={engine.id} engine={engine} recipe={state.text.id} isBusy={isBusy} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  )
}

function EngineRow({ engine, recipe, isBusy }: { engine: EngineReport; recipe: string; isBusy: boolean }): JSX.Element {
  const { engines: words, machine: on } = say.value
  const { id, available, device, threads, reason } = engine
  const speed = speeds.value[`${recipe} ${id}`]
  return (
    <tr>
      <th scope="row">{words[id]}</th>
      <td>
        {available ? (threads > 0 ? on.cpu(threads) : device) : words.missing}
        {reason && <small> {words.reasons[reason]}</small>}
      </td>
      <td>
        {typeof speed === 'object'
          ? words.measured(formatCount(speed.imagesPerSecond), speed.msPerStep.toFixed(2))
          : null}
        {speed === 'measuring' ? words.measuring : null}
        {available && speed === undefined && (
          <button type="button" class="quiet" disabled={isBusy} onClick={() => void measure(recipe, id)}>
            {words.measure}
            <span class="hidden">: {words[id]}</span>
          </button>
        )}
      </td>
    </tr>
  )
}

async function measure(recipe: string, id: EngineReport['id']): Promise<void> {
  const key = `${recipe} ${id}`
  speeds.value = { ...speeds.value, [key]: 'measuring' }
  let measured: Speed | undefined
  await attempt(async () => {
    measured = await classroom().measure(recipe, id)
  })
  const { [key]: _, ...rest } = speeds.value
  speeds.value = measured ? { ...rest, [key]: measured } : rest
}
