import { basename, relative } from 'node:path'
import { shellWord } from './shell-word.ts'
import type { Environment } from './terminal/screen.ts'

/** The npm scripts of the repository that run the command. */
const SCRIPTS = ['gicho', 'lesson']

/**
 * How the command was called, so that what it advises can be typed: `npm run gicho --` in the repository, `npx gicho`, `gicho`, or
 * `node path/to/gicho.js`.
 *
 * @param script the file that Node runs
 * @param cwd the folder in which it was called
 */
export function calledAs(
  env: Environment = process.env,
  script: string = process.argv[1] ?? '',
  cwd: string = process.cwd(),
): string {
  const { npm_lifecycle_event: event = '', npm_lifecycle_script: line = '' } = env
  if (SCRIPTS.includes(event)) return 'npm run gicho --'
  if (event === 'npx' && /\bgicho\b/.test(line)) return 'npx gicho'
  if (basename(script) !== 'gicho.js') return 'gicho'
  const path = relative(cwd, script)
  const shown = path.length < script.length ? path : script
  return `node ${shellWord(shown)}`
}
