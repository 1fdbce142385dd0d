import { useSignalEffect } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { inLanguage, say } from '../state/language.ts'
import { dismissPassed } from '../state/notices.ts'
import { lesson } from '../state/route.ts'
import { Home } from './home.tsx'
import { LessonPage } from './lesson-page.tsx'
import { Notices } from './notices.tsx'
import { TopBar } from './top-bar.tsx'

/** The whole page. */
export function App(): JSX.Element {
  const text = lesson.value
  useEffect(() => dismissPassed(text?.id), [text])
  useSignalEffect(() => {
    const title = lesson.value?.title
    document.title = title ? `${inLanguage(title)} · gicho` : say.value.title
  })
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        {say.value.skip}
      </button>
      <TopBar />
      <Notices />
      <main id="main" tabIndex={-1}>
        {text ? <LessonPage key={text.id} text={text} /> : <Home />}
      </main>
      <footer class="about">
        <p>{say.value.about}</p>
        <p>
          {say.value.course} {say.value.data.credit} <a href="./THIRD_PARTY.txt">{say.value.licences}</a>
        </p>
      </footer>
    </>
  )
}
