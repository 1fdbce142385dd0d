import { createDocument } from 'domino'
import { afterEach, expect, test, vi } from 'vitest'
import { drawingDocument, setDocument } from './drawing-document.ts'

afterEach(() => vi.unstubAllGlobals())

test('a page draws with its own document, a worker of it is told why it cannot, Node names one', () => {
  expect(() => drawingDocument()).toThrow('there is no document here to draw with')
  const page = createDocument()
  vi.stubGlobal('document', page)
  expect(drawingDocument()).toBe(page)
  const other = createDocument()
  setDocument(other)
  expect(drawingDocument()).toBe(other)
})
