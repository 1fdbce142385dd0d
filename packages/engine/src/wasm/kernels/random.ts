// Dropout masks by Threefry-2x32-20; the counter layout is core's: four channels share the 64 bits of one counter.
import { Context } from "./context";
import { Dropout } from "./generated";

// @ts-expect-error: decorator
@inline
function rotate(x: v128, bits: i32): v128 { return v128.or(v128.shl<i32>(x, bits), v128.shr<u32>(x, 32 - bits)); }
// @ts-expect-error: decorator
@inline
function add(a: v128, b: v128): v128 { return v128.add<i32>(a, b); }

/** Multiplies four vectors, sixteen values, by their mask: counters `group` .. `group + 3`. */
function mask16(at: usize, count: i32, group: i32, k0: i32, k1: i32, step: i32, threshold: v128, keep: v128): void {
  const key0 = i32x4.splat(k0), key1 = i32x4.splat(k1), key2 = i32x4.splat(0x1bd11bda ^ k0 ^ k1);
  let a = i32x4.splat(step + k0);
  let b = add(add(i32x4.splat(group), i32x4(0, 1, 2, 3)), key1);
  for (let i = 0; i < 5; i++) {
    if (i & 1) {
      a = add(a, b); b = v128.xor(rotate(b, 17), a); a = add(a, b); b = v128.xor(rotate(b, 29), a);
      a = add(a, b); b = v128.xor(rotate(b, 16), a); a = add(a, b); b = v128.xor(rotate(b, 24), a);
    } else {
      a = add(a, b); b = v128.xor(rotate(b, 13), a); a = add(a, b); b = v128.xor(rotate(b, 15), a);
      a = add(a, b); b = v128.xor(rotate(b, 26), a); a = add(a, b); b = v128.xor(rotate(b, 6), a);
    }
    const n = (i + 1) % 3;
    const first = n == 0 ? key0 : n == 1 ? key1 : key2, second = n == 0 ? key1 : n == 1 ? key2 : key0;
    a = add(a, first); b = add(add(b, second), i32x4.splat(i + 1));
  }
  // Lane i of (a, b) belongs to vector i: its four values are a's low and high half, then b's.
  const low = i32x4.splat(0xffff);
  const q0 = v128.and(a, low), q1 = v128.shr<u32>(a, 16), q2 = v128.and(b, low), q3 = v128.shr<u32>(b, 16);
  const t0 = v128.shuffle<i32>(q0, q1, 0, 4, 1, 5), t1 = v128.shuffle<i32>(q2, q3, 0, 4, 1, 5);
  const t2 = v128.shuffle<i32>(q0, q1, 2, 6, 3, 7), t3 = v128.shuffle<i32>(q2, q3, 2, 6, 3, 7);
  apply(at, v128.shuffle<i64>(t0, t1, 0, 2), threshold, keep);
  if (count > 1) apply(at + 16, v128.shuffle<i64>(t0, t1, 1, 3), threshold, keep);
  if (count > 2) apply(at + 32, v128.shuffle<i64>(t2, t3, 0, 2), threshold, keep);
  if (count > 3) apply(at + 48, v128.shuffle<i64>(t2, t3, 1, 3), threshold, keep);
}

// @ts-expect-error: decorator
@inline
function apply(at: usize, bits: v128, threshold: v128, keep: v128): void {
  v128.store(at, v128.and(v128.mul<f32>(v128.load(at), keep), v128.ge<i32>(bits, threshold)));
}

export function dropout(p: usize, begin: i32, end: i32, context: usize): void {
  const vectors = load<i32>(p, Dropout.rowVectors), height = load<i32>(p, Dropout.height);
  const threshold = i32x4.splat(load<i32>(p, Dropout.threshold)), keep = f32x4.splat(load<f32>(p, Dropout.keepf));
  for (let n = begin; n < end; n++) {
    for (let y = 0; y < height; y++) {
      const row = load<usize>(p, Dropout.x) + n * load<usize>(p, Dropout.xImage) + y * load<usize>(p, Dropout.xRow);
      const group = (n * height + y) * vectors;
      for (let i = 0; i < vectors; i += 4) {
        mask16(
          row + (<usize>i << 4), vectors - i, group + i, load<i32>(p, Dropout.seed), load<i32>(p, Dropout.stream), load<i32>(context, Context.step),
          threshold, keep,
        );
      }
    }
  }
}
