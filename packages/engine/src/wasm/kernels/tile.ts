/*
 * The register-blocked inner loops of the matrix product: rows of A times a packed panel of B.
 *
 * A row of A is a list of segments (one for Dense, one for each kernel row and column for a convolution), each `length`
 * floats at `row + offset`: a convolution so reads its halo-padded image in place, and no patch matrix is ever made.
 * B lies in panels of 8 columns, [K][8], so that it is read in order. A tile of 6x8 keeps 12 accumulators, two vectors of B and
 * one of A in the 16 vector registers, which saturates both multiply-add ports. One k an iteration: V8 would interleave the
 * loads of an unrolled loop and spill.
 */
import { madd } from "./simd";

// @ts-expect-error: decorator
@inline
function finish(acc: v128, bias: v128, relu: i32): v128 {
  const v = v128.add<f32>(acc, bias);
  return relu ? v128.pmax<f32>(v, f32x4.splat(0)) : v; // one instruction, and NaN stays NaN
}

/** 6 rows x 8 columns. `rows` holds six addresses of A's rows, then six of C's; `column` is the panel's byte offset in C and bias. */
export function tile6x8(rows: usize, segments: usize, count: i32, length: i32, b: usize, column: usize, bias: usize, relu: i32): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
  for (let s = 0; s < count; s++) {
    const offset = load<u32>(segments + (s << 2));
    let a0 = load<u32>(rows) + offset, a1 = load<u32>(rows, 4) + offset, a2 = load<u32>(rows, 8) + offset;
    let a3 = load<u32>(rows, 12) + offset, a4 = load<u32>(rows, 16) + offset, a5 = load<u32>(rows, 20) + offset;
    let k = length;
    do {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let a = v128.load_splat<f32>(a0); c00 = madd(a, b0, c00); c01 = madd(a, b1, c01);
      a = v128.load_splat<f32>(a1); c10 = madd(a, b0, c10); c11 = madd(a, b1, c11);
      a = v128.load_splat<f32>(a2); c20 = madd(a, b0, c20); c21 = madd(a, b1, c21);
      a = v128.load_splat<f32>(a3); c30 = madd(a, b0, c30); c31 = madd(a, b1, c31);
      a = v128.load_splat<f32>(a4); c40 = madd(a, b0, c40); c41 = madd(a, b1, c41);
      a = v128.load_splat<f32>(a5); c50 = madd(a, b0, c50); c51 = madd(a, b1, c51);
      a0 += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4; b += 32;
    } while (--k);
  }
  let d0 = f32x4.splat(0), d1 = d0;
  if (bias) { d0 = v128.load(bias + column); d1 = v128.load(bias + column, 16); }
  let c = load<u32>(rows, 24) + column; v128.store(c, finish(c00, d0, relu)); v128.store(c, finish(c01, d1, relu), 16);
  c = load<u32>(rows, 28) + column; v128.store(c, finish(c10, d0, relu)); v128.store(c, finish(c11, d1, relu), 16);
  c = load<u32>(rows, 32) + column; v128.store(c, finish(c20, d0, relu)); v128.store(c, finish(c21, d1, relu), 16);
  c = load<u32>(rows, 36) + column; v128.store(c, finish(c30, d0, relu)); v128.store(c, finish(c31, d1, relu), 16);
  c = load<u32>(rows, 40) + column; v128.store(c, finish(c40, d0, relu)); v128.store(c, finish(c41, d1, relu), 16);
  c = load<u32>(rows, 44) + column; v128.store(c, finish(c50, d0, relu)); v128.store(c, finish(c51, d1, relu), 16);
}

