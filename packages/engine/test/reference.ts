/*
 * The loss of a network in float64, written down as plainly as it is defined: no layout, no fusion, no gradient. Directional
 * derivatives by finite differences of it are what the engines' gradients are held against.
 */
import { dropoutMask, type ImageDataset, type ModelSpec } from '@gicho/core'

interface Values {
  readonly shape: readonly [rows: number, height: number, width: number, channels: number]
  readonly data: Float64Array
}

type Config = Readonly<Record<string, unknown>>
type Weights = ReadonlyMap<string, ArrayLike<number>>

interface Step {
  readonly training: boolean
  readonly seed: number
  readonly step: number
}

function layersOf({ topology }: ModelSpec): { className: string; config: Config }[] {
  const { layers } = topology.config as { layers: { class_name: string; config: Config }[] }
  return layers.map(({ class_name, config }) => ({ className: class_name, config }))
}

function values(shape: Values['shape']): Values {
  return { shape, data: new Float64Array(shape.reduce((product, size) => product * size)) }
}

/** Places of a window along an axis, and what lies before the first inside. */
function axis(size: number, kernel: number, stride: number, dilation: number, padding: unknown): [number, number] {
  const reach = (kernel - 1) * dilation + 1
  if (padding === 'valid') return [Math.floor((size - reach) / stride) + 1, 0]
  const count = Math.ceil(size / stride)
  return [count, Math.floor(Math.max(0, (count - 1) * stride + reach - size) / 2)]
}

/** Calls `visit` for each place of each window that lies inside: output place, input place, place in the window. */
function windows(
  x: Values,
  config: Config,
  kernel: readonly number[],
  dilation: readonly number[],
  visit: (y: number, x: number, place: number) => void,
): Values['shape'] {
  const [rows, height, width, channels] = x.shape
  const [kernelY = 1, kernelX = 1] = kernel
  const [strideY = 1, strideX = 1] = (config.strides as number[] | undefined) ?? kernel
  const [dilationY = 1, dilationX = 1] = dilation
  const [outHeight, top] = axis(height, kernelY, strideY, dilationY, config.padding)
  const [outWidth, left] = axis(width, kernelX, strideX, dilationX, config.padding)
  for (let n = 0; n < rows; n++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++)
        for (let r = 0; r < kernelY; r++)
          for (let s = 0; s < kernelX; s++) {
            const [iy, ix] = [oy * strideY + r * dilationY - top, ox * strideX + s * dilationX - left]
            if (iy < 0 || ix < 0 || iy >= height || ix >= width) continue
            visit((n * outHeight + oy) * outWidth + ox, (n * height + iy) * width + ix, r * kernelX + s)
          }
  return [rows, outHeight, outWidth, channels]
}

/** Pixels [count, inputs] times a matrix [inputs, outputs], added to `to`. */
function addProduct(
  from: Float64Array,
  at: number,
  w: ArrayLike<number>,
  wAt: number,
  inputs: number,
  to: Float64Array,
  toAt: number,
  outputs: number,
): void {
  for (let i = 0; i < inputs; i++) {
    const value = from[at + i] ?? 0
    for (let o = 0; o < outputs; o++) to[toAt + o] = (to[toAt + o] ?? 0) + value * (w[wAt + i * outputs + o] ?? 0)
  }
}

function conv(x: Values, config: Config, w: ArrayLike<number>, bias: ArrayLike<number> | undefined): Values {
  const filters = Number(config.filters)
  const kernel = config.kernel_size as number[]
  const dilation = (config.dilation_rate as number[] | null) ?? [1, 1]
  const inputs = x.shape[3]
  const shape = windows(x, config, kernel, dilation, () => undefined)
  const y = values([shape[0], shape[1], shape[2], filters])
  windows(x, config, kernel, dilation, (to, from, place) =>
    addProduct(x.data, from * inputs, w, place * inputs * filters, inputs, y.data, to * filters, filters),
  )
  return { shape: y.shape, data: y.data.map((value, i) => value + (bias?.[i % filters] ?? 0)) }
}

