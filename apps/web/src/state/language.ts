import type { Text } from '@gicho/core'
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals'
import { en, type Words } from '../words/en.ts'
import { ko } from '../words/ko.ts'
import { remembered } from './remembered.ts'

export type Language = 'en' | 'ko'

/** Here a browser would part a Korean particle from its word, `keep-all` or not: "(shape)" and "은". A word joiner holds them. */
const BEFORE_PARTICLE = /(?<=[)\]"”’%])(?=[가-힣])/g

const all: Readonly<Record<Language, Words>> = { en, ko }

/** The learner's choice, else the browser's. */
export const language = signal<Language>(readLanguage())

/** The page's words. */
export const say: ReadonlySignal<Words> = computed(() => all[language.value])

/** A lesson's text in the present language. */
export function inLanguage(text: Text): string {
  return text[language.value].replace(BEFORE_PARTICLE, '\u2060')
}

/** A device as a run's card has it, `CPU, 2 threads`, in the present language; one that was lost has the next engine behind it. */
export function deviceName(device: string): string {
  const { cpu, next, simd } = say.value.machine
  const [first = '', ...engines] = device.split(', then ')
  const name = first
    .replace(/\bCPU, (\d+) threads?\b/, (_, threads) => cpu(Number(threads)))
    .replace(' with SIMD', simd)
  return [name, ...engines.map(engineName)].reduce((before, after) => next(before, after))
}

/** An engine's name for learners. */
export function engineName(engine: string): string {
  const { auto: _, reasons: __, ...names } = say.value.engines
  return Object.entries(names).find((entry): entry is [string, string] => entry[0] === engine)?.[1] ?? engine
}

effect(() => {
  document.documentElement.lang = language.value
  remembered.write('language', language.value)
})

function readLanguage(): Language {
  const chosen = remembered.read('language')
  if (chosen === 'en' || chosen === 'ko') return chosen
  return navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'en' || tag === 'ko') === 'ko'
    ? 'ko'
    : 'en'
}
