// Dense and direct convolution: forward, gradient with respect to the input, gradient with respect to the weights.
import { Context } from './context'
import { ConvDw, DenseDw, DenseDx, Gemm } from './generated'
import { madd, sum4 } from './simd'
import { outerPanel, tile4x4, tile4x8, tile6x4, tile6x8 } from './tile'
import { updateRun } from './update'

/** Writes the addresses of `count` rows of x and y from row `m` on, the last one repeated up to six. */
function fillRows(p: usize, rows: usize, m: i32, count: i32): void {
  const width = load<i32>(p, Gemm.width),
    height = load<i32>(p, Gemm.height)
  const perImage = width * height
  let n = m / perImage
  let y = (m - n * perImage) / width
  let x = m - n * perImage - y * width
  const xImage = load<i32>(p, Gemm.xImage),
    xRow = load<i32>(p, Gemm.xRow),
    xPixel = load<i32>(p, Gemm.xPixel)
  const yImage = load<i32>(p, Gemm.yImage),
    yRow = load<i32>(p, Gemm.yRow),
    yPixel = load<i32>(p, Gemm.yPixel)
  for (let i = 0; i < 6; i++) {
    store<i32>(rows + (i << 2), load<i32>(p, Gemm.x) + n * xImage + y * xRow + x * xPixel)
    store<i32>(rows + (i << 2), load<i32>(p, Gemm.y) + n * yImage + y * yRow + x * yPixel, 24)
    if (i + 1 >= count) continue
    if (++x == width) {
      x = 0
      if (++y == height) {
        y = 0
        n++
      }
    }
  }
}

export function gemm(p: usize, begin: i32, end: i32, context: usize): void {
  const rows = load<usize>(context, Context.scratch)
  const total = load<i32>(p, Gemm.rows),
    tileRows = load<i32>(p, Gemm.tileRows),
    tilePanels = load<i32>(p, Gemm.tilePanels)
  const columns = load<i32>(p, Gemm.columns),
    panels = (columns + 7) >> 3
  const panelBlocks = (panels + tilePanels - 1) / tilePanels
  const segments = load<usize>(p, Gemm.segments),
    count = load<i32>(p, Gemm.segmentCount),
    length = load<i32>(p, Gemm.segmentLength)
  const w = load<usize>(p, Gemm.w),
    panelBytes = load<usize>(p, Gemm.panelBytes),
    bias = load<usize>(p, Gemm.bias)
  const relu = load<i32>(p, Gemm.relu)
  for (let tile = begin; tile < end; tile++) {
    const block = tile / panelBlocks
    const firstPanel = (tile - block * panelBlocks) * tilePanels
    const lastPanel = min(panels, firstPanel + tilePanels)
    const last = min(total, (block + 1) * tileRows)
    for (let m = block * tileRows; m < last; ) {
      const left = last - m
      const six = left >= 9 || left == 5 || left == 6
      fillRows(p, rows, m, left)
      for (let panel = firstPanel; panel < lastPanel; panel++) {
        const b = w + panel * panelBytes,
          column = (<usize>panel) << 5
        const half = columns - (panel << 3) <= 4
        if (six) {
          if (half) tile6x4(rows, segments, count, length, b, column, bias, relu)
          else tile6x8(rows, segments, count, length, b, column, bias, relu)
        } else if (half) tile4x4(rows, segments, count, length, b, column, bias, relu)
        else tile4x8(rows, segments, count, length, b, column, bias, relu)
      }
      m += six ? 6 : 4
    }
  }
}