/** 6 rows x 4 columns: the last panel when only half of it is used. */
export function tile6x4(rows: usize, segments: usize, count: i32, length: i32, b: usize, column: usize, bias: usize, relu: i32): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0;
  for (let s = 0; s < count; s++) {
    const offset = load<u32>(segments + (s << 2));
    let a0 = load<u32>(rows) + offset, a1 = load<u32>(rows, 4) + offset, a2 = load<u32>(rows, 8) + offset;
    let a3 = load<u32>(rows, 12) + offset, a4 = load<u32>(rows, 16) + offset, a5 = load<u32>(rows, 20) + offset;
    let k = length;
    do {
      const b0 = v128.load(b);
      c0 = madd(v128.load_splat<f32>(a0), b0, c0); c1 = madd(v128.load_splat<f32>(a1), b0, c1);
      c2 = madd(v128.load_splat<f32>(a2), b0, c2); c3 = madd(v128.load_splat<f32>(a3), b0, c3);
      c4 = madd(v128.load_splat<f32>(a4), b0, c4); c5 = madd(v128.load_splat<f32>(a5), b0, c5);
      a0 += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4; b += 32;
    } while (--k);
  }
  const d = bias ? v128.load(bias + column) : f32x4.splat(0);
  v128.store(load<u32>(rows, 24) + column, finish(c0, d, relu)); v128.store(load<u32>(rows, 28) + column, finish(c1, d, relu));
  v128.store(load<u32>(rows, 32) + column, finish(c2, d, relu)); v128.store(load<u32>(rows, 36) + column, finish(c3, d, relu));
  v128.store(load<u32>(rows, 40) + column, finish(c4, d, relu)); v128.store(load<u32>(rows, 44) + column, finish(c5, d, relu));
}

/** 4 rows x 8 columns. `rows` is laid out as for six. */
export function tile4x8(rows: usize, segments: usize, count: i32, length: i32, b: usize, column: usize, bias: usize, relu: i32): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let s = 0; s < count; s++) {
    const offset = load<u32>(segments + (s << 2));
    let a0 = load<u32>(rows) + offset, a1 = load<u32>(rows, 4) + offset, a2 = load<u32>(rows, 8) + offset, a3 = load<u32>(rows, 12) + offset;
    let k = length;
    do {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let a = v128.load_splat<f32>(a0); c00 = madd(a, b0, c00); c01 = madd(a, b1, c01);
      a = v128.load_splat<f32>(a1); c10 = madd(a, b0, c10); c11 = madd(a, b1, c11);
      a = v128.load_splat<f32>(a2); c20 = madd(a, b0, c20); c21 = madd(a, b1, c21);
      a = v128.load_splat<f32>(a3); c30 = madd(a, b0, c30); c31 = madd(a, b1, c31);
      a0 += 4; a1 += 4; a2 += 4; a3 += 4; b += 32;
    } while (--k);
  }
  let d0 = f32x4.splat(0), d1 = d0;
  if (bias) { d0 = v128.load(bias + column); d1 = v128.load(bias + column, 16); }
  let c = load<u32>(rows, 24) + column; v128.store(c, finish(c00, d0, relu)); v128.store(c, finish(c01, d1, relu), 16);
  c = load<u32>(rows, 28) + column; v128.store(c, finish(c10, d0, relu)); v128.store(c, finish(c11, d1, relu), 16);
  c = load<u32>(rows, 32) + column; v128.store(c, finish(c20, d0, relu)); v128.store(c, finish(c21, d1, relu), 16);
  c = load<u32>(rows, 36) + column; v128.store(c, finish(c30, d0, relu)); v128.store(c, finish(c31, d1, relu), 16);
}

/** 4 rows x 4 columns. */
export function tile4x4(rows: usize, segments: usize, count: i32, length: i32, b: usize, column: usize, bias: usize, relu: i32): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0;
  for (let s = 0; s < count; s++) {
    const offset = load<u32>(segments + (s << 2));
    let a0 = load<u32>(rows) + offset, a1 = load<u32>(rows, 4) + offset, a2 = load<u32>(rows, 8) + offset, a3 = load<u32>(rows, 12) + offset;
    let k = length;
    do {
      const b0 = v128.load(b);
      c0 = madd(v128.load_splat<f32>(a0), b0, c0); c1 = madd(v128.load_splat<f32>(a1), b0, c1);
      c2 = madd(v128.load_splat<f32>(a2), b0, c2); c3 = madd(v128.load_splat<f32>(a3), b0, c3);
      a0 += 4; a1 += 4; a2 += 4; a3 += 4; b += 32;
    } while (--k);
  }
  const d = bias ? v128.load(bias + column) : f32x4.splat(0);
  v128.store(load<u32>(rows, 24) + column, finish(c0, d, relu)); v128.store(load<u32>(rows, 28) + column, finish(c1, d, relu));
  v128.store(load<u32>(rows, 32) + column, finish(c2, d, relu)); v128.store(load<u32>(rows, 36) + column, finish(c3, d, relu));
}

