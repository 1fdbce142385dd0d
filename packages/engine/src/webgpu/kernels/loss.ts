/*
 * The loss of a batch with its gradient, one thread a row, and the step's record: sum of losses, hits. The formulas are those of
 * ops/losses.ts; cross-entropies are computed from logits. One workgroup, so that the sum has an order.
 */
import type { LossName } from '@gicho/core'
import type { Tensor } from '../../ops/emitter.ts'
import type { GpuKernels } from '../../ops/gpu-table.ts'
import { imageOfRow, rowPlaces } from './gather.ts'
import { at, eachOf, float, loaded, type Shader, shaderText, stored } from './shader.ts'
import { type ShaderFeatures, workgroupSum } from './workgroup-sum.ts'

/** Rows that are worked on side by side. */
const threadsFor = (batch: number): number => (batch > 64 ? 256 : 64)

interface LossText {
  /** Before the classes: `row` is known, and `zOf(row, c)`. */
  readonly before: string
  /** Of one class: from `v` and `target`, adds to `loss` and gives `slope`. */
  readonly each: string
  /** A hit of a single output lies above it. */
  readonly middle: number
}

const categorical: LossText = {
  before: `var top = zOf(row, 0u);
    for (var c = 1u; c < CLASSES; c++) { top = max(top, zOf(row, c)); }
    var sum = 0.0f;
    for (var c = 0u; c < CLASSES; c++) { sum += exp(zOf(row, c) - top); }
    let whole = log(sum);`,
  each: `loss += wanted * (whole - (v - top));
      let slope = exp(v - top) / sum - wanted;`,
  middle: 0.5,
}

const texts: Readonly<Record<LossName, LossText>> = {
  categoricalCrossentropy: categorical,
  sparseCategoricalCrossentropy: categorical,
  binaryCrossentropy: {
    before: '',
    each: `let e = exp(-abs(v));
      loss += max(v, 0.0f) - v * wanted + log(1.0f + e);
      let slope = select(e, 1.0f, v > 0.0f) / (1.0f + e) - wanted;`,
    middle: 0,
  },
  meanSquaredError: { before: '', each: 'let d = v - wanted; loss += d * d; let slope = 2.0f * d;', middle: 0.5 },
  meanAbsoluteError: { before: '', each: 'let d = v - wanted; loss += abs(d); let slope = sign(d);', middle: 0.5 },
}

/** `zOf(row, c)`: a value of the last layer. */
function logitsText(z: Tensor, classes: number): string {
  const index = `${at(z.at)}u + row * ${z.image / 16}u + c / 4u`
  return `const CLASSES = ${classes}u;
fn zOf(row: u32, c: u32) -> f32 { return ${loaded(z, index)}[c % 4u]; }`
}

/** A NaN has to reach the loss: `max` may drop it, the first logit's own difference may not. */
function smoothed(name: LossName, classes: number, smoothing: number): string {
  if (smoothing === 0) return 'hot'
  const share = texts[name] === categorical ? smoothing / classes : smoothing / 2
  return `hot * ${float(1 - smoothing)} + ${float(share)}`
}

export function loss(args: GpuKernels['loss'], features: ShaderFeatures): Shader {
  const { z, dz, classes, name, smoothing, gradientScale, sums, capacity, weighted } = args
  const threads = threadsFor(z.batch)
  const { directives, text } = workgroupSum('vec2f', threads, features)
  const { before, each, middle } = texts[name]
  const share = texts[name] === categorical ? 1 : 1 / classes
  const weight = weighted ? `bitcast<f32>(rows[${rowPlaces(capacity).weights}u + run.first + row])` : '1.0f'
  const hit = classes === 1 ? `u32(zOf(row, 0u) > ${float(middle)}) == label` : 'largest == label'
  const findLargest =
    classes === 1
      ? ''
      : `var largest = 0u;
    for (var c = 1u; c < CLASSES; c++) { if (zOf(row, c) > zOf(row, largest)) { largest = c; } }`
  const store = dz ? `${stored(dz, `${at(dz.at)}u + row * ${dz.image / 16}u + group`, 'slopes')};` : ''
  const entry = `${logitsText(z, classes)}
${text}

@compute @workgroup_size(${threads})
fn main(place: Place) {
  var own = vec2f();
  for (var row = place.thread; row < ${z.batch}u; row += ${threads}u) {
    let label = labels[${imageOfRow('run.first + row')}];
    let weight = ${weight};
    let factor = weight * ${float((share / z.batch) * gradientScale)};
    ${before}
    ${findLargest}
    var loss = 0.0f;
    for (var group = 0u; group < ${Math.ceil(classes / 4)}u; group++) {
      var slopes = vec4f();
      for (var lane = 0u; lane < 4u; lane++) {
        let c = group * 4u + lane;
        if (c >= CLASSES) { continue; }
        let v = zOf(row, c);
        let hot = ${classes === 1 ? 'f32(label)' : 'select(0.0f, 1.0f, c == label)'};
        let wanted = ${smoothed(name, classes, smoothing)};
      ${each}
        slopes[lane] = slope * factor;
      }
      ${store}
    }
    own += vec2f(weight * ${float(share)} * loss, select(0.0f, 1.0f, ${hit}));
  }
  let sums = total(own, place);
  if (place.thread == 0u) { arena[${at(sums)}u + run.record] = vec4f(sums, 0.0f, 0.0f); }
}`
  return { name: `loss ${name}`, code: shaderText(`loss ${name}`, [entry], directives), workgroups: [1, 1, 1] }
}

const outputTexts: Readonly<Record<LossName, string>> = {
  categoricalCrossentropy: 'exp(v - top) / sum',
  sparseCategoricalCrossentropy: 'exp(v - top) / sum',
  binaryCrossentropy: '1.0f / (1.0f + exp(-v))',
  meanSquaredError: 'v',
  meanAbsoluteError: 'v',
}

export function outputs({ z, p, classes, name }: GpuKernels['outputs']): Shader {
  const groups = Math.ceil(classes / 4)
  const body = `let row = i;
${texts[name].before}
for (var group = 0u; group < ${groups}u; group++) {
  var out = vec4f();
  for (var lane = 0u; lane < 4u; lane++) {
    if (group * 4u + lane >= CLASSES) { continue; }
    let v = zOf(row, group * 4u + lane);
    out[lane] = ${outputTexts[name]};
  }
  arena[${at(p)}u + row * ${z.image / 16}u + group] = out;
}`
  return eachOf('outputs', z.batch, [logitsText(z, classes)], body)
}
