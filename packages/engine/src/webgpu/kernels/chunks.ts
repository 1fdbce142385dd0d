/* Sums over all pixels of a batch for each channel: over chunks of pixels first, then over the chunks, each in a fixed order. */
import type { Ref } from '../../ops/emitter.ts'
import type { Chunks } from '../../ops/gpu-table.ts'
import { at, type Shader, shaderText } from './shader.ts'
import { type ShaderFeatures, workgroupSum } from './workgroup-sum.ts'

/** Groups of four channels that a workgroup takes, and the threads that share their pixels. */
function lanesOf(columns: number): { readonly groups: number; readonly width: number; readonly lanes: number } {
  const groups = columns / 4
  const width = Math.min(groups, 64)
  return { groups, width, lanes: Math.floor(256 / width) }
}

interface ChunkSums {
  readonly name: string
  readonly columns: number
  readonly chunks: Chunks
  readonly out: Ref
  readonly parts: readonly string[]
  /** Statements with `pixel` and `group`, which add to `a`, and where there is a second pass to `b`. */
  readonly first: string
  readonly second?: string
  /** What is written of the first sum, with `count` pixels. */
  readonly result?: string
}

/** [chunk][2][columns]: two sums over each chunk of pixels; the second pass may use the first one's result as `mean`. */
export function chunkSums({ name, columns, chunks, out, parts, first, second, result = 'total' }: ChunkSums): Shader {
  const { groups, width, lanes } = lanesOf(columns)
  const { pixels, size } = chunks
  const loop = (body: string): string => `for (var pixel = begin + lane; pixel < end; pixel += ${lanes}u) { ${body} }`
  const write = (which: number, value: string): string =>
    `arena[${at(out)}u + (group.x * 2u + ${which}u) * ${groups}u + channels] = ${value};`
  const fold = (target: string): string => `shared_a[thread] = ${target};
  workgroupBarrier();
  ${target} = vec4f();
  for (var other = thread % ${width}u; other < ${width * lanes}u; other += ${width}u) { ${target} += shared_a[other]; }
  workgroupBarrier();`
  const entry = `var<workgroup> shared_a: array<vec4f, 256>;
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lane = thread / ${width}u;
  let channels = group.y * ${width}u + thread % ${width}u;
  let works = lane < ${lanes}u && channels < ${groups}u;
  let begin = group.x * ${size}u;
  let end = min(begin + ${size}u, ${pixels}u);
  let count = f32(end - begin);
  var a = vec4f();
  var b = vec4f();
  if (works) { ${loop(first)} }
  ${fold('a')}
  let total = a;
  let mean = ${result};
  ${second ? `if (works) { ${loop(second)} }` : ''}
  ${fold('b')}
  if (works && lane == 0u) {
    ${write(0, 'mean')}
    ${write(1, 'b')}
  }
}`
  return {
    name,
    code: shaderText(name, [...parts, entry]),
    workgroups: [chunks.chunks, Math.ceil(groups / width), 1],
  }
}

/** Merges chunks: a workgroup for each group of channels, a thread a chunk; `total(v, place)` is the sum over them. */
export function mergeChunks(
  name: string,
  columns: number,
  parts: readonly string[],
  body: string,
  features: ShaderFeatures,
): Shader {
  const { directives, text } = workgroupSum('vec4f', 256, features)
  const entry = `${text}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) block: vec3u, place: Place) {
  let i = block.x;
  let thread = place.thread;
${body.replaceAll(/^(?=.)/gm, '  ')}
}`
  return { name, code: shaderText(name, [...parts, entry], directives), workgroups: [columns / 4, 1, 1] }
}

/** `fn sumOf(chunk, which, i)`: a sum of a chunk, zero behind the last; `fn countOf(chunk)`: its pixels. */
export function chunkText({ pixels, size, chunks }: Chunks, sums: Ref, columns: number): string {
  return `fn countOf(chunk: u32) -> f32 { return f32(select(0u, min(${size}u, ${pixels}u - chunk * ${size}u), chunk < ${chunks}u)); }
fn sumOf(chunk: u32, which: u32, i: u32) -> vec4f {
  if (chunk >= ${chunks}u) { return vec4f(); }
  return arena[${at(sums)}u + (chunk * 2u + which) * ${columns / 4}u + i];
}`
}