/** The plain product's tile: c = a b, 6 rows of a and c at a constant step, 8 columns. */
function plain6x8(a: usize, aStep: usize, length: i32, b: usize, c: usize, cStep: usize): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
  let a1 = a + aStep, a2 = a1 + aStep, a3 = a2 + aStep, a4 = a3 + aStep, a5 = a4 + aStep;
  do {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let v = v128.load_splat<f32>(a); c00 = madd(v, b0, c00); c01 = madd(v, b1, c01);
    v = v128.load_splat<f32>(a1); c10 = madd(v, b0, c10); c11 = madd(v, b1, c11);
    v = v128.load_splat<f32>(a2); c20 = madd(v, b0, c20); c21 = madd(v, b1, c21);
    v = v128.load_splat<f32>(a3); c30 = madd(v, b0, c30); c31 = madd(v, b1, c31);
    v = v128.load_splat<f32>(a4); c40 = madd(v, b0, c40); c41 = madd(v, b1, c41);
    v = v128.load_splat<f32>(a5); c50 = madd(v, b0, c50); c51 = madd(v, b1, c51);
    a += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4; b += 32;
  } while (--length);
  v128.store(c, c00); v128.store(c, c01, 16); c += cStep; v128.store(c, c10); v128.store(c, c11, 16); c += cStep;
  v128.store(c, c20); v128.store(c, c21, 16); c += cStep; v128.store(c, c30); v128.store(c, c31, 16); c += cStep;
  v128.store(c, c40); v128.store(c, c41, 16); c += cStep; v128.store(c, c50); v128.store(c, c51, 16);
}

/** 4 rows x 8 columns of the plain product. */
function plain4x8(a: usize, aStep: usize, length: i32, b: usize, c: usize, cStep: usize): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  let a1 = a + aStep, a2 = a1 + aStep, a3 = a2 + aStep;
  do {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let v = v128.load_splat<f32>(a); c00 = madd(v, b0, c00); c01 = madd(v, b1, c01);
    v = v128.load_splat<f32>(a1); c10 = madd(v, b0, c10); c11 = madd(v, b1, c11);
    v = v128.load_splat<f32>(a2); c20 = madd(v, b0, c20); c21 = madd(v, b1, c21);
    v = v128.load_splat<f32>(a3); c30 = madd(v, b0, c30); c31 = madd(v, b1, c31);
    a += 4; a1 += 4; a2 += 4; a3 += 4; b += 32;
  } while (--length);
  v128.store(c, c00); v128.store(c, c01, 16); c += cStep; v128.store(c, c10); v128.store(c, c11, 16); c += cStep;
  v128.store(c, c20); v128.store(c, c21, 16); c += cStep; v128.store(c, c30); v128.store(c, c31, 16);
}

/** 8 rows x 4 columns of the plain product: eight chains keep both ports busy where only half a panel is used. */
function plain8x4(a: usize, aStep: usize, length: i32, b: usize, c: usize, cStep: usize): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
  let a1 = a + aStep, a2 = a1 + aStep, a3 = a2 + aStep, a4 = a3 + aStep, a5 = a4 + aStep, a6 = a5 + aStep, a7 = a6 + aStep;
  do {
    const b0 = v128.load(b);
    c0 = madd(v128.load_splat<f32>(a), b0, c0); c1 = madd(v128.load_splat<f32>(a1), b0, c1);
    c2 = madd(v128.load_splat<f32>(a2), b0, c2); c3 = madd(v128.load_splat<f32>(a3), b0, c3);
    c4 = madd(v128.load_splat<f32>(a4), b0, c4); c5 = madd(v128.load_splat<f32>(a5), b0, c5);
    c6 = madd(v128.load_splat<f32>(a6), b0, c6); c7 = madd(v128.load_splat<f32>(a7), b0, c7);
    a += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4; a6 += 4; a7 += 4; b += 32;
  } while (--length);
  v128.store(c, c0); c += cStep; v128.store(c, c1); c += cStep; v128.store(c, c2); c += cStep; v128.store(c, c3); c += cStep;
  v128.store(c, c4); c += cStep; v128.store(c, c5); c += cStep; v128.store(c, c6); c += cStep; v128.store(c, c7);
}

