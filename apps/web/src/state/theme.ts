import { effect, signal } from '@preact/signals'
import { remembered } from './remembered.ts'

export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** `auto` follows the system. */
export const theme = signal<Theme>(themes.find((name) => name === remembered.read('theme')) ?? 'auto')

effect(() => {
  document.documentElement.dataset.theme = theme.value
  remembered.write('theme', theme.value)
})
