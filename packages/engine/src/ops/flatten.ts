/* A view: rows of images are rows of values already. Padding channels stay, and meet zero weights in the next layer. */
import type { Op } from './op.ts'

export const flatten: Op = {
  forward() {},
  backward() {},
}
