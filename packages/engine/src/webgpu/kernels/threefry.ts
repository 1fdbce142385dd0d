/** Threefry-2x32-20, as in core's threefry.ts, which says where each number of a mask comes from. */
import type { Dropping } from '../../ops/gpu-table.ts'
import { float } from './shader.ts'

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const
const PARITY = 0x1bd11bda

function rounds(): string {
  const lines: string[] = []
  for (let round = 0; round < 20; round++) {
    const rotation = ROTATIONS[round & 7] ?? 0
    lines.push(`x += y; y = ((y << ${rotation}u) | (y >> ${32 - rotation}u)) ^ x;`)
    if ((round & 3) !== 3) continue
    const injection = (round >> 2) + 1
    lines.push(`x += k${injection % 3}; y += k${(injection + 1) % 3} + ${injection}u;`)
  }
  return lines.map((line) => `  ${line}`).join('\n')
}

/** Statements that leave two random words in `x` and `y`, for the step at hand and a number in `group`. */
function words({ seed, stream }: Pick<Dropping, 'seed' | 'stream'>): string {
  return `  const k0 = ${seed >>> 0}u;
  const k1 = ${stream}u;
  const k2 = ${(PARITY ^ seed ^ stream) >>> 0}u;
  var x = run.step + k0;
  var y = group + k1;
${rounds()}`
}

/** `fn dropped(v, group)`: v through the dropout mask of a layer, for the group of four channels that the counter names. */
export function dropoutText(dropping: Dropping): string {
  const { threshold, keep } = dropping
  return `fn dropped(v: vec4f, group: u32) -> vec4f {
${words(dropping)}
  let bits = vec4u(x & 0xffffu, x >> 16u, y & 0xffffu, y >> 16u);
  return select(v * ${float(keep)}, vec4f(), bits < vec4u(${threshold}u));
}`
}

/** `fn normal(group)`: two normal numbers. WGSL's own sine may be wrong by 2^-11: here are the polynomials of an eighth of the circle. */
export function normalText(key: Pick<Dropping, 'seed' | 'stream'>): string {
  return `fn normal(group: u32) -> vec2f {
${words(key)}
  let radius = sqrt(-2.0f * log((f32(x >> 8u) + 1.0f) / 16777216.0f));
  let turns = f32(y >> 8u) / 4194304.0f;
  let quarter = round(turns);
  let a = (turns - quarter) * ${float(Math.PI / 2)};
  let b = a * a;
  let s = a * (1.0f + b * (-0.16666667f + b * (0.0083333333f - b * 0.00019841270f)));
  let c = 1.0f + b * (-0.5f + b * (0.041666667f + b * (-0.0013888889f + b * 0.000024801587f)));
  let odd = (u32(quarter) & 1u) == 1u;
  let place = select(vec2f(c, s), vec2f(-s, c), odd);
  return radius * select(place, -place, (u32(quarter) & 2u) == 2u);
}`
}
