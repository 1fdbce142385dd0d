/**
 * Undoes the filters of a PNG's rows in place (W3C, 9.2): each row is a byte that names its filter, and `rowBytes` bytes.
 *
 * @param at where the first row begins
 * @param step bytes of a pixel, at least 1
 * @throws Error for a filter that the standard doesn't know
 */
export function unfilter(bytes: Uint8Array, at: number, rows: number, rowBytes: number, step: number): void {
  for (let row = 0; row < rows; row++) {
    const start = at + row * (rowBytes + 1)
    const undo = UNDO[bytes[start] ?? 0]
    if (undo === undefined) throw new Error(`it has a filter ${bytes[start]}, which the standard does not know`)
    undo(bytes, start + 1, rowBytes, step, row === 0 ? 0 : rowBytes + 1)
  }
}

/** @param back how many bytes earlier the byte above stands; 0 in the first row, above which zeros count */
type Undo = (bytes: Uint8Array, start: number, length: number, step: number, back: number) => void

const UNDO: readonly Undo[] = [() => undefined, undoSub, undoUp, undoAverage, undoPaeth]

function undoSub(bytes: Uint8Array, start: number, length: number, step: number): void {
  for (let i = start + step; i < start + length; i++) bytes[i] = (bytes[i] ?? 0) + (bytes[i - step] ?? 0)
}

function undoUp(bytes: Uint8Array, start: number, length: number, _step: number, back: number): void {
  if (back === 0) return
  for (let i = start; i < start + length; i++) bytes[i] = (bytes[i] ?? 0) + (bytes[i - back] ?? 0)
}

function undoAverage(bytes: Uint8Array, start: number, length: number, step: number, back: number): void {
  for (let i = start; i < start + length; i++) {
    const left = i < start + step ? 0 : (bytes[i - step] ?? 0)
    const above = back === 0 ? 0 : (bytes[i - back] ?? 0)
    bytes[i] = (bytes[i] ?? 0) + ((left + above) >> 1)
  }
}

function undoPaeth(bytes: Uint8Array, start: number, length: number, step: number, back: number): void {
  for (let i = start; i < start + length; i++) {
    const hasLeft = i >= start + step
    const left = hasLeft ? (bytes[i - step] ?? 0) : 0
    const above = back === 0 ? 0 : (bytes[i - back] ?? 0)
    const corner = back === 0 || !hasLeft ? 0 : (bytes[i - back - step] ?? 0)
    bytes[i] = (bytes[i] ?? 0) + nearestOf(left, above, corner)
  }
}

/** A. W. Paeth's predictor: whichever of the three is nearest to left + above - corner. */
function nearestOf(left: number, above: number, corner: number): number {
  const fromLeft = Math.abs(above - corner)
  const fromAbove = Math.abs(left - corner)
  const fromCorner = Math.abs(left + above - 2 * corner)
  if (fromLeft <= fromAbove && fromLeft <= fromCorner) return left
  return fromAbove <= fromCorner ? above : corner
}
