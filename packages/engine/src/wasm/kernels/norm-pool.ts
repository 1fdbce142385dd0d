// Batch normalization with the 2x2 max pool behind it: one pass that normalises, pools and notes the winners, and one back.
import { NormPool, NormPoolGrad } from "./generated";
import { madd } from "./simd";

/**
 * One row of the 2x2 max pool of x scale + shift. A window that hangs over the edge repeats its first row or column: an equal value
 * never wins over an earlier one. `winners` (bytes) and `winnerX` get each winner's place and x where `winners` isn't 0.
 */
export function poolRow(
  x: usize, xPixel: usize, below: usize, width: i32, to: usize, toPixel: usize, outWidth: i32, line: usize, scales: usize, winners: usize, winnerX: usize,
): void {
  const shifts = scales + line;
  for (let i = 0; i < outWidth; i++) {
    const right = (i << 1) + 1 < width ? xPixel : 0;
    for (let c: usize = 0; c < line; c += 16) {
      const scale = v128.load(scales + c), shift = v128.load(shifts + c), at = x + c;
      let bestX = v128.load(at), best = madd(bestX, scale, shift), winner = i32x4.splat(0);
      let other = v128.load(at + right), value = madd(other, scale, shift), wins = v128.gt<f32>(value, best);
      best = v128.bitselect(value, best, wins); bestX = v128.bitselect(other, bestX, wins); winner = v128.and(i32x4.splat(1), wins);
      other = v128.load(at + below); value = madd(other, scale, shift); wins = v128.gt<f32>(value, best);
      best = v128.bitselect(value, best, wins); bestX = v128.bitselect(other, bestX, wins); winner = v128.bitselect(i32x4.splat(2), winner, wins);
      other = v128.load(at + below + right); value = madd(other, scale, shift); wins = v128.gt<f32>(value, best);
      best = v128.bitselect(value, best, wins); bestX = v128.bitselect(other, bestX, wins); winner = v128.bitselect(i32x4.splat(3), winner, wins);
      v128.store(to + c, best);
      if (winners) {
        v128.store(winnerX + c, bestX);
        const halves = i16x8.narrow_i32x4_s(winner, winner);
        v128.store32_lane(winners + (c >> 2), i8x16.narrow_i16x8_u(halves, halves), 0);
      }
    }
    x += 2 * xPixel; to += toPixel; winners += winners ? line >> 2 : 0; winnerX += line;
  }
}

export function normPool(p: usize, begin: i32, end: i32, context: usize): void {
  const line = load<usize>(p, NormPool.columns) << 2, xRow = load<usize>(p, NormPool.xRow);
  const outHeight = load<i32>(p, NormPool.outHeight), outWidth = load<i32>(p, NormPool.outWidth), winners = load<usize>(p, NormPool.winner);
  for (let n = begin; n < end; n++) {
    for (let y = 0; y < outHeight; y++) {
      const place = <usize>((n * outHeight + y) * outWidth) * line;
      poolRow(
        load<usize>(p, NormPool.x) + n * load<usize>(p, NormPool.xImage) + <usize>(y << 1) * xRow, load<usize>(p, NormPool.xPixel),
        (y << 1) + 1 < load<i32>(p, NormPool.height) ? xRow : 0, load<i32>(p, NormPool.width),
        load<usize>(p, NormPool.y) + n * load<usize>(p, NormPool.yImage) + y * load<usize>(p, NormPool.yRow), load<usize>(p, NormPool.yPixel),
        outWidth, line, load<usize>(p, NormPool.stats) + 2 * line, winners ? winners + (place >> 2) : 0, load<usize>(p, NormPool.winnerX) + place,
      );
    }
  }
}

/** One row of dz = a dy + b x + c, dy through the winners of the pool's row; where x > 0, times keep, if `relu`. */
export function poolGradRow(
  x: usize, xPixel: usize, z: usize, zPixel: usize, dy: usize, dyPixel: usize, winners: usize, width: i32, lower: i32, line: usize, as: usize, relu: i32, keep: v128,
): void {
  const bs = as + line, cs = bs + line, zero = f32x4.splat(0);
  for (let i = 0; i < width; i++) {
    const mine = i32x4.splat(lower << 1 | (i & 1));
    for (let c: usize = 0; c < line; c += 16) {
      const v = v128.load(x + c);
      const won = v128.eq<i32>(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(winners + (c >> 2)))), mine);
      const d = v128.and(v128.load(dy + c), won);
      let g = madd(v128.load(as + c), d, madd(v128.load(bs + c), v, v128.load(cs + c)));
      if (relu) g = v128.and(v128.mul<f32>(g, keep), v128.gt<f32>(v, zero));
      v128.store(z + c, g);
    }
    x += xPixel; z += zPixel;
    if (i & 1) { dy += dyPixel; winners += line >> 2; }
  }
}

export function normPoolGrad(p: usize, begin: i32, end: i32, context: usize): void {
  const line = load<usize>(p, NormPoolGrad.columns) << 2, keep = f32x4.splat(load<f32>(p, NormPoolGrad.keepf));
  const outHeight = load<i32>(p, NormPoolGrad.outHeight), outWidth = load<i32>(p, NormPoolGrad.outWidth);
  for (let n = begin; n < end; n++) {
    for (let y = 0; y < load<i32>(p, NormPoolGrad.height); y++) {
      poolGradRow(
        load<usize>(p, NormPoolGrad.x) + n * load<usize>(p, NormPoolGrad.xImage) + y * load<usize>(p, NormPoolGrad.xRow), load<usize>(p, NormPoolGrad.xPixel),
        load<usize>(p, NormPoolGrad.dz) + n * load<usize>(p, NormPoolGrad.dzImage) + y * load<usize>(p, NormPoolGrad.dzRow), load<usize>(p, NormPoolGrad.dzPixel),
        load<usize>(p, NormPoolGrad.dy) + n * load<usize>(p, NormPoolGrad.dyImage) + <usize>(y >> 1) * load<usize>(p, NormPoolGrad.dyRow),
        load<usize>(p, NormPoolGrad.dyPixel), load<usize>(p, NormPoolGrad.winner) + (<usize>((n * outHeight + (y >> 1)) * outWidth) * line >> 2),
        load<i32>(p, NormPoolGrad.width), y & 1, line, load<usize>(p, NormPoolGrad.coefficients), load<i32>(p, NormPoolGrad.relu), keep,
      );
    }
  }
}
