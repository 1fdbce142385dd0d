import { lessonTexts } from 'virtual:lesson-texts'
import type { JSX } from 'preact'
import { inLanguage, type Language, language, say } from '../state/language.ts'
import { lesson, lessonLink } from '../state/route.ts'
import { type Theme, theme, themes } from '../state/theme.ts'

const languages: readonly (readonly [Language, string])[] = [
  ['en', 'English'],
  ['ko', '한국어'],
]

/** Where one is, and how it is to look. */
export function TopBar(): JSX.Element {
  const { lessons, lessonNumber, home, themes: names } = say.value
  return (
    <header class="top">
      <a class="logo" href="#/" aria-label={`gicho, ${home}`}>
        <img src="./icon.svg" alt="" width="26" height="26" />
        gicho
      </a>
      <nav class="lessons" aria-label={lessons}>
        {lessonTexts.map(({ id, title }, i) => (
          <a
            key={id}
            href={lessonLink(id)}
            title={inLanguage(title)}
            aria-label={`${lessonNumber(i + 1)}: ${inLanguage(title)}`}
            aria-current={lesson.value?.id === id ? 'page' : undefined}
          >
            {i + 1}
          </a>
        ))}
      </nav>
      <div class="choices">
        <select
          aria-label={say.value.language}
          value={language.value}
          onChange={({ currentTarget }) => {
            language.value = currentTarget.value === 'ko' ? 'ko' : 'en'
          }}
        >
          {languages.map(([id, name]) => (
            <option key={id} value={id} lang={id}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label={say.value.theme}
          value={theme.value}
          onChange={({ currentTarget }) => chooseTheme(currentTarget.value)}
        >
          {themes.map((id) => (
            <option key={id} value={id}>
              {names[id]}
            </option>
          ))}
        </select>
      </div>
    </header>
  )
}

function chooseTheme(name: string): void {
  theme.value = themes.find((id): id is Theme => id === name) ?? 'auto'
}
