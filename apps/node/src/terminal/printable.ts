/*
 * Text that others wrote (a run.json, the name of a file or class, a library's message) may hold codes that a terminal obeys: they move
 * the cursor, hide lines, turn text around. All that is written goes through `toTerminal`, where such codes become visible.
 * Our own codes for colours begin with a mark of their own until then.
 */

/** Begins our own codes, in place of Escape. Unicode keeps this code point for a program's own use: no text has it. */
export const MARK = '\ufdd0'
/** Begins the line anew, on a terminal. */
export const CLEAR_LINE: string = `${MARK}[K`

const ESCAPE = String.fromCharCode(27)

/** C0 without tab and line feed, Delete, C1, what turns the direction of text, what breaks lines unseen, and our own mark. */
const CONTROLS = new RegExp(
  `[${['0000-0008', '000b-001f', '007f-009f', '061c', '200e-200f', '2028-202e', '2066-2069', 'fdd0']
    .map((range) => range.replace(/[0-9a-f]{4}/g, '\\u$&'))
    .join('')}]`,
  'g',
)
const OWN_CODE = new RegExp(`${MARK}\\[([0-9;]*m|K)`, 'g')

/** Text as it may be written: controls are visible as `\x1b`, `\u202e`. */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(CONTROLS, (control) => {
    const code = control.charCodeAt(0)
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/** {@link printable} text on one line. */
export function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]\s*/g, ' ')
}

/** What is written on a screen: our own codes as a terminal wants them, all else printable. */
export function toTerminal(text: string): string {
  let written = ''
  let at = 0
  for (const { index, 0: own, 1: code } of text.matchAll(OWN_CODE)) {
    written += printable(text.slice(at, index)) + (code === 'K' ? `\r${ESCAPE}[K` : `${ESCAPE}[${code}`)
    at = index + own.length
  }
  return written + printable(text.slice(at))
}

/** An object as one line of JSON in which no control is left as it is: a terminal may be what reads it. */
export function jsonLine(object: unknown): string {
  const escaped = JSON.stringify(object).replace(CONTROLS, (control) => {
    return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `${escaped}\n`
}
