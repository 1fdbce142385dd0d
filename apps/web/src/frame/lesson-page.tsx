import { lessonTexts } from 'virtual:lesson-texts'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { Cell } from '../cells/cell.tsx'
import { DataPanel } from '../data/data-panel.tsx'
import { RunList } from '../keeping/run-list.tsx'
import type { LessonText } from '../lesson-text.ts'
import { LookingInside } from '../looking/looking-inside.tsx'
import { Playground } from '../looking/playground.tsx'
import { refreshMachine } from '../state/classroom.ts'
import { inLanguage, say } from '../state/language.ts'
import { stateOf, takeSettings } from '../state/lesson-state.ts'
import { lessonLink, query } from '../state/route.ts'
import { refreshRuns } from '../state/runs.ts'
import { TrainingPanel } from '../training/training-panel.tsx'
import { DrawingPad } from '../trying/drawing-pad.tsx'
import { PhotoReader } from '../trying/photo-reader.tsx'
import { MachineLine } from './machine-line.tsx'
import { PageIndex } from './page-index.tsx'

/** A lesson: its cells in the recipe's order, then what can be done with the trained network. */
export function LessonPage({ text }: { text: LessonText }): JSX.Element {
  const state = stateOf(text)
  const words = say.value
  const place = lessonTexts.findIndex(({ id }) => id === text.id)
  useEffect(() => takeSettings(state), [state, query.value])
  useEffect(() => {
    scrollTo(0, 0)
    void refreshMachine()
    void refreshRuns()
  }, [state])
  return (
    <div class="lesson">
      <PageIndex state={state} />
      <article>
        <header class="lesson-head">
          <p class="number">{words.lessonNumber(place + 1)}</p>
          <h1>{inLanguage(text.title)}</h1>
          <p class="summary">{inLanguage(text.summary)}</p>
          <MachineLine />
        </header>
        {text.dataset === 'sign-language' && <DataPanel />}
        {text.steps.map((step, i) => (
          <Cell
            key={step.id}
            state={state}
            step={step}
            number={i + 1}
            behind={step.id === 'batch' && <Playground recipe={text.id} />}
          >
            {step.id === 'train' && <TrainingPanel state={state} />}
            {text.id === 'asl-deploy' && step.id === 'photo' && <PhotoReader recipe={text.id} forLesson={state} />}
          </Cell>
        ))}
        {text.fit && <Trying text={text} />}
        {text.fit && <LookingInside recipe={text.id} />}
        <RunList recipe={text.id} />
        <Neighbours place={place} />
      </article>
    </div>
  )
}

function Trying({ text }: { text: LessonText }): JSX.Element {
  return (
    <section class="extra" id={`${text.id}-trying`}>
      <h2>{say.value.trying.title}</h2>
      {text.dataset === 'mnist' ? <DrawingPad recipe={text.id} /> : <PhotoReader recipe={text.id} />}
    </section>
  )
}

function Neighbours({ place }: { place: number }): JSX.Element {
  const [before, after] = [lessonTexts[place - 1], lessonTexts[place + 1]]
  return (
    <nav class="neighbours" aria-label={say.value.neighbours}>
      {before && (
        <a href={lessonLink(before.id)}>
          <span class="faint">{say.value.previous}</span> {inLanguage(before.title)}
        </a>
      )}
      {after && (
        <a class="after" href={lessonLink(after.id)}>
          <span class="faint">{say.value.next}</span> {inLanguage(after.title)}
        </a>
      )}
    </nav>
  )
}