function dense(x: Values, units: number, w: ArrayLike<number>, bias: ArrayLike<number> | undefined): Values {
  const y = values([x.shape[0], 1, 1, units])
  const inputs = x.data.length / x.shape[0]
  for (let n = 0; n < x.shape[0]; n++) addProduct(x.data, n * inputs, w, 0, inputs, y.data, n * units, units)
  return { shape: y.shape, data: y.data.map((value, i) => value + (bias?.[i % units] ?? 0)) }
}

function norm(x: Values, config: Config, weight: (role: string) => ArrayLike<number> | undefined, step: Step): Values {
  const channels = x.shape[3]
  const count = x.data.length / channels
  const epsilon = Number(config.epsilon)
  const data = x.data.slice()
  for (let c = 0; c < channels; c++) {
    let [mean, variance] = [0, 0]
    for (let i = c; i < data.length; i += channels) mean += (data[i] ?? 0) / count
    for (let i = c; i < data.length; i += channels) variance += ((data[i] ?? 0) - mean) ** 2 / count
    if (!step.training) {
      mean = weight('moving_mean')?.[c] ?? 0
      variance = weight('moving_variance')?.[c] ?? 1
    }
    const scale = (weight('gamma')?.[c] ?? 1) / Math.sqrt(variance + epsilon)
    for (let i = c; i < data.length; i += channels)
      data[i] = ((data[i] ?? 0) - mean) * scale + (weight('beta')?.[c] ?? 0)
  }
  return { shape: x.shape, data }
}

function maxPool(x: Values, config: Config): Values {
  const size = config.pool_size as number[]
  const y = values(windows(x, config, size, [1, 1], () => undefined))
  y.data.fill(Number.NEGATIVE_INFINITY)
  const channels = x.shape[3]
  windows(x, config, size, [1, 1], (to, from) => {
    for (let c = 0; c < channels; c++) {
      const at = to * channels + c
      y.data[at] = Math.max(y.data[at] ?? 0, x.data[from * channels + c] ?? 0)
    }
  })
  return y
}

/** The logits of all of `data`; the final softmax is left to the loss. */
function logits(spec: ModelSpec, weights: Weights, data: ImageDataset, step: Step): Values {
  const [height, width, channels] = data.shape
  let x: Values = {
    shape: [data.length, height, width, channels],
    data: Float64Array.from(data.images, (b) => Math.fround(b / 255)),
  }
  let stream = 0
  for (const { className, config } of layersOf(spec)) {
    const weight = (role: string): ArrayLike<number> | undefined => weights.get(`${config.name}/${role}`)
    const kernel = weight('kernel') ?? []
    if (className === 'Conv2D') x = conv(x, config, kernel, weight('bias'))
    else if (className === 'Dense') x = dense(x, Number(config.units), kernel, weight('bias'))
    else if (className === 'BatchNormalization') x = norm(x, config, weight, step)
    else if (className === 'MaxPooling2D') x = maxPool(x, config)
    else if (className === 'Flatten') x = { shape: [x.shape[0], 1, 1, x.data.length / x.shape[0]], data: x.data }
    else if (className === 'Dropout') {
      const last = x.shape[3]
      const mask = dropoutMask(
        { seed: step.seed, stream: stream++, step: step.step },
        x.data.length / last,
        last,
        Number(config.rate),
      )
      if (step.training) x = { shape: x.shape, data: x.data.map((value, i) => value * (mask[i] ?? 0)) }
    }
    if (config.activation === 'relu' || className === 'ReLU')
      x = { shape: x.shape, data: x.data.map((value) => Math.max(0, value)) }
  }
  return x
}

/** The mean loss of all of `data` in float64, in training (dropout on, batch statistics) or in use. */
export function referenceLoss(spec: ModelSpec, weights: Weights, data: ImageDataset, step: Step): number {
  const { data: z, shape } = logits(spec, weights, data, step)
  const classes = shape[3]
  let total = 0
  data.labels.forEach((label, n) => {
    const row = z.subarray(n * classes, (n + 1) * classes)
    const top = Math.max(...row)
    total += Math.log(row.reduce((sum, value) => sum + Math.exp(value - top), 0)) + top - (row[label] ?? 0)
  })
  return total / data.length
}
