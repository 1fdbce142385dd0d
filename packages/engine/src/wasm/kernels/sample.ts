/*
 * The step's first kernel where images are augmented: gather, rescale and the affine sample of each image's draw in one pass. Coordinates,
 * weights and sums are float64 in the order of core's ImageSampler (which is scipy's), so the values have its bits. The image lies
 * in a frame that is one pixel wider on each side, so no neighbour needs a check.
 */
import { Context } from './context'
import { GatherDrawn } from './generated'

const NEAREST: i32 = 0
const CONSTANT: i32 = 1
const REFLECT: i32 = 2
const DRAW_BYTES: usize = 72
// Keeps a reflected coordinate from falling on the wrong side of the first pixel.
const REFLECT_GUARD: f64 = 1e-15

function reflected(coordinate: f64, length: f64): f64 {
  const period = 2 * length
  if (coordinate >= 0) {
    const inPeriod = coordinate - period * trunc(coordinate / period)
    return inPeriod >= length ? period - inPeriod - 1 : inPeriod
  }
  const inPeriod = coordinate < -period ? period * trunc(-coordinate / period) + coordinate : coordinate
  if (inPeriod < -length) return inPeriod + period
  return (inPeriod > -REFLECT_GUARD ? REFLECT_GUARD : -inPeriod) - 1
}

/** A coordinate outside 0..last, brought to where its value is read. */
function mapped(coordinate: f64, last: f64, mode: i32): f64 {
  if (coordinate >= 0 && coordinate <= last) return coordinate
  if (mode == NEAREST) return coordinate < 0 ? 0 : last
  if (last == 0) return 0
  const inside =
    mode == REFLECT
      ? reflected(coordinate, last + 1)
      : coordinate < 0
        ? coordinate + last * (trunc(-coordinate / last) + 1)
        : coordinate - last * trunc(coordinate / last)
  // A draw may move an image so far away that a float64 has no digits left for pixels.
  return inside > -1 && inside < last + 1 ? inside : 0
}

/** The image into the frame's middle, and its border pixels (for `wrap` the ones behind them) around it. */
function fillFrame(frame: usize, image: usize, table: usize, height: i32, width: i32, channels: i32, mode: i32): void {
  const inward = mode > REFLECT
  const pixel = <usize>channels << 3,
    line = <usize>width * pixel,
    stride = line + 2 * pixel
  let at = frame + stride + pixel
  for (let r = 0; r < height; r++) {
    for (let i: usize = 0; i < line; i += 8) store<f64>(at + i, <f64>load<f32>(table + ((<usize>load<u8>(image++)) << 2)))
    memory.copy(at - pixel, at + (inward && width > 1 ? pixel : 0), pixel)
    memory.copy(at + line, at + line - pixel - (inward && width > 1 ? pixel : 0), pixel)
    at += stride
  }
  memory.copy(frame, frame + stride * (inward && height > 1 ? 2 : 1), stride)
  memory.copy(frame + (<usize>height + 1) * stride, frame + (<usize>height - (inward && height > 1 ? 1 : 0)) * stride, stride)
}

export function gatherDrawn(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, GatherDrawn.height),
    width = load<i32>(p, GatherDrawn.width),
    channels = load<i32>(p, GatherDrawn.channels),
    mode = load<i32>(p, GatherDrawn.fillMode),
    cval = load<f32>(p, GatherDrawn.cvalf)
  const lastRow = <f64>(height - 1),
    lastColumn = <f64>(width - 1)
  const order = load<usize>(context, Context.order),
    draws = load<usize>(p, GatherDrawn.draws) + <usize>load<i32>(context, Context.first) * DRAW_BYTES
  const frame = load<usize>(context, Context.scratch),
    stride = (<usize>width + 2) * <usize>channels * 8,
    pixel = <usize>channels << 3
  const padding = load<usize>(p, GatherDrawn.yPixel) - (<usize>channels << 2),
    tail = load<usize>(p, GatherDrawn.tailBytes)
  for (let n = begin; n < end; n++) {
    const row = <usize>load<u32>(order + ((<usize>n) << 2))
    const image = load<usize>(p, GatherDrawn.images) + row * <usize>(height * width * channels)
    fillFrame(frame, image, load<usize>(p, GatherDrawn.table), height, width, channels, mode)
    const draw = draws + <usize>n * DRAW_BYTES
    const rowRow = load<f64>(draw), rowColumn = load<f64>(draw, 8), rowShift = load<f64>(draw, 16)
    const columnRow = load<f64>(draw, 24), columnColumn = load<f64>(draw, 32), columnShift = load<f64>(draw, 40)
    const flips = <i32>load<f64>(draw, 48)
    const y = load<usize>(p, GatherDrawn.y) + n * load<usize>(p, GatherDrawn.yImage)
    for (let r = 0; r < height; r++) {
      const line = y + <usize>(flips & 2 ? height - 1 - r : r) * load<usize>(p, GatherDrawn.yRow)
      const rowStart = rowShift + <f64>r * rowRow, columnStart = columnShift + <f64>r * columnRow
      for (let c = 0; c < width; c++) {
        const to = line + <usize>(flips & 1 ? width - 1 - c : c) * load<usize>(p, GatherDrawn.yPixel)
        let v = rowStart + <f64>c * rowColumn,
          u = columnStart + <f64>c * columnColumn
        let outside = false
        if (!(v >= 0 && v <= lastRow && u >= 0 && u <= lastColumn)) {
          if (mode == CONSTANT) outside = true
          else {
            v = mapped(v, lastRow, mode)
            u = mapped(u, lastColumn, mode)
          }
        }
        if (outside) {
          for (let k = 0; k < channels; k++) store<f32>(to + ((<usize>k) << 2), cval)
        } else {
          const top = floor(v), left = floor(u)
          const upper = 1 - (v - top), lower = 1 - upper, near = 1 - (u - left), far = 1 - near
          let from = frame + <usize>(<i32>top + 1) * stride + <usize>(<i32>left + 1) * pixel
          for (let k = 0; k < channels; k++) {
            const sum =
              load<f64>(from) * upper * near + load<f64>(from + pixel) * upper * far +
              load<f64>(from + stride) * lower * near + load<f64>(from + stride + pixel) * lower * far
            store<f32>(to + ((<usize>k) << 2), <f32>sum)
            from += 8
          }
        }
        if (padding) memory.fill(to + (<usize>channels << 2), 0, padding)
      }
    }
    if (tail) memory.fill(y + <usize>(height * width * channels) * 4, 0, tail)
  }
}
