// Dense and direct convolution: forward, gradient with respect to the input, gradient with respect to the weights.
import { Context } from './context'
import { ConvDw, DenseDw, DenseDx, Gemm, Update } from './generated'
import { outerRmsprop } from './outer-rmsprop'
import { outerPanel, product, tile4x4, tile4x8, tile6x4, tile6x8 } from './tile'
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

/** Eight (or four) rows of w, transposed into one panel: to[column][8]. */
function transposeRows(w: usize, panelBytes: usize, columns: i32, count: i32, to: usize): void {
  for (let n = 0; n < columns; n += 4) {
    for (let j = 0; j < count; j += 4) {
      const from = w + <usize>(n >> 3) * panelBytes + (<usize>(n & 4) << 2) + (<usize>j << 5), at = to + (<usize>n << 5) + (<usize>j << 2);
      const r0 = v128.load(from), r1 = v128.load(from, 32), r2 = v128.load(from, 64), r3 = v128.load(from, 96);
      const t0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
      const t2 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7), t3 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
      v128.store(at, v128.shuffle<i64>(t0, t1, 0, 2)); v128.store(at, v128.shuffle<i64>(t0, t1, 1, 3), 32);
      v128.store(at, v128.shuffle<i64>(t2, t3, 0, 2), 64); v128.store(at, v128.shuffle<i64>(t2, t3, 1, 3), 96);
    }
  }
}

export function denseDx(p: usize, begin: i32, end: i32, context: usize): void {
  const panel = load<usize>(context, Context.scratch);
  const w = load<usize>(p, DenseDx.w), panelBytes = load<usize>(p, DenseDx.panelBytes), columns = load<i32>(p, DenseDx.columns);
  const dxRow = load<usize>(p, DenseDx.dxRow), batch = load<i32>(p, DenseDx.batch), inputs = load<i32>(p, DenseDx.inputs);
  const y = load<usize>(p, DenseDx.y), yRow = load<usize>(p, DenseDx.yRow), keep = f32x4.splat(load<f32>(p, DenseDx.keepf)), zero = f32x4.splat(0);
  for (let tile = begin; tile < end; tile++) {
    const first = tile << 3, count = min(8, inputs - first);
    const dx = load<usize>(p, DenseDx.dx) + (<usize>first << 2);
    transposeRows(w + (<usize>first << 5), panelBytes, columns, count, panel);
    product(load<usize>(p, DenseDx.dz), load<usize>(p, DenseDx.dzRow), batch, columns, panel, 0, count, dx, dxRow);
    if (!y) continue;
    for (let n = 0; n < batch; n++) {
      for (let i: usize = 0; i < (<usize>count << 2); i += 16) {
        const at = dx + n * dxRow + i, gate = v128.gt<f32>(v128.load(y + n * yRow + (<usize>first << 2) + i), zero);
        v128.store(at, v128.and(v128.mul<f32>(v128.load(at), keep), gate));
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
  const inStride = load<i32>(update, Update.kind) == 1 && !load<i32>(update, Update.penalty) && (batch & 3) == 0
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
    const weights = w + panel * panelBytes + ((<usize>first) << 5)
    const whole = inStride && used > 4 ? outerRmsprop(x + ((<usize>first) << 2), xRow, packed, batch, count, weights, update, rate, g) : 0
    for (let i = whole; i < count; i += 12) {
      const rows = min(12, count - i)
      const at = (<usize>i) << 5
      outerPanel(x + ((<usize>(first + i)) << 2), xRow, packed, 32, batch, 1, 0, 0, rows, used, g + at, 0)
      updateRun(weights + at, g + at, rows << 1, update, rate)
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
