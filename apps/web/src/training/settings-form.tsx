import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import {
  type EngineId,
  engineIds,
  limits,
  type NumberSetting,
  optimizerNames,
  type Settings,
  settingNumber,
} from '../settings.ts'
import { machine } from '../state/classroom.ts'
import { refusals } from '../state/drafts.ts'
import { say } from '../state/language.ts'
import { changeSettings, type LessonState } from '../state/lesson-state.ts'
import { notify } from '../state/notices.ts'
import { isUnderWay } from '../state/training-state.ts'

const numbers: readonly NumberSetting[] = ['epochs', 'batchSize', 'learningRate', 'seed', 'limit']

/** How the next training is to be. */
export function SettingsForm({ state }: { state: LessonState }): JSX.Element {
  const { settings, course, training } = state
  const words = say.value.training
  const isBusy = isUnderWay(training.value)
  const fold = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const wrong = fold.current?.querySelector<HTMLElement>('[aria-invalid=true]')
    if (!fold.current || !wrong) return
    fold.current.open = true
    wrong.focus()
  }, [refusals.value])
  return (
    <details class="settings-fold" ref={fold}>
      <summary>
        <strong>{words.settings}</strong> <SettingsLine settings={settings.value} />
      </summary>
      <fieldset class="settings" disabled={isBusy} aria-label={words.settings}>
        <EngineField state={state} />
        {numbers.map((name) => (
          <NumberField key={name} state={state} name={name} />
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

/** Keeps what was typed until it makes sense; what doesn't is said, and nothing is run with it or without it. */
function NumberField({ state, name }: { state: LessonState; name: NumberSetting }): JSX.Element {
  const words = say.value.training
  const { settings, drafts } = state
  const { low, high, step } = limits[name]
  const draft = drafts.value[name]
  const isWrong = draft?.isWrong ?? false
  const range = [low.toLocaleString('en-US', { maximumFractionDigits: 6 }), high.toLocaleString('en-US')] as const
  return (
    <label>
      <span>{words.fields[name]}</span>
      <input
        type="number"
        name={name}
        min={low}
        max={high}
        step={step}
        value={draft?.text ?? String(settings.value[name])}
        aria-invalid={isWrong}
        onInput={({ currentTarget: { value: text } }) => {
          drafts.value = {
            ...drafts.value,
            [name]: { text, isWrong: isWrong && settingNumber(name, text) === undefined },
          }
        }}
        onChange={({ currentTarget: { value: text } }) => {
          const value = settingNumber(name, text)
          if (value !== undefined) changeSettings(state, { [name]: value })
          else drafts.value = { ...drafts.value, [name]: { text, isWrong: true } }
        }}
      />
      <small role={isWrong ? 'alert' : undefined}>
        {isWrong ? (step === 1 ? words.wrongWhole : words.wrong)(...range) : words.hints[name]}
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
