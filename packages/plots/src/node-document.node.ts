/* Node has no page to draw in: domino gives it a document. Importing this file is enough. */
import { createDocument } from 'domino'
import { setDocument } from './drawing-document.ts'

setDocument(createDocument())
