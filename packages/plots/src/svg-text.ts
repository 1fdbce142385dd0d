/*
 * SVG as text. A browser's own serialiser exists in pages alone, and `outerHTML` is HTML (`&nbsp;` is no XML), so the
 * few lines are here, for both.
 */

const ELEMENT = 1
const TEXT = 3

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Characters that XML 1.0 can't hold, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

function escapeText(text: string): string {
  return text.replace(forbidden, '').replace(/[&<>"]/g, (character) => escapes[character] ?? character)
}

/** An element and all that is in it as XML; coordinates with at most two decimals. */
export function svgText(node: Node): string {
  if (node.nodeType === TEXT) return escapeText(node.nodeValue ?? '')
  if (!isElement(node)) return ''
  const attributes = Array.from(node.attributes, ({ name, value }) => ` ${name}="${escapeText(tidy(name, value))}"`)
  const content = Array.from(node.childNodes, svgText).join('')
  const tag = node.localName
  return content === '' ? `<${tag}${attributes.join('')}/>` : `<${tag}${attributes.join('')}>${content}</${tag}>`
}

function isElement(node: Node): node is Element {
  return node.nodeType === ELEMENT
}

const geometry = new Set(['x', 'y', 'x1', 'x2', 'y1', 'y2', 'width', 'height', 'cx', 'cy', 'd', 'transform'])

/** 136.66666666666669 is 136.67: a hundredth of a pixel can't be seen. */
function tidy(name: string, value: string): string {
  return geometry.has(name)
    ? value.replace(/\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100))
    : value
}
