import { calledAs } from './called-as.ts'

/** What must be said again when a run goes on: a run.json may come from anybody, and is believed in neither. */
export interface SaidAgain {
  readonly data?: string | undefined
  readonly trust?: boolean
}

/** The command that goes on with a run. */
export function resumeCommand(folder: string, { data, trust = false }: SaidAgain = {}): string {
  const words = [`${calledAs()} resume`, word(folder), ...(data === undefined ? [] : ['--data', word(data)])]
  return [...words, ...(trust ? ['--trust'] : [])].join(' ')
}

/** A path as it is typed into a shell. */
function word(path: string): string {
  return /^[\w./:\\@+=-]+$/.test(path) ? path : `"${path}"`
}
