/* Layer normalization: one thread a pixel; see ops/layer-norm.gpu.ts. */
import type { Ref, Tensor } from '../../ops/emitter.ts'
import type { GpuKernels } from '../../ops/gpu-table.ts'
import { chunkSums, chunkText, mergeChunks } from './chunks.ts'
import { finishText, keptText } from './finish.ts'
import { at, eachOf, float, readText, type Shader, writeText } from './shader.ts'
import { updateText } from './update.ts'
import type { ShaderFeatures } from './workgroup-sum.ts'

const groupsOf = ({ columns }: Tensor): string => `for (var group = 0u; group < ${columns / 4}u; group++)`
const scaled = (value: string, by: Ref | undefined): string => (by ? `${value} * arena[${at(by)}u + group]` : value)
const ONES = 'vec4f(1.0f)'

export function layerNorm({ x, y, gamma, beta, epsilon, stats, finish }: GpuKernels['layerNorm']): Shader {
  const body = `let pixel = i;
var sum = 0.0f;
${groupsOf(x)} { sum += dot(xOf(pixel, group), ${ONES}); }
let mean = sum / ${float(x.channels)};
var squares = 0.0f;
${groupsOf(x)} {
  let d = kept(xOf(pixel, group) - mean, group);
  squares += dot(d, d);
}
let inverse = 1.0f / sqrt(squares / ${float(x.channels)} + ${float(epsilon)});
${stats ? `arena[${at(stats)}u + pixel] = vec4f(mean, inverse, 0.0f, 0.0f);` : ''}
${groupsOf(x)} {
  let v = ${scaled('(xOf(pixel, group) - mean) * inverse', gamma)}${beta ? ` + arena[${at(beta)}u + group]` : ''};
  putY(pixel, group, finished(kept(v, group), pixel, group));
}`
  const parts = [readText('x', x), writeText('y', y), keptText(x), finishText(finish, y)]
  return eachOf(`normalize ${x.name}`, x.batch * x.height * x.width, parts, body)
}

export function layerNormGrad({ x, dy, dx, gamma, stats }: GpuKernels['layerNormGrad']): Shader {
  const body = `let pixel = i;
let mean = arena[${at(stats)}u + pixel].x;
let inverse = arena[${at(stats)}u + pixel].y;
var sum = 0.0f;
var product = 0.0f;
${groupsOf(x)} {
  let g = ${scaled('dyOf(pixel, group)', gamma)};
  sum += dot(g, ${ONES});
  product += dot(g, (xOf(pixel, group) - mean) * inverse);
}
sum /= ${float(x.channels)};
product /= ${float(x.channels)};
${groupsOf(x)} {
  let g = ${scaled('dyOf(pixel, group)', gamma)};
  putDx(pixel, group, kept((g - sum - (xOf(pixel, group) - mean) * inverse * product) * inverse, group));
}`
  const parts = [readText('x', x), readText('dy', dy), writeText('dx', dx), keptText(x)]
  return eachOf(`gradient ${dx.name}`, x.batch * x.height * x.width, parts, body)
}

export function layerNormSums({ x, dy, stats, chunks, out }: GpuKernels['layerNormSums']): Shader {
  return chunkSums({
    name: `gradient sums of ${x.name}`,
    columns: x.columns,
    chunks,
    out,
    parts: [readText('x', x), readText('dy', dy)],
    first: `let s = arena[${at(stats)}u + pixel]; let d = dyOf(pixel, channels); a += d * (xOf(pixel, channels) - s.x) * s.y; b += d;`,
  })
}

export function layerNormUpdate(args: GpuKernels['layerNormUpdate'], features: ShaderFeatures): Shader {
  const { sums, chunks, columns, gamma, beta, update } = args
  const body = `let dot = total(sumOf(thread, 0u, i), place);
let sum = total(sumOf(thread, 1u, i), place);
if (thread != 0u) { return; }
${gamma?.trainable ? `update(${at(gamma.at)}u + i, dot);\n` : ''}${beta?.trainable ? `update(${at(beta.at)}u + i, sum);` : ''}`
  const parts = [chunkText(chunks, sums, columns), updateText(update)]
  return mergeChunks('update of a normalization', columns, parts, body, features)
}
