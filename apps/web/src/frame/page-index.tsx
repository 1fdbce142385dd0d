import type { JSX } from 'preact'
import { inLanguage, say } from '../state/language.ts'
import type { CellState, LessonState } from '../state/lesson-state.ts'

/** The lesson's steps beside the page, with how far one has come. */
export function PageIndex({ state }: { state: LessonState }): JSX.Element {
  const { id, steps, fit } = state.text
  const words = say.value
  const extras = fit
    ? [
        [`${id}-trying`, words.trying.title],
        [`${id}-looking`, words.looking.title],
      ]
    : []
  return (
    <nav class="index" aria-label={words.onThisPage}>
      <select
        aria-label={words.onThisPage}
        value=""
        onChange={({ currentTarget }) => {
          goTo(currentTarget.value)
          currentTarget.value = ''
        }}
      >
        <option value="">{words.onThisPage}</option>
        {steps.map((step, i) => (
          <option key={step.id} value={`${id}-${step.id}`}>
            {i + 1}. {inLanguage(step.title)}
          </option>
        ))}
        {extras.map(([place = '', title]) => (
          <option key={place} value={place}>
            {title}
          </option>
        ))}
      </select>
      <ol>
        {steps.map((step, i) => (
          <li
            key={step.id}
            data-status={state.cells.get(step.id)?.value.status satisfies CellState['status'] | undefined}
          >
            <button type="button" onClick={() => goTo(`${id}-${step.id}`)}>
              <span class="dot" aria-hidden="true" />
              {i + 1}. {inLanguage(step.title)}
            </button>
          </li>
        ))}
        {extras.map(([place = '', title]) => (
          <li key={place}>
            <button type="button" onClick={() => goTo(place)}>
              <span class="dot" aria-hidden="true" />
              {title}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}

function goTo(id: string): void {
  const element = document.getElementById(id)
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  element?.scrollIntoView({ behavior: calm ? 'auto' : 'smooth' })
  element?.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true })
}
