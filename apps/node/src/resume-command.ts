import { calledAs } from './called-as.ts'
import { shellWord } from './shell-word.ts'

/** What must be said again when a run goes on: a run.json may come from anybody, and is believed in neither. */
export interface SaidAgain {
  readonly data?: string | undefined
  readonly trust?: boolean
}

/** The command that goes on with a run. */
export function resumeCommand(folder: string, { data, trust = false }: SaidAgain = {}): string {
  const words = [`${calledAs()} resume`, shellWord(folder), ...(data === undefined ? [] : ['--data', shellWord(data)])]
  return [...words, ...(trust ? ['--trust'] : [])].join(' ')
}
