/** What no shell reads anything into. */
const PLAIN = /^[\p{L}\p{M}\p{N}_./:@+=-]+$/u
/** On Windows, where a backslash parts folders. */
const PLAIN_ON_WINDOWS = /^[\p{L}\p{M}\p{N}_./:\\@+=-]+$/u
/** Line feeds, escapes and what else a terminal obeys or doesn't show. */
const UNSEEN = /[\p{C}\u2028\u2029]/u
const UNSEEN_OR_QUOTED = /[\p{C}\u2028\u2029'\\]/gu

/**
 * A path as it is typed into a shell, so that a command that is advised does what it says for any name, with spaces, quotes or `$(…)`
 * in it: a folder may have been named by anybody.
 */
export function shellWord(path: string, platform: NodeJS.Platform = process.platform): string {
  const word = path.startsWith('-') ? `./${path}` : path // or it would be an option
  if (platform === 'win32') return PLAIN_ON_WINDOWS.test(word) ? word : `"${word}"`
  if (PLAIN.test(word)) return word
  if (UNSEEN.test(word)) return `$'${word.replace(UNSEEN_OR_QUOTED, ansiEscape)}'`
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/** A character within `$'…'`, as bash and zsh read it. */
function ansiEscape(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  // A byte has two digits at most, and the digits of the others are all there: no character after them is read along.
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
