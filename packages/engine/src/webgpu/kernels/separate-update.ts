/* The update as a pass of its own, over gradients that steps have added up: clipped, in Keras' formulas, then zeros again. */
import type { GpuKernels } from '../../ops/gpu-table.ts'
import { at, eachOf, float, type Shader, shaderText } from './shader.ts'
import { gradientDistance, updateText } from './update.ts'
import { type ShaderFeatures, workgroupSum } from './workgroup-sum.ts'

const THREADS = 256

/** One workgroup a weight: the sum has an order. */
export function gradientSquares(args: GpuKernels['gradientSquares'], features: ShaderFeatures): Shader {
  const { gradient, words, norms, index } = args
  const { directives, text } = workgroupSum('f32', THREADS, features)
  const name = 'squares of a gradient'
  const entry = `${text}
@compute @workgroup_size(${THREADS})
fn main(place: Place) {
  var sum = 0.0f;
  for (var i = place.thread; i < ${words / 4}u; i += ${THREADS}u) {
    let g = arena[${at(gradient)}u + i];
    sum += dot(g, g);
  }
  sum = total(sum, place);
  if (place.thread == 0u) { arena[${at(norms) + index}u] = vec4f(sum); }
}`
  return { name, code: shaderText(name, [entry], directives), workgroups: [1, 1, 1] }
}

/** `run.clip` is the limit. A norm within it leaves the gradient as it is. */
export function applyUpdate(args: GpuKernels['applyUpdate']): Shader {
  const { w, words, update, share, clip, norms, index, count } = args
  const first = norms ? at(norms) : 0
  const norm =
    clip === 'norm'
      ? `arena[${first + index}u].x`
      : Array.from({ length: count }, (_, i) => `arena[${first + i}u].x`).join(' + ')
  const scale = norms
    ? `let norm = sqrt(${norm}) * ${float(share)};
g *= select(1.0f, run.clip / norm, norm > run.clip);`
    : ''
  const body = `let at = ${at(w)}u + i;
let stored = at + ${gradientDistance(update)}u;
var g = arena[stored] * ${float(share)};
arena[stored] = vec4f();
${scale}${clip === 'value' ? 'g = clamp(g, vec4f(-run.clip), vec4f(run.clip));' : ''}
update(at, g);`
  return eachOf('update', words / 4, [updateText(update)], body)
}
