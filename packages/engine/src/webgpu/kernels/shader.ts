/*
 * What all shaders have in common. One array of vec4f holds weights, slots, activations and gradients (a second one the tensors that
 * are stored as 16-bit floats); the same bindings serve every dispatch, so a step needs one bind group. `run` is the record of the step
 * at hand, a slice of a buffer of many.
 */
import type { Ref, Tensor } from '../../ops/emitter.ts'

/** The text of one dispatch, what it does in a few words, and how many workgroups it takes. */
export interface Shader {
  readonly name: string
  readonly code: string
  readonly workgroups: readonly [number, number, number]
}

/** Bytes of a step's record, as far apart as uniform offsets must be. */
export const STEP_BYTES = 256
/** Threads of a workgroup of a kernel without shared memory. */
const THREADS = 64
/** Most workgroups along one axis: WebGPU's own default. */
export const MOST_GROUPS = 65535

const bindings = `struct Step { step: u32, first: u32, record: u32, rate: f32, plainRate: f32, clip: f32 }
@group(0) @binding(0) var<storage, read_write> arena: array<vec4f>;
@group(0) @binding(1) var<storage, read> images: array<u32>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
@group(0) @binding(3) var<storage, read> rows: array<u32>;
@group(0) @binding(4) var<uniform> run: Step;
`

/** For kernels of tensors that lie as 16-bit floats. Beyond 65,504 there is none, and packing would give anything; NaN stays NaN. */
const halfText = `@group(0) @binding(5) var<storage, read_write> halves: array<vec2u>;
fn unpacked(v: vec2u) -> vec4f { return vec4f(unpack2x16float(v.x), unpack2x16float(v.y)); }
fn packed(value: vec4f) -> vec2u {
  let v = select(value, sign(value) * 65504.0f, abs(value) > vec4f(65504.0f));
  return vec2u(pack2x16float(v.xy), pack2x16float(v.zw));
}`

/** Puts a shader together: directives, bindings, functions and constants, entry point. */
export function shaderText(name: string, parts: readonly string[], directives = ''): string {
  const written = parts.filter((part) => part !== '')
  const half = written.some((part) => part.includes('halves[')) ? [halfText] : []
  return [`// ${name}`, directives + bindings, ...half, ...written].join('\n')
}

/** The index of a place in the array of vec4f. */
export function at(ref: Ref): number {
  return (ref.buffer.address + ref.offset) / 16
}

/** A float32 constant. */
export function float(value: number): string {
  const rounded = Math.fround(value)
  return Number.isInteger(rounded) ? `${rounded.toFixed(1)}f` : `${rounded}f`
}

/** Workgroups for a number that one axis may not hold. */
export function spread(count: number): readonly [number, number] {
  const rows = Math.ceil(count / MOST_GROUPS)
  return [Math.ceil(count / rows), rows]
}

/** A shader that does `body` for every `i` below `count`. */
export function eachOf(name: string, count: number, parts: readonly string[], body: string): Shader {
  const [x, y] = spread(Math.ceil(count / THREADS))
  const entry = `@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = (block.y * ${x}u + block.x) * ${THREADS}u + thread;
  if (i >= ${count}u) { return; }
${indent(body)}
}`
  return { name, code: shaderText(name, [...parts, entry]), workgroups: [x, y, 1] }
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}

/** `fn NAMEAt(pixel, group)`: where four channels of a pixel of the batch lie. Pixels count through all images. */
function tensorAt(name: string, tensor: Tensor): string {
  const { height, width, image } = tensor
  const pixel = tensor.pixel / 16
  const pixels = height * width
  const start = at(tensor.at)
  const place =
    image === pixels * tensor.pixel
      ? `${start}u + pixel * ${pixel}u + group`
      : `${start}u + pixel / ${pixels}u * ${image / 16}u + pixel % ${pixels}u * ${pixel}u + group`
  return `fn ${name}At(pixel: u32, group: u32) -> u32 { return ${place}; }`
}

/** Four values at an index of a tensor's memory. */
export function loaded({ at: { buffer } }: Tensor, index: string): string {
  return buffer.half ? `unpacked(halves[${index}])` : `arena[${index}]`
}

/** The statement that puts four values there. */
export function stored({ at: { buffer } }: Tensor, index: string, value: string): string {
  return buffer.half ? `halves[${index}] = packed(${value})` : `arena[${index}] = ${value}`
}

/** `tensorAt`, and `fn NAMEOf(pixel, group)`: the values there. */
export function readText(name: string, tensor: Tensor): string {
  return `${tensorAt(name, tensor)}
fn ${name}Of(pixel: u32, group: u32) -> vec4f { return ${loaded(tensor, `${name}At(pixel, group)`)}; }`
}

/** `tensorAt`, and `fn putNAME(pixel, group, v)`. */
export function writeText(name: string, tensor: Tensor): string {
  return `${tensorAt(name, tensor)}\n${putText(name, tensor)}`
}

/** The latter alone, beside `readText`. */
export function putText(name: string, tensor: Tensor): string {
  const capital = name.replace(/^./, (first) => first.toUpperCase())
  return `fn put${capital}(pixel: u32, group: u32, v: vec4f) { ${stored(tensor, `${name}At(pixel, group)`, 'v')}; }`
}

/** Groups of four channels in all pixels of a batch. */
export function vectorsOf({ batch, height, width, columns }: Tensor): number {
  return (batch * height * width * columns) / 4
}

/** Statements that tell pixel and group of channels of the `i`th vector of a tensor. */
export function splitText({ columns }: Tensor): string {
  return `let pixel = i / ${columns / 4}u;
let group = i % ${columns / 4}u;
`
}
