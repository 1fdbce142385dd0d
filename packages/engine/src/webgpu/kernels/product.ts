/* y = finish(windows of x times w + bias); dx; dw. See ops/product.gpu.ts. */
import type { GpuKernels } from '../../ops/gpu-table.ts'
import { biasRow, storedRows } from '../../ops/product.gpu.ts'
import { finishText, maskText } from './finish.ts'
import { at, eachOf, readText, type Shader, writeText } from './shader.ts'
import { tiledProduct } from './tiled-product.ts'
import { biasUpdateText, updateText } from './update.ts'
import { depthOf, isPackedImage, mirroredText, panelText, windowText } from './windows.ts'

const windows = { place: 'pixelOf', step: 'tapOf', load: (pixel: string, tap: string) => `valueAt(${pixel}, ${tap})` }

export function product({ x, y, window, w, bias, finish }: GpuKernels['product']): Shader {
  const rows = y.batch * y.height * y.width
  const depth = depthOf(window, x.columns)
  const parts = [
    windowText(x, y, window),
    panelText(w),
    `fn lineOf(column: u32) -> u32 { return column; }
fn rowOf(k: u32) -> u32 { return k; }
fn kernelAt(column: u32, row: u32) -> vec4f {
  if (column >= ${y.columns}u || row >= ${depth}u) { return vec4f(); }
  return arena[weightAt(row, column)];
}`,
    writeText('y', y),
    finishText(finish, y),
    `fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= ${rows}u || n >= ${y.columns}u) { return; }
  putY(m, n / 4u, finished(v${bias ? ` + arena[${at(bias)}u + n / 4u]` : ''}, m, n / 4u));
}`,
  ]
  const b = {
    along: 'line',
    place: 'lineOf',
    step: 'rowOf',
    load: (c: string, r: string) => `kernelAt(${c}, ${r})`,
  } as const
  return tiledProduct({
    name: `product ${y.name}`,
    rows,
    columns: y.columns,
    depth,
    parts,
    a: { along: 'k', ...windows },
    b,
  })
}

export function productDx({ dz, dx, window, w, mask }: GpuKernels['productDx']): Shader {
  const rows = dx.batch * dx.height * dx.width
  const depth = depthOf(window, dz.columns)
  const parts = [
    mirroredText(dz, dx, window),
    panelText(w),
    `fn lineOf(channel: u32) -> u32 { return channel; }
fn columnOf(k: u32) -> u32 { return k; }
fn kernelAt(channel: u32, k: u32) -> vec4f {
  if (channel >= ${dx.columns}u || k >= ${depth}u) { return vec4f(); }
  return arena[weightAt(k / ${dz.columns}u * ${dx.columns}u + channel, k % ${dz.columns}u)];
}`,
    writeText('dx', dx),
    maskText(mask, dx),
    `fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= ${rows}u || n >= ${dx.columns}u) { return; }
  putDx(m, n / 4u, masked(v, dxAt(m, n / 4u)));
}`,
  ]
  const b = {
    along: 'k',
    place: 'lineOf',
    step: 'columnOf',
    load: (c: string, k: string) => `kernelAt(${c}, ${k})`,
  } as const
  return tiledProduct({
    name: `product ${dx.name}`,
    rows,
    columns: dx.columns,
    depth,
    parts,
    a: { along: 'k', ...windows },
    b,
  })
}

export function productDw(args: GpuKernels['productDw']): Shader {
  const { x, dz, window, w, bias, update, partial } = args
  const other = biasUpdateText(update, args.biasUpdate)
  const rows = depthOf(window, x.columns)
  const ones = biasRow(rows)
  const columns = dz.columns
  const pixels = dz.batch * dz.height * dz.width
  const tap = isPackedImage(x) ? 'u32' : 'Tap'
  const parts = [
    windowText(x, dz, window),
    panelText(w),
    readText('dz', dz),
    // Behind the kernel's rows there is one of ones, whose products are the gradient of the bias.
    `struct Line { row: u32, tap: ${tap} }
fn lineOf(row: u32) -> Line { return Line(row, tapOf(row)); }
fn windowAt(line: Line, pixel: Pixel) -> vec4f {
  if (line.row == ${ones}u) { return vec4f(1.0f, 0.0f, 0.0f, 0.0f); }
  return valueAt(pixel, line.tap);
}
fn columnOf(column: u32) -> u32 { return column; }
fn indexOf(pixel: u32) -> u32 { return pixel; }
fn gradientAt(column: u32, pixel: u32) -> vec4f {
  if (column >= ${columns}u || pixel >= ${pixels}u) { return vec4f(); }
  return dzOf(pixel, column / 4u);
}`,
    partial ? '' : updateText(update),
    partial || !bias ? '' : other.text,
    partial
      ? `fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= ${storedRows(rows)}u || n >= ${columns}u) { return; }
  arena[${at(partial.at)}u + (split * ${storedRows(rows)}u + m) * ${columns / 4}u + n / 4u] = v;
}`
      : `fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (n >= ${columns}u) { return; }
  if (m < ${rows}u) { update(weightAt(m, n), v); }
${bias ? `  else if (m == ${ones}u) { ${other.name}(${at(bias.at)}u + n / 4u, v); }\n` : ''}}`,
  ]
  const a = {
    along: 'line',
    place: 'lineOf',
    step: 'pixelOf',
    load: (l: string, p: string) => `windowAt(${l}, ${p})`,
  } as const
  const b = {
    along: 'line',
    place: 'columnOf',
    step: 'indexOf',
    load: (c: string, p: string) => `gradientAt(${c}, ${p})`,
  } as const
  const shape = { rows: bias ? storedRows(rows) : rows, columns, depth: pixels }
  const split = partial ? { splits: partial.splits } : {}
  return tiledProduct({ name: `update ${w.name}`, ...shape, parts, a, b, ...split })
}

export function reduceUpdate(args: GpuKernels['reduceUpdate']): Shader {
  const { partial, rows, columns, w, bias, update } = args
  const other = biasUpdateText(update, args.biasUpdate)
  const groups = columns / 4
  const stored = storedRows(rows)
  const ones = biasRow(rows)
  const body = `let m = i / ${groups}u;
let group = i % ${groups}u;
if (m >= ${rows}u && m != ${ones}u) { return; }
var sum = vec4f();
for (var split = 0u; split < ${partial.splits}u; split++) { sum += arena[${at(partial.at)}u + split * ${stored * groups}u + i]; }
if (m < ${rows}u) { update(weightAt(m, group * 4u), sum); }${
    bias ? `\nelse { ${other.name}(${at(bias.at)}u + group, sum); }` : ''
  }`
  return eachOf(
    `sum and update ${w.name}`,
    (bias ? stored : rows) * groups,
    [panelText(w, columns), updateText(update), bias ? other.text : ''],
    body,
  )
}
