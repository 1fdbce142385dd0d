const SPLITTER = 134217729 // 2^27 + 1: cuts a float64 into two halves of 26 bits

/**
 * `a * b + c` rounded once, as a processor's fused multiply-add does it.
 *
 * numpy multiplies small matrices by BLAS, which uses that instruction, so a matrix that should equal numpy's to the bit
 * needs it too. The product is split exactly (Dekker, 1971), the sums are exact (Knuth's two-sum), the rest is rounded
 * twice, which shows only where the first rounding ends on a tie: about once in 2^50.
 */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b
  const aCut = SPLITTER * a
  const bCut = SPLITTER * b
  const aHigh = aCut - (aCut - a)
  const bHigh = bCut - (bCut - b)
  const aLow = a - aHigh
  const bLow = b - bHigh
  const productRest = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
  const sum = product + c
  const part = sum - product
  const sumRest = product - (sum - part) + (c - part)
  return sum + (sumRest + productRest)
}
