/*
 * Means and deviations of float32 values with numpy's bits. numpy adds float32 in float32, pairwise: halves down to
 * blocks of 128, which are added in eight running sums. (Mirrored images of more than 8192 values it adds piece by
 * piece, as its buffer goes; there the last bits may differ.)
 * Source: numpy/_core/src/umath/loops_utils.h.src (pairwise sum), numpy/_core/_methods.py (_mean, _var).
 */
const BLOCK = 128
const LANES = 8
const { fround } = Math

/** numpy's pairwise sum of a run. */
function pairwiseSum(values: Float32Array, start: number, count: number): number {
  if (count < LANES) {
    let sum = 0
    for (let i = start; i < start + count; i++) sum = fround(sum + (values[i] ?? 0))
    return sum
  }
  if (count > BLOCK) {
    const half = count >> 1
    const left = half - (half % LANES)
    return fround(pairwiseSum(values, start, left) + pairwiseSum(values, start + left, count - left))
  }
  return blockSum(values, start, count)
}

function blockSum(values: Float32Array, start: number, count: number): number {
  const lanes = values.slice(start, start + LANES)
  const whole = count - (count % LANES)
  for (let i = LANES; i < whole; i++) lanes[i % LANES] = (lanes[i % LANES] ?? 0) + (values[start + i] ?? 0)
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = lanes
  let sum = fround(fround(fround(a + b) + fround(c + d)) + fround(fround(e + f) + fround(g + h)))
  for (let i = start + whole; i < start + count; i++) sum = fround(sum + (values[i] ?? 0))
  return sum
}

/** `np.mean` of values in the order in which numpy walks them. */
export function mean(values: Float32Array): number {
  return fround(pairwiseSum(values, 0, values.length) / values.length)
}

/** `np.std` of values in the order in which numpy walks them. */
export function standardDeviation(values: Float32Array): number {
  const middle = mean(values)
  const squares = values.map((value) => {
    const difference = fround(value - middle)
    return difference * difference
  })
  return fround(Math.sqrt(mean(squares)))
}

/** The mean of each channel of many images, `np.mean(x, axis=(0, 1, 2))`: one channel pairwise, several in order. */
export function channelMeans(values: Float32Array, channels: number): Float32Array {
  if (channels === 1) return Float32Array.of(mean(values))
  const sums = new Float32Array(channels)
  for (let i = 0; i < values.length; i++) sums[i % channels] = (sums[i % channels] ?? 0) + (values[i] ?? 0)
  return sums.map((sum) => sum / (values.length / channels))
}

/** The deviation of each channel of many images, `np.std(x, axis=(0, 1, 2))`. */
export function channelDeviations(values: Float32Array, channels: number): Float32Array {
  const means = channelMeans(values, channels)
  const squares = values.map((value, i) => {
    const difference = fround(value - (means[i % channels] ?? 0))
    return difference * difference
  })
  return channelMeans(squares, channels).map((variance) => Math.sqrt(variance))
}
