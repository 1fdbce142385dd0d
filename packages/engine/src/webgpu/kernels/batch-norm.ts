/* Batch normalization: see ops/batch-norm.gpu.ts for the order of its kernels. */
import type { Ref, Tensor } from '../../ops/emitter.ts'
import type { GpuKernels, NormSource } from '../../ops/gpu-table.ts'
import { chunkSums, chunkText, mergeChunks } from './chunks.ts'
import { finishText, maskText } from './finish.ts'
import { at, eachOf, float, readText, type Shader, vectorsOf, writeText } from './shader.ts'
import { updateText } from './update.ts'
import type { ShaderFeatures } from './workgroup-sum.ts'

export function normSums({ x, chunks, out }: GpuKernels['normSums']): Shader {
  return chunkSums({
    name: `statistics of ${x.name}`,
    columns: x.columns,
    chunks,
    out,
    parts: [readText('x', x)],
    first: 'a += xOf(pixel, channels);',
    second: 'let d = xOf(pixel, channels) - mean; b += d * d;',
    result: 'total / count',
  })
}

/** Scale and shift from the moving averages: `fn scaleOf(group)`, `fn shiftOf(group)`. */
function frozenText({ gamma, beta, movingMean, movingVariance, epsilon }: NormSource): string {
  const value = (ref: Ref | undefined, other: string): string => (ref ? `arena[${at(ref)}u + group]` : other)
  return `fn scaleOf(group: u32) -> vec4f { return ${value(gamma, 'vec4f(1.0f)')} / sqrt(${value(movingVariance, 'vec4f(1.0f)')} + ${float(epsilon)}); }
fn shiftOf(group: u32) -> vec4f { return ${value(beta, 'vec4f()')} - ${value(movingMean, 'vec4f()')} * scaleOf(group); }`
}

/** The same from the batch, as `normFinish` leaves them. */
function statsText(stats: Ref, columns: number): string {
  const part = (index: number): string => `arena[${at(stats) + (index * columns) / 4}u + group]`
  return `fn meanOf(group: u32) -> vec4f { return ${part(0)}; }
fn inverseOf(group: u32) -> vec4f { return ${part(1)}; }
fn scaleOf(group: u32) -> vec4f { return ${part(2)}; }
fn shiftOf(group: u32) -> vec4f { return ${part(3)}; }`
}

export function normFinish(args: GpuKernels['normFinish'], features: ShaderFeatures): Shader {
  const { sums, chunks, columns, source, momentum, stats } = args
  const { gamma, beta, movingMean, movingVariance, epsilon } = source
  const part = (ref: Ref, index: number): string => `arena[${at(ref) + (index * columns) / 4}u + i]`
  const move = (ref: Ref | undefined, value: string): string =>
    ref ? `${part(ref, 0)} = ${part(ref, 0)} * ${float(momentum)} + ${value} * ${float(1 - momentum)};\n` : ''
  const body = `let count = countOf(thread);
let own = sumOf(thread, 0u, i);
let mean = total(own * count, place) / ${float(chunks.pixels)};
let d = own - mean;
let variance = total(sumOf(thread, 1u, i) + count * d * d, place) / ${float(chunks.pixels)};
if (thread != 0u) { return; }
let inverse = 1.0f / sqrt(variance + ${float(epsilon)});
let scale = inverse${gamma ? ` * ${part(gamma, 0)}` : ''};
${part(stats, 0)} = mean;
${part(stats, 1)} = inverse;
${part(stats, 2)} = scale;
${part(stats, 3)} = ${beta ? part(beta, 0) : 'vec4f()'} - mean * scale;
${move(movingMean, 'mean')}${move(movingVariance, 'variance')}`
  return mergeChunks('statistics', columns, [chunkText(chunks, sums, columns)], body, features)
}

export function normApply({ x, y, stats, source, pool, winner, finish }: GpuKernels['normApply']): Shader {
  const groups = y.columns / 4
  const parts = [
    readText('x', x),
    writeText('y', y),
    stats ? statsText(stats, x.columns) : frozenText(source),
    winner ? writeText('winner', winner) : '',
    finishText(finish, y),
  ]
  const head = `let pixel = i / ${groups}u;
let group = i % ${groups}u;
let scale = scaleOf(group);
let shift = shiftOf(group);
`
  const body = pool
    ? `${head}let place = pixel % ${y.height * y.width}u;
let top = place / ${y.width}u * 2u;
let left = place % ${y.width}u * 2u;
let corner = pixel / ${y.height * y.width}u * ${x.height * x.width}u + top * ${x.width}u + left;
var best = xOf(corner, group) * scale + shift;
var won = vec4f();
for (var other = 1u; other < 4u; other++) {
  if (top + other / 2u >= ${x.height}u || left + other % 2u >= ${x.width}u) { continue; }
  let v = xOf(corner + other / 2u * ${x.width}u + other % 2u, group) * scale + shift;
  let wins = v > best;
  best = select(best, v, wins);
  won = select(won, vec4f(f32(other)), wins);
}
putY(pixel, group, finished(best, pixel, group));
${winner ? 'putWinner(pixel, group, won);' : ''}`
    : `${head}putY(pixel, group, finished(xOf(pixel, group) * scale + shift, pixel, group));`
  return eachOf(`normalize ${x.name}`, vectorsOf(y), parts, body)
}

