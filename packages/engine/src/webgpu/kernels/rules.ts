/* What belongs to a weight besides its gradient: see ops/weight-rules.ts. */
import type { GpuKernels } from '../../ops/gpu-table.ts'
import { at, float, type Shader, shaderText } from './shader.ts'
import { type ShaderFeatures, workgroupSum } from './workgroup-sum.ts'

const THREADS = 256

/** Workgroups whose threads add `each(i)` up over `count` vectors into `sum`, and then do `after`. */
function summed(
  name: string,
  workgroups: number,
  loop: { readonly count: number; readonly each: string; readonly after: string },
  features: ShaderFeatures,
): Shader {
  const { directives, text } = workgroupSum('vec4f', THREADS, features)
  const entry = `${text}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) block: vec3u, place: Place) {
  var sum = vec4f();
  for (var i = place.thread; i < ${loop.count}u; i += ${THREADS}u) { ${loop.each} }
  sum = total(sum, place);
${loop.after}
}`
  return { name, code: shaderText(name, [entry], directives), workgroups: [workgroups, 1, 1] }
}

export function penalty(args: GpuKernels['penalty'], features: ShaderFeatures): Shader {
  const { w, words, l1, l2, batch, sums } = args
  const each = `let v = arena[${at(w)}u + i]; sum += ${float(l1)} * abs(v) + ${float(l2)} * v * v;`
  const after = `  if (place.thread == 0u) { arena[${at(sums)}u + run.record].x += ${float(batch)} * dot(sum, vec4f(1.0f)); }`
  return summed('penalty', 1, { count: words / 4, each, after }, features)
}

/** A workgroup for each four columns of a kernel; one for a vector. Factor: min(norm, limit) / (norm + 1e-7), as in Keras. */
export function maxNorm(args: GpuKernels['maxNorm'], features: ShaderFeatures): Shader {
  const { w, words, panelBytes, columns, limit } = args
  const kernel = panelBytes > 0
  const count = kernel ? Math.floor(panelBytes / 32) : words / 4
  const at4 = kernel ? `${at(w)}u + block.x / 2u * ${panelBytes / 16}u + block.x % 2u + i * 2u` : `${at(w)}u + i`
  const each = `let v = arena[${at4}]; sum += v * v;`
  const after = `  let norm = sqrt(${kernel ? 'sum' : 'vec4f(dot(sum, vec4f(1.0f)))'});
  let factor = min(norm, vec4f(${float(limit)})) / (norm + 1e-7f);
  for (var i = place.thread; i < ${count}u; i += ${THREADS}u) { arena[${at4}] *= factor; }`
  return summed('max-norm', kernel ? columns / 4 : 1, { count, each, after }, features)
}