/** One row x 4 columns of the plain product. */
function plain1x4(a: usize, length: i32, b: usize, c: usize): void {
  let sum = f32x4.splat(0);
  do { sum = madd(v128.load_splat<f32>(a), v128.load(b), sum); a += 4; b += 32; } while (--length);
  v128.store(c, sum);
}

/**
 * c = a b for `count` rows of a and c at constant steps, and `columns` columns in packed panels. Row tiles that don't divide the
 * count overlap: equal values are written twice.
 */
export function product(a: usize, aStep: usize, count: i32, length: i32, b: usize, panelBytes: usize, columns: i32, c: usize, cStep: usize): void {
  for (let column = 0; column < columns; column += 8) {
    const to = c + (<usize>column << 2);
    if (count < 4 || (columns - column <= 4 && count < 8)) {
      const halves = columns - column <= 4 ? 1 : 2;
      for (let i = 0; i < count; i++) for (let h = 0; h < halves; h++) plain1x4(a + i * aStep, length, b + (h << 4), to + i * cStep + (h << 4));
    } else if (columns - column <= 4) {
      for (let i = 0; i < count; i += 8) {
        const at = min(i, count - 8);
        plain8x4(a + at * aStep, aStep, length, b, to + at * cStep, cStep);
      }
    } else {
      let i = 0;
      for (; count - i >= 9 || count - i == 6; i += 6) plain6x8(a + i * aStep, aStep, length, b, to + i * cStep, cStep);
      for (; i < count; i += 4) {
        const at = min(i, count - 4);
        plain4x8(a + at * aStep, aStep, length, b, to + at * cStep, cStep);
      }
    }
    b += panelBytes;
  }
}

/**
 * The transposed product's tile, 6 rows x 8 columns: g[i][j] (+)= sum over p of a[p][i] b[p][j], where a and b step by
 * `aStep` and `bStep` bytes, and by `aSkip` and `bSkip` more after each of `lines` lines of `count`. `g` is a packed [.][8] panel; with `more` it is added to.
 */
export function outer6x8(a: usize, aStep: usize, b: usize, bStep: usize, count: i32, lines: i32, aSkip: usize, bSkip: usize, g: usize, more: i32): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
  if (more) {
    c00 = v128.load(g); c01 = v128.load(g, 16); c10 = v128.load(g, 32); c11 = v128.load(g, 48);
    c20 = v128.load(g, 64); c21 = v128.load(g, 80); c30 = v128.load(g, 96); c31 = v128.load(g, 112);
    c40 = v128.load(g, 128); c41 = v128.load(g, 144); c50 = v128.load(g, 160); c51 = v128.load(g, 176);
  }
  do {
    let k = count;
    do {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let v = v128.load_splat<f32>(a); c00 = madd(v, b0, c00); c01 = madd(v, b1, c01);
      v = v128.load_splat<f32>(a, 4); c10 = madd(v, b0, c10); c11 = madd(v, b1, c11);
      v = v128.load_splat<f32>(a, 8); c20 = madd(v, b0, c20); c21 = madd(v, b1, c21);
      v = v128.load_splat<f32>(a, 12); c30 = madd(v, b0, c30); c31 = madd(v, b1, c31);
      v = v128.load_splat<f32>(a, 16); c40 = madd(v, b0, c40); c41 = madd(v, b1, c41);
      v = v128.load_splat<f32>(a, 20); c50 = madd(v, b0, c50); c51 = madd(v, b1, c51);
      a += aStep; b += bStep;
    } while (--k);
    a += aSkip; b += bSkip;
  } while (--lines);
  v128.store(g, c00); v128.store(g, c01, 16); v128.store(g, c10, 32); v128.store(g, c11, 48);
  v128.store(g, c20, 64); v128.store(g, c21, 80); v128.store(g, c30, 96); v128.store(g, c31, 112);
  v128.store(g, c40, 128); v128.store(g, c41, 144); v128.store(g, c50, 160); v128.store(g, c51, 176);
}

