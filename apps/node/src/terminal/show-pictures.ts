import type { StepOutput } from '@gicho/core'
import type { Language } from '../language.ts'
import { phrases } from '../phrases.ts'
import { gridRows } from './picture.ts'
import { bold, dim, type Screen, writeLine } from './screen.ts'

export type PicturesOutput = Extract<StepOutput, { kind: 'pictures' }>

/** A grid takes no more lines of a terminal than this. */
const MOST_LINES = 130

/**
 * Draws a step's pictures. In a terminal, rows that would make a grid too long are left out, and a line says so and names the file of
 * all pictures. A pipe or a file gets that line alone.
 *
 * @param options `file`: where the pictures lie; `always` draws all of them, anywhere
 */
export function showPictures(
  screen: Screen,
  { pictures, title, columns, colours }: PicturesOutput,
  language: Language,
  { file, always }: { readonly file: string | undefined; readonly always: boolean },
): void {
  const say = phrases[language]
  if (!screen.redraws && !always) {
    writeLine(screen, `${title}: ${say.picturesKept(pictures.length, file)}`)
    return
  }
  writeLine(screen, bold(screen, title))
  let lines = 0
  let drawn = 0
  for (const row of gridRows(screen, pictures, columns, colours)) {
    if (!always && drawn > 0 && lines + row.lines.length > MOST_LINES) break
    for (const line of row.lines) writeLine(screen, line)
    lines += row.lines.length
    drawn += row.pictures
  }
  if (drawn < pictures.length) writeLine(screen, dim(screen, say.picturesCut(drawn, pictures.length, file)))
}
