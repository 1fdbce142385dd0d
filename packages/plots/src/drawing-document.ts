import { GichoError } from '@gicho/core'

let chosen: Document | undefined

/** Names the document that makes the elements; a page needs none. */
export function setDocument(document: Document): void {
  chosen = document
}

/**
 * The document that makes the elements of a drawing; nothing is ever put into it.
 *
 * @throws GichoError `unavailable` where there is none, as in a worker thread of a page
 */
export function drawingDocument(): Document {
  if (chosen) return chosen
  if (typeof document !== 'undefined') return document
  throw new GichoError(
    'unavailable',
    'plots: there is no document here to draw with. Draw in the page itself, or in Node, rather than in a worker of a page.',
  )
}
