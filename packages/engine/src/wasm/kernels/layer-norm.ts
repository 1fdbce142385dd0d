// Normalization over the channels of each pixel. Mean and deviation are computed anew for the gradient: they cost less than memory.
import { LayerNorm, LayerNormGrad, LayerNormSums } from './generated'

function meanOf(x: usize, channels: i32): f32 {
  let sum: f32 = 0
  for (let c = 0; c < channels; c++) sum += load<f32>(x + ((<usize>c) << 2))
  return sum / <f32>channels
}

/** 1 / deviation. */
function scaleOf(x: usize, channels: i32, mean: f32, epsilon: f32): f32 {
  let sum: f32 = 0
  for (let c = 0; c < channels; c++) {
    const d = load<f32>(x + ((<usize>c) << 2)) - mean
    sum += d * d
  }
  return 1 / sqrt<f32>(sum / <f32>channels + epsilon)
}

export function layerNorm(p: usize, begin: i32, end: i32, context: usize): void {
  const channels = load<i32>(p, LayerNorm.channels),
    columns = load<i32>(p, LayerNorm.columns),
    gamma = load<usize>(p, LayerNorm.gamma),
    beta = load<usize>(p, LayerNorm.beta)
  for (let n = begin; n < end; n++) {
    for (let row = 0; row < load<i32>(p, LayerNorm.height); row++) {
      let x = load<usize>(p, LayerNorm.x) + n * load<usize>(p, LayerNorm.xImage) + row * load<usize>(p, LayerNorm.xRow)
      let y = load<usize>(p, LayerNorm.y) + n * load<usize>(p, LayerNorm.yImage) + row * load<usize>(p, LayerNorm.yRow)
      for (let i = load<i32>(p, LayerNorm.width); i > 0; i--) {
        const mean = meanOf(x, channels),
          scale = scaleOf(x, channels, mean, load<f32>(p, LayerNorm.epsilonf))
        for (let c = 0; c < channels; c++) {
          const at = (<usize>c) << 2
          let v = (load<f32>(x + at) - mean) * scale
          if (gamma) v *= load<f32>(gamma + at)
          if (beta) v += load<f32>(beta + at)
          store<f32>(y + at, v)
        }
        for (let c = channels; c < columns; c++) store<f32>(y + ((<usize>c) << 2), 0)
        x += load<usize>(p, LayerNorm.xPixel)
        y += load<usize>(p, LayerNorm.yPixel)
      }
    }
  }
}

/** With g = dy gamma: dx = (g - mean(g) - xhat mean(g xhat)) / deviation. */
export function layerNormGrad(p: usize, begin: i32, end: i32, context: usize): void {
  const channels = load<i32>(p, LayerNormGrad.channels),
    columns = load<i32>(p, LayerNormGrad.columns),
    gamma = load<usize>(p, LayerNormGrad.gamma)
  for (let n = begin; n < end; n++) {
    for (let row = 0; row < load<i32>(p, LayerNormGrad.height); row++) {
      let x = load<usize>(p, LayerNormGrad.x) + n * load<usize>(p, LayerNormGrad.xImage) + row * load<usize>(p, LayerNormGrad.xRow)
      let dy = load<usize>(p, LayerNormGrad.dy) + n * load<usize>(p, LayerNormGrad.dyImage) + row * load<usize>(p, LayerNormGrad.dyRow)
      let dx = load<usize>(p, LayerNormGrad.dx) + n * load<usize>(p, LayerNormGrad.dxImage) + row * load<usize>(p, LayerNormGrad.dxRow)
      for (let i = load<i32>(p, LayerNormGrad.width); i > 0; i--) {
        const mean = meanOf(x, channels),
          scale = scaleOf(x, channels, mean, load<f32>(p, LayerNormGrad.epsilonf))
        let sum: f32 = 0,
          product: f32 = 0
        for (let c = 0; c < channels; c++) {
          const at = (<usize>c) << 2
          let g = load<f32>(dy + at)
          if (gamma) g *= load<f32>(gamma + at)
          sum += g
          product += g * (load<f32>(x + at) - mean) * scale
        }
        sum /= <f32>channels
        product /= <f32>channels
        for (let c = 0; c < channels; c++) {
          const at = (<usize>c) << 2
          let g = load<f32>(dy + at)
          if (gamma) g *= load<f32>(gamma + at)
          store<f32>(dx + at, (g - sum - (load<f32>(x + at) - mean) * scale * product) * scale)
        }
        for (let c = channels; c < columns; c++) store<f32>(dx + ((<usize>c) << 2), 0)
        x += load<usize>(p, LayerNormGrad.xPixel)
        dy += load<usize>(p, LayerNormGrad.dyPixel)
        dx += load<usize>(p, LayerNormGrad.dxPixel)
      }
    }
  }
}

export function layerNormSums(p: usize, begin: i32, end: i32, context: usize): void {
  const channels = load<i32>(p, LayerNormSums.channels),
    line = load<usize>(p, LayerNormSums.columns) << 2
  const batch = load<i32>(p, LayerNormSums.batch),
    groups = load<i32>(p, LayerNormSums.groups)
  for (let group = begin; group < end; group++) {
    const partial = load<usize>(p, LayerNormSums.partial) + group * load<usize>(p, LayerNormSums.groupBytes)
    memory.fill(partial, 0, 2 * line)
    for (let n = (batch * group) / groups; n < (batch * (group + 1)) / groups; n++) {
      for (let row = 0; row < load<i32>(p, LayerNormSums.height); row++) {
        let x = load<usize>(p, LayerNormSums.x) + n * load<usize>(p, LayerNormSums.xImage) + row * load<usize>(p, LayerNormSums.xRow)
        let dy = load<usize>(p, LayerNormSums.dy) + n * load<usize>(p, LayerNormSums.dyImage) + row * load<usize>(p, LayerNormSums.dyRow)
        for (let i = load<i32>(p, LayerNormSums.width); i > 0; i--) {
          const mean = meanOf(x, channels),
            scale = scaleOf(x, channels, mean, load<f32>(p, LayerNormSums.epsilonf))
          for (let c = 0; c < channels; c++) {
            const at = (<usize>c) << 2,
              d = load<f32>(dy + at),
              to = partial + at
            store<f32>(to, load<f32>(to) + d * (load<f32>(x + at) - mean) * scale)
            store<f32>(to + line, load<f32>(to + line) + d)
          }
          x += load<usize>(p, LayerNormSums.xPixel)
          dy += load<usize>(p, LayerNormSums.dyPixel)
        }
      }
    }
  }
}
