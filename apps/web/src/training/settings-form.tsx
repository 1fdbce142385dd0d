import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { type EngineId, engineIds, limits, optimizerNames, type Settings } from '../settings.ts'
import { machine } from '../state/classroom.ts'
import { say } from '../state/language.ts'
import { changeSettings, type LessonState } from '../state/lesson-state.ts'
import { notify } from '../state/notices.ts'

type NumberName = keyof typeof limits
const numbers: readonly NumberName[] = ['epochs', 'batchSize', 'learningRate', 'seed', 'limit']

/** How the next training is to be. */
export function SettingsForm({ state }: { state: LessonState }): JSX.Element {
  const { settings, course, training } = state
  const words = say.value.training
  const isBusy = ['starting', 'training', 'paused'].includes(training.value.phase)
  return (
    <details class="settings-fold">
      <summary>
        <strong>{words.settings}</strong> <SettingsLine settings={settings.value} />
      </summary>
      <fieldset class="settings" disabled={isBusy} aria-label={words.settings}>
        <EngineField state={state} />
        {numbers.map((name) => (
          <NumberField key={`${name}-${settings.value[name]}`} state={state} name={name} />
        ))}
        <label>
          <span>{words.fields.optimizer}</span>
          <select
            value={settings.value.optimizer}
            title={words.hints.optimizer}
            onChange={({ currentTarget }) => {
              const optimizer = optimizerNames.find((name) => name === currentTarget.value)
              if (optimizer) changeSettings(state, { optimizer })
            }}
          >
            {optimizerNames.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          <small>{words.hints.optimizer}</small>
        </label>
        <div class="settings-actions">
          <button type="button" class="quiet" onClick={() => changeSettings(state, course)}>
            {words.reset}
          </button>
          <CopyLink />
        </div>
      </fieldset>
    </details>
  )
}

/** All of it in one line. */
function SettingsLine({ settings }: { settings: Settings }): JSX.Element {
  const words = say.value
  const { engine, epochs, batchSize, optimizer, learningRate, seed, limit } = settings
  const { fields } = words.training
  const parts = [
    words.engines[engine],
    `${fields.epochs} ${epochs}`,
    `${fields.batchSize} ${batchSize}`,
    `${optimizer} ${learningRate}`,
    `${fields.seed} ${seed}`,
    ...(limit > 0 ? [`${fields.limit} ${limit}`] : []),
  ]
  return <span class="faint">{parts.join(' · ')}</span>
}

function EngineField({ state }: { state: LessonState }): JSX.Element {
  const words = say.value
  const here = machine.value?.engines
  const isMissing = (id: EngineId): boolean => here?.some((engine) => engine.id === id && !engine.available) ?? false
  return (
    <label class="wide">
      <span>{words.training.fields.engine}</span>
      <select
        value={state.settings.value.engine}
        onChange={({ currentTarget }) => {
          const engine = engineIds.find((id) => id === currentTarget.value)
          if (engine) changeSettings(state, { engine })
        }}
      >
        {engineIds.map((id) => (
          <option key={id} value={id} disabled={isMissing(id)}>
            {words.engines[id]}
            {isMissing(id) ? ` (${words.engines.missing})` : ''}
          </option>
        ))}
      </select>
      <small>{words.training.hints.engine}</small>
    </label>
  )
}

/** Keeps what was typed until it makes sense; what doesn't is said, and never used. */
function NumberField({ state, name }: { state: LessonState; name: NumberName }): JSX.Element {
  const words = say.value.training
  const { low, high, step } = limits[name]
  const isWrong = useSignal(false)
  return (
    <label>
      <span>{words.fields[name]}</span>
      <input
        type="number"
        name={name}
        min={low}
        max={high}
        step={step}
        defaultValue={String(state.settings.value[name] satisfies Settings[NumberName])}
        aria-invalid={isWrong.value}
        onChange={({ currentTarget }) => {
          const { valueAsNumber: value, validity } = currentTarget
          isWrong.value = !validity.valid || !Number.isFinite(value)
          if (!isWrong.value) changeSettings(state, { [name]: value })
        }}
      />
      <small role={isWrong.value ? 'alert' : undefined}>
        {isWrong.value ? words.wrong(String(low), high.toLocaleString('en-US')) : words.hints[name]}
      </small>
    </label>
  )
}

function CopyLink(): JSX.Element {
  const words = say.value.training
  const isCopied = useSignal(false)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(location.href)
      isCopied.value = true
    } catch {
      notify({ text: words.notCopied }) // the clipboard is closed to the page
    }
  }
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      {isCopied.value ? words.copied : words.link}
    </button>
  )
}