/** 4 samples x 3 inputs of dz w^T: lanes run along the summed columns, so w needs no transposed copy. */
function dxTile(z0: usize, z1: usize, z2: usize, z3: usize, w: usize, panelBytes: usize, panels: i32, halves: i32, out: usize): void {
  let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c10 = c00, c11 = c00, c12 = c00
  let c20 = c00, c21 = c00, c22 = c00, c30 = c00, c31 = c00, c32 = c00
  for (let half = 0; half < 2; half++) {
    let n = half ? halves : panels
    let at = w + (half << 4), z = (<usize>half) << 4
    for (; n > 0; n--) {
      const w0 = v128.load(at), w1 = v128.load(at, 32), w2 = v128.load(at, 64)
      let d = v128.load(z0 + z)
      c00 = madd(d, w0, c00); c01 = madd(d, w1, c01); c02 = madd(d, w2, c02)
      d = v128.load(z1 + z)
      c10 = madd(d, w0, c10); c11 = madd(d, w1, c11); c12 = madd(d, w2, c12)
      d = v128.load(z2 + z)
      c20 = madd(d, w0, c20); c21 = madd(d, w1, c21); c22 = madd(d, w2, c22)
      d = v128.load(z3 + z)
      c30 = madd(d, w0, c30); c31 = madd(d, w1, c31); c32 = madd(d, w2, c32)
      at += panelBytes; z += 32
    }
  }
  store<f32>(out, sum4(c00)); store<f32>(out, sum4(c01), 4); store<f32>(out, sum4(c02), 8)
  store<f32>(out, sum4(c10), 12); store<f32>(out, sum4(c11), 16); store<f32>(out, sum4(c12), 20)
  store<f32>(out, sum4(c20), 24); store<f32>(out, sum4(c21), 28); store<f32>(out, sum4(c22), 32)
  store<f32>(out, sum4(c30), 36); store<f32>(out, sum4(c31), 40); store<f32>(out, sum4(c32), 44)
}

export function denseDx(p: usize, begin: i32, end: i32, context: usize): void {
  const out = load<usize>(context, Context.scratch)
  const dz = load<usize>(p, DenseDx.dz),
    dzRow = load<usize>(p, DenseDx.dzRow),
    w = load<usize>(p, DenseDx.w)
  const panelBytes = load<usize>(p, DenseDx.panelBytes),
    columns = load<i32>(p, DenseDx.columns)
  const dx = load<usize>(p, DenseDx.dx),
    dxRow = load<usize>(p, DenseDx.dxRow),
    batch = load<i32>(p, DenseDx.batch)
  const inputs = load<i32>(p, DenseDx.inputs),
    tileInputs = load<i32>(p, DenseDx.tileInputs)
  const y = load<usize>(p, DenseDx.y),
    yRow = load<usize>(p, DenseDx.yRow),
    keep = load<f32>(p, DenseDx.keepf)
  const panels = (columns + 7) >> 3,
    halves = (columns + 3) >> 3
  for (let tile = begin; tile < end; tile++) {
    const first = tile * tileInputs, last = min(inputs, first + tileInputs)
    // Four samples of dz and the tile's rows of w stay in the first cache.
    for (let n = 0; n < batch; n += 4) {
      const n1 = min(n + 1, batch - 1), n2 = min(n + 2, batch - 1), n3 = min(n + 3, batch - 1)
      for (let i = first; i < last; i += 3) {
        // The last three may overlap those before them: equal values are written twice.
        const k = max(min(i, last - 3), 0)
        dxTile(dz + n * dzRow, dz + n1 * dzRow, dz + n2 * dzRow, dz + n3 * dzRow, w + ((<usize>k) << 5), panelBytes, panels, halves, out)
        for (let row = n; row < min(n + 4, batch); row++) {
          for (let j = 0; j < 3; j++) {
            let v = load<f32>(out + (((row - n) * 3 + j) << 2))
            if (y) v = load<f32>(y + row * yRow + ((k + j) << 2)) > 0 ? v * keep : 0
            store<f32>(dx + row * dxRow + ((k + j) << 2), v)
          }
        }
      }
    }
  }
}

