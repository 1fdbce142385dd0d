/*
 * The matrix product under every Dense layer and convolution: C[M, N] = sum over k of A[M, k] B[k, N].
 *
 * A workgroup computes 32 x 32 values of C, each of its 64 threads a block of 4 x 4, from tiles of 16 k in shared memory. Operands
 * are read four values at a time, whichever way they lie: where memory runs along k, four vectors are transposed in registers. What
 * a thread reads of an operand has a fixed line (a place, worked out once) and moves along k (a step, worked out once a tile).
 * With few tiles and long sums four slices of the workgroup share k, and add up at the end; the order of every sum is fixed.
 */
import { TILE } from '../../ops/product.gpu.ts'
import { type Shader, shaderText, spread } from './shader.ts'

const DEPTH = 16
/** Shared vectors of a slice: 16 x 8 of A, as many of B. */
const SHARED = 256
/** Sums from which slices pay. */
const SLICED_DEPTH = 128

/** How an operand is read: WGSL functions `place(line)` and `step(k)`, and a vector from both. */
interface Operand {
  /** `k`: four values follow one another along k, at one line. `line`: four lines, at one k. */
  readonly along: 'k' | 'line'
  readonly place: string
  readonly step: string
  readonly load: (place: string, step: string) => string
}

export interface Product {
  readonly name: string
  readonly rows: number
  readonly columns: number
  readonly depth: number
  /** Functions that the operands name, and `fn store(m: u32, n: u32, split: u32, v: vec4f)` for four columns of C. */
  readonly parts: readonly string[]
  readonly a: Operand
  readonly b: Operand
  /** Groups of k whose sums are stored by themselves. */
  readonly splits?: number
}

/** Statements that put a 4 x 4 block of an operand into `block`, its columns one k each. */
function blockText({ along, step, load }: Operand, places: string): string {
  if (along === 'k') {
    const vectors = [0, 1, 2, 3].map((i) => load(`${places}${i}`, 's')).join(', ')
    return `let s = ${step}(k); block = transpose(mat4x4f(${vectors}));`
  }
  return `block = mat4x4f(${[0, 1, 2, 3].map((i) => load(`${places}0`, `${step}(k + ${i}u)`)).join(', ')});`
}

function placesText({ along, place }: Operand, places: string, origin: string): string {
  const lines = along === 'k' ? [0, 1, 2, 3] : [0]
  return lines.map((i) => `let ${places}${i} = ${place}(${origin} + line + ${i}u);`).join(' ')
}

/** The end of the kernel: each thread stores its rows, or with slices the sum of one row over them. */
function endText(slices: number): string {
  if (slices === 1)
    return `  var sums = array(sum0, sum1, sum2, sum3);
  for (var i = 0u; i < 4u; i++) { store(m + i, n, group.z, sums[i]); }`
  const parts = Array.from({ length: slices }, (_, slice) => `tile[${slice * SHARED}u + thread * 4u + slice]`)
  return `  workgroupBarrier();
${[0, 1, 2, 3].map((i) => `  tile[base + thread * 4u + ${i}u] = sum${i};`).join('\n')}
  workgroupBarrier();
  store(m + slice, n, group.z, ${parts.join(' + ')});`
}

/** The shader of a product. */
export function tiledProduct({ name, rows, columns, depth, parts, a, b, splits }: Product): Shader {
  const slices = splits === undefined && depth >= SLICED_DEPTH ? 4 : 1
  const tiles = Math.ceil(depth / DEPTH / slices / (splits ?? 1))
  const across = Math.ceil(columns / TILE)
  const [down, folds] = splits === undefined ? spread(Math.ceil(rows / TILE)) : [Math.ceil(rows / TILE), splits]
  const row = splits === undefined && folds > 1 ? `(group.z * ${down}u + group.y)` : 'group.y'
  const first = splits === undefined ? '' : `group.z * ${tiles}u + `
  const entry = `var<workgroup> tile: array<vec4f, ${SHARED * slices}>;

@compute @workgroup_size(64, ${slices})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let thread = local.x;
  let slice = local.y;
  let base = slice * ${SHARED}u;
  // The block of an operand that this thread brings: threads below 32 of A, the others of B.
  let line = thread % 8u * 4u;
  let depth = thread / 8u % 4u * 4u;
  let top = ${row} * ${TILE}u;
  let left = group.x * ${TILE}u;
  ${placesText(a, 'a', 'top')}
  ${placesText(b, 'b', 'left')}
  // The block of C that it computes.
  let across = thread % 8u;
  let down = thread / 8u;
  var sum0 = vec4f(); var sum1 = vec4f(); var sum2 = vec4f(); var sum3 = vec4f();
  for (var t = 0u; t < ${tiles}u; t++) {
    let k = (${first}t * ${slices}u + slice) * ${DEPTH}u + depth;
    var block: mat4x4f;
    if (thread < 32u) { ${blockText(a, 'a')} }
    else { ${blockText(b, 'b')} }
    workgroupBarrier();
    let to = base + select(${SHARED / 2}u, 0u, thread < 32u) + depth * 8u + thread % 8u;
    tile[to] = block[0]; tile[to + 8u] = block[1]; tile[to + 16u] = block[2]; tile[to + 24u] = block[3];
    workgroupBarrier();
    for (var d = 0u; d < ${DEPTH * 8}u; d += 8u) {
      let x = tile[base + d + down];
      let y = tile[base + ${SHARED / 2}u + d + across];
      sum0 += x.x * y;
      sum1 += x.y * y;
      sum2 += x.z * y;
      sum3 += x.w * y;
    }
  }
  let m = top + down * 4u;
  let n = left + across * 4u;
${endText(slices)}
}`
  return { name, code: shaderText(name, [...parts, entry]), workgroups: [across, down, folds] }
}
