// Moves of values from tensor to tensor: blocks of channels, other shapes, whole multiples of pixels.
import { CopyBlock, FillZero, Relayout, UpSample, UpSampleGrad } from './generated'

function copyPixel(x: usize, y: usize, channels: i32, zeros: i32, add: i32): void {
  let c = 0
  for (; c + 4 <= channels; c += 4) {
    const at = (<usize>c) << 2
    let v = v128.load(x + at)
    if (add) v = v128.add<f32>(v, v128.load(y + at))
    v128.store(y + at, v)
  }
  for (; c < channels; c++) {
    const at = (<usize>c) << 2
    let v = load<f32>(x + at)
    if (add) v += load<f32>(y + at)
    store<f32>(y + at, v)
  }
  for (; c < channels + zeros; c++) store<f32>(y + ((<usize>c) << 2), 0)
}

export function copyBlock(p: usize, begin: i32, end: i32, context: usize): void {
  const channels = load<i32>(p, CopyBlock.channels),
    zeros = load<i32>(p, CopyBlock.zeros),
    add = load<i32>(p, CopyBlock.add)
  for (let n = begin; n < end; n++) {
    for (let row = 0; row < load<i32>(p, CopyBlock.height); row++) {
      let x = load<usize>(p, CopyBlock.x) + n * load<usize>(p, CopyBlock.xImage) + row * load<usize>(p, CopyBlock.xRow)
      let y = load<usize>(p, CopyBlock.y) + n * load<usize>(p, CopyBlock.yImage) + row * load<usize>(p, CopyBlock.yRow)
      for (let i = load<i32>(p, CopyBlock.width); i > 0; i--) {
        copyPixel(x, y, channels, zeros, add)
        x += load<usize>(p, CopyBlock.xPixel)
        y += load<usize>(p, CopyBlock.yPixel)
      }
    }
  }
}

export function fillZero(p: usize, begin: i32, end: i32, context: usize): void {
  for (let n = begin; n < end; n++) {
    const y = load<usize>(p, FillZero.y) + n * load<usize>(p, FillZero.yImage)
    for (let row = 0; row < load<i32>(p, FillZero.height); row++)
      memory.fill(y + row * load<usize>(p, FillZero.yRow), 0, load<usize>(p, FillZero.rowBytes))
  }
}

export function relayout(p: usize, begin: i32, end: i32, context: usize): void {
  const xWidth = load<i32>(p, Relayout.xWidth),
    xChannels = load<i32>(p, Relayout.xChannels)
  const yHeight = load<i32>(p, Relayout.yHeight),
    yWidth = load<i32>(p, Relayout.yWidth),
    yChannels = load<i32>(p, Relayout.yChannels),
    yColumns = load<i32>(p, Relayout.yColumns)
  for (let n = begin; n < end; n++) {
    const x = load<usize>(p, Relayout.x) + n * load<usize>(p, Relayout.xImage)
    let row = 0,
      column = 0,
      channel = 0
    for (let i = 0; i < yHeight; i++) {
      for (let j = 0; j < yWidth; j++) {
        const to =
          load<usize>(p, Relayout.y) +
          n * load<usize>(p, Relayout.yImage) +
          i * load<usize>(p, Relayout.yRow) +
          j * load<usize>(p, Relayout.yPixel)
        for (let c = 0; c < yChannels; c++) {
          const from =
            x + row * load<usize>(p, Relayout.xRow) + column * load<usize>(p, Relayout.xPixel) + ((<usize>channel) << 2)
          store<f32>(to + ((<usize>c) << 2), load<f32>(from))
          if (++channel == xChannels) {
            channel = 0
            if (++column == xWidth) {
              column = 0
              row++
            }
          }
        }
        for (let c = yChannels; c < yColumns; c++) store<f32>(to + ((<usize>c) << 2), 0)
      }
    }
  }
}

export function upSample(p: usize, begin: i32, end: i32, context: usize): void {
  const sizeY = load<i32>(p, UpSample.sizeY),
    sizeX = load<i32>(p, UpSample.sizeX),
    columns = load<i32>(p, UpSample.columns)
  for (let n = begin; n < end; n++) {
    for (let i = 0; i < load<i32>(p, UpSample.height) * sizeY; i++) {
      const x = load<usize>(p, UpSample.x) + n * load<usize>(p, UpSample.xImage) + (i / sizeY) * load<usize>(p, UpSample.xRow)
      let y = load<usize>(p, UpSample.y) + n * load<usize>(p, UpSample.yImage) + i * load<usize>(p, UpSample.yRow)
      for (let j = 0; j < load<i32>(p, UpSample.width) * sizeX; j++) {
        copyPixel(x + (j / sizeX) * load<usize>(p, UpSample.xPixel), y, columns, 0, 0)
        y += load<usize>(p, UpSample.yPixel)
      }
    }
  }
}

export function upSampleGrad(p: usize, begin: i32, end: i32, context: usize): void {
  const sizeY = load<i32>(p, UpSampleGrad.sizeY),
    sizeX = load<i32>(p, UpSampleGrad.sizeX),
    columns = load<i32>(p, UpSampleGrad.columns)
  for (let n = begin; n < end; n++) {
    for (let i = 0; i < load<i32>(p, UpSampleGrad.height); i++) {
      for (let j = 0; j < load<i32>(p, UpSampleGrad.width); j++) {
        const dx =
          load<usize>(p, UpSampleGrad.dx) +
          n * load<usize>(p, UpSampleGrad.dxImage) +
          i * load<usize>(p, UpSampleGrad.dxRow) +
          j * load<usize>(p, UpSampleGrad.dxPixel)
        for (let r = 0; r < sizeY; r++) {
          for (let s = 0; s < sizeX; s++) {
            const dy =
              load<usize>(p, UpSampleGrad.dy) +
              n * load<usize>(p, UpSampleGrad.dyImage) +
              (i * sizeY + r) * load<usize>(p, UpSampleGrad.dyRow) +
              (j * sizeX + s) * load<usize>(p, UpSampleGrad.dyPixel)
            copyPixel(dy, dx, columns, 0, r | s)
          }
        }
      }
    }
  }
}
