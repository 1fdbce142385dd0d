import type { Text } from '@gicho/core'
import type { Environment } from './terminal/screen.ts'
import { oneOf } from './usage.ts'

/** The languages of the lessons. */
export type Language = keyof Text

/** The language that `--lang` names; without it Korean where the system's locale is Korean, English elsewhere. */
export function chooseLanguage(option: string | undefined, env: Environment): Language {
  if (option !== undefined) return oneOf('--lang', option, ['en', 'ko'])
  const locale = env.LC_ALL || env.LANG || ''
  return locale.toLowerCase().startsWith('ko') ? 'ko' : 'en'
}
