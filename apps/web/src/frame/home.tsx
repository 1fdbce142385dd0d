import { lessonTexts } from 'virtual:lesson-texts'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { RunList } from '../keeping/run-list.tsx'
import { refreshMachine } from '../state/classroom.ts'
import { shortened } from '../state/format.ts'
import { inLanguage, say } from '../state/language.ts'
import { lessonLink, unknownLesson } from '../state/route.ts'
import { refreshRuns } from '../state/runs.ts'
import { HeroPicture } from './hero-picture.tsx'
import { MachineLine } from './machine-line.tsx'
import { NoticeCard } from './notices.tsx'

/** The front page: what there is to learn, and on what. */
export function Home(): JSX.Element {
  const words = say.value
  const [first] = lessonTexts
  useEffect(() => {
    scrollTo(0, 0)
    void refreshMachine()
    void refreshRuns()
  }, [])
  return (
    <div class="home">
      <div role="status">
        {unknownLesson.value !== '' && <NoticeCard notice={{ text: words.noLesson(shortened(unknownLesson.value)) }} />}
      </div>
      <section class="hero">
        <HeroPicture />
        <h1>{words.tagline}</h1>
        <p>{words.pitch}</p>
        {first && (
          <a class="button primary" href={lessonLink(first.id)}>
            {words.begin}
          </a>
        )}
        <MachineLine />
      </section>
      <ol class="lesson-cards">
        {lessonTexts.map(({ id, title, summary, steps }, i) => (
          <li key={id}>
            <a href={lessonLink(id)}>
              <span class="number">{words.lessonNumber(i + 1)}</span>
              <strong>{inLanguage(title)}</strong>
              <span>{inLanguage(summary)}</span>
              <span class="faint">{words.steps(steps.length)}</span>
            </a>
          </li>
        ))}
      </ol>
      <RunList />
    </div>
  )
}
