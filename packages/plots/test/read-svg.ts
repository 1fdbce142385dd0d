import { expect } from 'vitest'

/** What a test looks at in a drawing. */
export interface ReadSvg {
  readonly width: number
  readonly height: number
  /** Everything that is written on it, in order. */
  readonly texts: readonly string[]
  /** All values of an attribute, in order. */
  attribute(name: string): string[]
}

/** Reads a drawing, and checks what is asked of each: well-formed, on its own, nothing that isn't a number. */
export function readSvg(svg: string): ReadSvg {
  const open: string[] = []
  const rest = svg.replace(/<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)(\/?)>/g, (_, close, name, _attributes, empty) => {
    if (close) expect(open.pop()).toBe(name)
    else if (!empty) open.push(name)
    return ''
  })
  expect(open).toEqual([])
  expect(rest).not.toMatch(/[<>]/)
  expect(rest.replace(/&(amp|lt|gt|quot);/g, '')).not.toContain('&')
  expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg" width="')).toBe(true)
  expect(svg).not.toMatch(/<(script|style|use)|NaN|Infinity|undefined|url\(| id="| class="| style="/)
  const attribute = (name: string): string[] =>
    Array.from(svg.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g')), ([, v = '']) => v)
  for (const address of attribute('href')) expect(address.startsWith('data:image/png;base64,')).toBe(true)
  return {
    width: Number(attribute('width')[0]),
    height: Number(attribute('height')[0]),
    texts: Array.from(svg.matchAll(/<text[^>]*>([^<]*)</g), ([, text = '']) => text),
    attribute,
  }
}