export function normGradSums({ x, dy, stats, winner, chunks, out }: GpuKernels['normGradSums']): Shader {
  const pooled = `let place = pixel % ${dy.height * dy.width}u;
    let corner = pixel / ${dy.height * dy.width}u * ${x.height * x.width}u + place / ${dy.width}u * ${2 * x.width}u + place % ${dy.width}u * 2u;
    let won = vec4u(winnerOf(pixel, channels));
    let taken = corner + won / 2u * ${x.width}u + won % 2u;
    let v = vec4f(xOf(taken.x, channels).x, xOf(taken.y, channels).y, xOf(taken.z, channels).z, xOf(taken.w, channels).w);`
  const value = winner ? pooled : 'let v = xOf(pixel, channels);'
  return chunkSums({
    name: `gradient sums of ${x.name}`,
    columns: x.columns,
    chunks,
    out,
    parts: [
      readText('x', x),
      readText('dy', dy),
      winner ? readText('winner', winner) : '',
      statsText(stats, x.columns),
    ],
    first: `${value} let d = dyOf(pixel, channels); a += d; b += d * (v - meanOf(channels)) * inverseOf(channels);`,
  })
}

export function normGradFinish(args: GpuKernels['normGradFinish'], features: ShaderFeatures): Shader {
  const { sums, chunks, count, columns, stats, coefficients, gamma, beta, update } = args
  const part = (ref: Ref, index: number): string => `arena[${at(ref) + (index * columns) / 4}u + i]`
  const body = `let sum = total(sumOf(thread, 0u, i), place);
let dot = total(sumOf(thread, 1u, i), place);
if (thread != 0u) { return; }
let inverse = ${part(stats, 1)};
let a = inverse${gamma ? ` * ${part(gamma.at, 0)}` : ''};
${part(coefficients, 0)} = a;
${part(coefficients, 1)} = -a * inverse * dot / ${float(count)};
${part(coefficients, 2)} = -a * sum / ${float(count)};
${gamma?.trainable ? `update(${at(gamma.at)}u + i, dot);\n` : ''}${beta?.trainable ? `update(${at(beta.at)}u + i, sum);` : ''}`
  const parts = [chunkText(chunks, sums, columns), updateText(update)]
  return mergeChunks('gradient statistics', columns, parts, body, features)
}

export function normGrad(args: GpuKernels['normGrad']): Shader {
  const { x, dy, dx, stats, source, coefficients, winner, mask } = args
  const groups = x.columns / 4
  const parts = [
    readText('x', x),
    readText('dy', dy),
    writeText('dx', dx),
    winner ? readText('winner', winner) : '',
    stats ? statsText(stats, x.columns) : frozenText(source),
    maskText(mask, dx),
  ]
  const part = (ref: Ref, index: number): string => `arena[${at(ref) + index * groups}u + group]`
  const passed =
    stats && coefficients
      ? `${part(coefficients, 0)} * d + ${part(coefficients, 1)} * (xOf(pixel, group) - meanOf(group)) + ${part(coefficients, 2)}`
      : 'scaleOf(group) * d'
  const body = `let pixel = i / ${groups}u;
let group = i % ${groups}u;
${winner ? pooledGradient(x, dy) : 'let d = dyOf(pixel, group);'}
putDx(pixel, group, masked(${passed}, dxAt(pixel, group)));`
  return eachOf(`gradient ${dx.name}`, vectorsOf(x), parts, body)
}

/** The gradient of a 2x2 pool at a pixel: that of its window where it is the winner. */
function pooledGradient(x: Tensor, dy: Tensor): string {
  return `let inImage = pixel % ${x.height * x.width}u;
let y = inImage / ${x.width}u;
let x = inImage % ${x.width}u;
let window = pixel / ${x.height * x.width}u * ${dy.height * dy.width}u + y / 2u * ${dy.width}u + x / 2u;
let mine = vec4f(f32(y % 2u * 2u + x % 2u));
var d = vec4f();
if (y / 2u < ${dy.height}u && x / 2u < ${dy.width}u) {
  d = select(vec4f(), dyOf(window, group), winnerOf(window, group) == mine);
}`
}
