/* What belongs to a weight besides its gradient: see ops/weight-rules.ts. */
import type { GpuKernels } from '../../ops/gpu-table.ts'
import { at, float, type Shader, shaderText } from './shader.ts'

const THREADS = 256

/** A workgroup whose threads add `each(i)` up over `count` vectors, into `merged[0]`. */
function summed(count: number, each: string): string {
  return `  var sum = vec4f();
  for (var i = thread; i < ${count}u; i += ${THREADS}u) { ${each} }
  merged[thread] = sum;
  workgroupBarrier();
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    if (thread < half) { merged[thread] += merged[thread + half]; }
    workgroupBarrier();
  }`
}

const head = `var<workgroup> merged: array<vec4f, ${THREADS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {`

export function penalty({ w, words, l1, l2, batch, sums }: GpuKernels['penalty']): Shader {
  const each = `let v = arena[${at(w)}u + i]; sum += ${float(l1)} * abs(v) + ${float(l2)} * v * v;`
  const entry = `${head}
${summed(words / 4, each)}
  if (thread == 0u) { arena[${at(sums)}u + run.record].x += ${float(batch)} * dot(merged[0], vec4f(1.0f)); }
}`
  return { name: 'penalty', code: shaderText('penalty', [entry]), workgroups: [1, 1, 1] }
}

/** A workgroup for each four columns of a kernel; one for a vector. Factor: min(norm, limit) / (norm + 1e-7), as in Keras. */
export function maxNorm({ w, words, panelBytes, columns, limit }: GpuKernels['maxNorm']): Shader {
  const kernel = panelBytes > 0
  const rows = kernel ? Math.floor(panelBytes / 32) : words / 4
  const place = kernel ? `${at(w)}u + block.x / 2u * ${panelBytes / 16}u + block.x % 2u + i * 2u` : `${at(w)}u + i`
  const entry = `${head}
${summed(rows, `let v = arena[${place}]; sum += v * v;`)}
  let norm = sqrt(${kernel ? 'merged[0]' : 'vec4f(dot(merged[0], vec4f(1.0f)))'});
  let factor = min(norm, vec4f(${float(limit)})) / (norm + 1e-7f);
  for (var i = thread; i < ${rows}u; i += ${THREADS}u) { arena[${place}] *= factor; }
}`
  return { name: 'max-norm', code: shaderText('max-norm', [entry]), workgroups: [kernel ? columns / 4 : 1, 1, 1] }
}