/** 4 rows x 8 columns of the transposed product. */
export function outer4x8(a: usize, aStep: usize, b: usize, bStep: usize, count: i32, lines: i32, aSkip: usize, bSkip: usize, g: usize, more: i32): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  if (more) {
    c00 = v128.load(g); c01 = v128.load(g, 16); c10 = v128.load(g, 32); c11 = v128.load(g, 48);
    c20 = v128.load(g, 64); c21 = v128.load(g, 80); c30 = v128.load(g, 96); c31 = v128.load(g, 112);
  }
  do {
    let k = count;
    do {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let v = v128.load_splat<f32>(a); c00 = madd(v, b0, c00); c01 = madd(v, b1, c01);
      v = v128.load_splat<f32>(a, 4); c10 = madd(v, b0, c10); c11 = madd(v, b1, c11);
      v = v128.load_splat<f32>(a, 8); c20 = madd(v, b0, c20); c21 = madd(v, b1, c21);
      v = v128.load_splat<f32>(a, 12); c30 = madd(v, b0, c30); c31 = madd(v, b1, c31);
      a += aStep; b += bStep;
    } while (--k);
    a += aSkip; b += bSkip;
  } while (--lines);
  v128.store(g, c00); v128.store(g, c01, 16); v128.store(g, c10, 32); v128.store(g, c11, 48);
  v128.store(g, c20, 64); v128.store(g, c21, 80); v128.store(g, c30, 96); v128.store(g, c31, 112);
}

/** 4 rows x 4 columns of the transposed product: half of the panel is used; rows of `g` stay 8 wide. */
export function outer4x4(a: usize, aStep: usize, b: usize, bStep: usize, count: i32, lines: i32, aSkip: usize, bSkip: usize, g: usize, more: i32): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0;
  if (more) { c0 = v128.load(g); c1 = v128.load(g, 32); c2 = v128.load(g, 64); c3 = v128.load(g, 96); }
  do {
    let k = count;
    do {
      const b0 = v128.load(b);
      c0 = madd(v128.load_splat<f32>(a), b0, c0); c1 = madd(v128.load_splat<f32>(a, 4), b0, c1);
      c2 = madd(v128.load_splat<f32>(a, 8), b0, c2); c3 = madd(v128.load_splat<f32>(a, 12), b0, c3);
      a += aStep; b += bStep;
    } while (--k);
    a += aSkip; b += bSkip;
  } while (--lines);
  v128.store(g, c0); v128.store(g, c1, 32); v128.store(g, c2, 64); v128.store(g, c3, 96);
}

/** One row x 8 columns of the transposed product, for a single input channel. */
export function outer1x8(a: usize, aStep: usize, b: usize, bStep: usize, count: i32, lines: i32, aSkip: usize, bSkip: usize, g: usize, more: i32): void {
  let c0 = f32x4.splat(0), c1 = c0;
  if (more) { c0 = v128.load(g); c1 = v128.load(g, 16); }
  do {
    let k = count;
    do {
      const v = v128.load_splat<f32>(a);
      c0 = madd(v, v128.load(b), c0); c1 = madd(v, v128.load(b, 16), c1);
      a += aStep; b += bStep;
    } while (--k);
    a += aSkip; b += bSkip;
  } while (--lines);
  v128.store(g, c0); v128.store(g, c1, 16);
}

/** The transposed product of `inputs` rows of A (a multiple of 4, or few) with one panel, into g[inputs][8]. */
export function outerPanel(a: usize, aStep: usize, b: usize, bStep: usize, count: i32, lines: i32, aSkip: usize, bSkip: usize, inputs: i32, columns: i32, g: usize, more: i32): void {
  let i = 0;
  if (columns <= 4) {
    for (; i + 4 <= inputs; i += 4) outer4x4(a + (i << 2), aStep, b, bStep, count, lines, aSkip, bSkip, g + (i << 5), more);
  } else {
    while (inputs - i >= 6) {
      if (inputs - i == 8) break;
      outer6x8(a + (i << 2), aStep, b, bStep, count, lines, aSkip, bSkip, g + (i << 5), more);
      i += 6;
    }
    for (; i + 4 <= inputs; i += 4) outer4x8(a + (i << 2), aStep, b, bStep, count, lines, aSkip, bSkip, g + (i << 5), more);
  }
  for (; i < inputs; i++) outer1x8(a + (i << 2), aStep, b, bStep, count, lines, aSkip, bSkip, g + (i << 5), more);
}