export function denseDw(p: usize, begin: i32, end: i32, context: usize): void {
  const packed = load<usize>(context, Context.scratch)
  const x = load<usize>(p, DenseDw.x),
    xRow = load<usize>(p, DenseDw.xRow),
    dz = load<usize>(p, DenseDw.dz),
    dzRow = load<usize>(p, DenseDw.dzRow)
  const batch = load<i32>(p, DenseDw.batch),
    inputs = load<i32>(p, DenseDw.inputs),
    columns = load<i32>(p, DenseDw.columns)
  const tileInputs = load<i32>(p, DenseDw.tileInputs),
    w = load<usize>(p, DenseDw.w),
    panelBytes = load<usize>(p, DenseDw.panelBytes)
  const update = load<usize>(p, DenseDw.update)
  const blocks = (inputs + tileInputs - 1) / tileInputs
  const g = packed + ((<usize>batch) << 5)
  for (let tile = begin; tile < end; tile++) {
    const panel = tile / blocks,
      first = (tile - panel * blocks) * tileInputs
    const count = min(tileInputs, inputs - first),
      used = columns - (panel << 3)
    // A column block of dz strides over cache lines, often by a power of two: packed once, it stays in the first cache.
    for (let n = 0; n < batch; n++) {
      const from = dz + n * dzRow + ((<usize>panel) << 5),
        to = packed + ((<usize>n) << 5)
      v128.store(to, v128.load(from))
      if (used > 4) v128.store(to, v128.load(from, 16), 16)
    }
    if (used <= 4) memory.fill(g, 0, (<usize>tileInputs) << 5)
    // Updated tile by tile: the divisions and roots run beside the next tile's products.
    const rate = load<f32>(context, Context.rate)
    for (let i = 0; i < count; i += 12) {
      const rows = min(12, count - i)
      const at = (<usize>i) << 5
      outerPanel(x + ((<usize>(first + i)) << 2), xRow, packed, 32, batch, 1, 0, 0, rows, used, g + at, 0)
      updateRun(w + panel * panelBytes + ((<usize>first) << 5) + at, g + at, rows << 1, update, rate)
    }
  }
}

export function convDw(p: usize, begin: i32, end: i32, context: usize): void {
  const g = load<usize>(context, Context.scratch)
  const x = load<usize>(p, ConvDw.x),
    xImage = load<usize>(p, ConvDw.xImage),
    xRow = load<usize>(p, ConvDw.xRow),
    xPixel = load<usize>(p, ConvDw.xPixel)
  const dz = load<usize>(p, ConvDw.dz),
    dzImage = load<usize>(p, ConvDw.dzImage),
    dzRow = load<usize>(p, ConvDw.dzRow),
    dzPixel = load<usize>(p, ConvDw.dzPixel)
  const height = load<i32>(p, ConvDw.height),
    width = load<i32>(p, ConvDw.width),
    batch = load<i32>(p, ConvDw.batch)
  const segments = load<usize>(p, ConvDw.segments),
    segmentCount = load<i32>(p, ConvDw.segmentCount),
    length = load<i32>(p, ConvDw.segmentLength)
  const columns = load<i32>(p, ConvDw.columns),
    w = load<usize>(p, ConvDw.w),
    panelBytes = load<usize>(p, ConvDw.panelBytes)
  const update = load<usize>(p, ConvDw.update)
  for (let tile = begin; tile < end; tile++) {
    const segment = tile % segmentCount,
      panel = tile / segmentCount
    const used = columns - (panel << 3)
    memory.fill(g, 0, (<usize>length) << 5)
    for (let n = 0; n < batch; n++) {
      outerPanel(
        x + n * xImage + load<u32>(segments + (segment << 2)),
        xPixel,
        dz + n * dzImage + ((<usize>panel) << 5),
        dzPixel,
        width,
        height,
        xRow - width * xPixel,
        dzRow - width * dzPixel,
        length,
        used,
        g,
        1,
      )
    }
    updateRun(
      w + panel * panelBytes + <usize>((segment * length) << 5),
      g,
      length << 1,
      update,
      load<f32>(context, Context.rate),
    )
  }
}
