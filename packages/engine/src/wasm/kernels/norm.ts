/*
 * Batch normalization, alone or with the 2x2 max pool behind it. Its statistics need the whole batch, so it runs as: sums per
 * image, one small finish, then one pass that normalises, pools and notes the winners. The gradient is
 * dx = a dy + b x + c with three coefficients a channel, so that its pass reads x, writes dz, and does the relu before it as well.
 * Sums of an image's row are float32, sums of rows float64: the order is fixed by the plan.
 */
import { Context } from "./context";
import {
  ColumnSums, NormApply, NormFinish, NormGrad, NormGradFinish, NormGradSums, NormInference, NormPool, NormPoolGrad, NormPoolGradSums, NormSums,
} from "./generated";
import { madd } from "./simd";
import { updateRun } from "./update";

// @ts-expect-error: decorator
@inline
export function addDoubles(at: usize, v: v128): void {
  v128.store(at, v128.add<f64>(v128.load(at), f64x2.promote_low_f32x4(v)));
  v128.store(at, v128.add<f64>(v128.load(at, 16), f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3))), 16);
}

/** Adds the sums of x, and of x times z, over one image to out[0][c] and out[1][c], float64. */
function imageSums(
  x: usize, xRow: usize, xPixel: usize, z: usize, zRow: usize, zPixel: usize, height: i32, width: i32, line: usize, out: usize,
): void {
  memory.fill(out, 0, line << 2);
  for (let y = 0; y < height; y++) {
    for (let c: usize = 0; c < line; c += 16) {
      let s = f32x4.splat(0), q = s;
      let a = x + y * xRow + c, b = z + y * zRow + c;
      for (let i = 0; i < width; i++) {
        const v = v128.load(a);
        s = v128.add<f32>(s, v);
        q = madd(v, v128.load(b), q);
        a += xPixel; b += zPixel;
      }
      addDoubles(out + (c << 1), s);
      addDoubles(out + (line << 1) + (c << 1), q);
    }
  }
}

export function normSums(p: usize, begin: i32, end: i32, context: usize): void {
  const line = load<usize>(p, NormSums.columns) << 2;
  for (let n = begin; n < end; n++) {
    const x = load<usize>(p, NormSums.x) + n * load<usize>(p, NormSums.xImage);
    const row = load<usize>(p, NormSums.xRow), pixel = load<usize>(p, NormSums.xPixel);
    imageSums(x, row, pixel, x, row, pixel, load<i32>(p, NormSums.height), load<i32>(p, NormSums.width), line, load<usize>(p, NormSums.out) + n * (line << 2));
  }
}

export function normGradSums(p: usize, begin: i32, end: i32, context: usize): void {
  const line = load<usize>(p, NormGradSums.columns) << 2;
  for (let n = begin; n < end; n++) {
    imageSums(
      load<usize>(p, NormGradSums.dy) + n * load<usize>(p, NormGradSums.dyImage), load<usize>(p, NormGradSums.dyRow), load<usize>(p, NormGradSums.dyPixel),
      load<usize>(p, NormGradSums.x) + n * load<usize>(p, NormGradSums.xImage), load<usize>(p, NormGradSums.xRow), load<usize>(p, NormGradSums.xPixel),
      load<i32>(p, NormGradSums.height), load<i32>(p, NormGradSums.width), line, load<usize>(p, NormGradSums.out) + n * (line << 2),
    );
  }
}

export function normPoolGradSums(p: usize, begin: i32, end: i32, context: usize): void {
  const line = load<usize>(p, NormPoolGradSums.columns) << 2;
  const height = load<i32>(p, NormPoolGradSums.outHeight), width = load<i32>(p, NormPoolGradSums.outWidth);
  for (let n = begin; n < end; n++) {
    imageSums(
      load<usize>(p, NormPoolGradSums.dy) + n * load<usize>(p, NormPoolGradSums.dyImage), load<usize>(p, NormPoolGradSums.dyRow),
      load<usize>(p, NormPoolGradSums.dyPixel), load<usize>(p, NormPoolGradSums.winnerX) + <usize>(n * height * width) * line, <usize>width * line, line,
      height, width, line, load<usize>(p, NormPoolGradSums.out) + n * (line << 2),
    );
  }
}

/** The sum over images of entry `c` of plane `plane` of [image][2][columns]. */
// @ts-expect-error: decorator
@inline
function sumImages(sums: usize, batch: i32, columns: i32, plane: i32, c: i32): f64 {
  let total: f64 = 0;
  let at = sums + (<usize>(plane * columns + c) << 3);
  for (let n = 0; n < batch; n++) { total += load<f64>(at); at += <usize>columns << 4; }
  return total;
}

// stats: [mean][1 / deviation][scale][shift], each `columns` floats.
export function normFinish(p: usize, begin: i32, end: i32, context: usize): void {
  const columns = load<i32>(p, NormFinish.columns), batch = load<i32>(p, NormFinish.batch), sums = load<usize>(p, NormFinish.sums);
  const line = <usize>columns << 2, stats = load<usize>(p, NormFinish.stats);
  const count = <f64>(batch * load<i32>(p, NormFinish.pixels));
  const gamma = load<usize>(p, NormFinish.gamma), beta = load<usize>(p, NormFinish.beta);
  const movingMean = load<usize>(p, NormFinish.movingMean), movingVariance = load<usize>(p, NormFinish.movingVariance);
  const keep = <f64>load<f32>(p, NormFinish.momentumf);
  for (let c = 0; c < columns; c++) {
    const i = <usize>c << 2;
    const mean = sumImages(sums, batch, columns, 0, c) / count;
    const variance = max<f64>(0, sumImages(sums, batch, columns, 1, c) / count - mean * mean);
    const inverse = 1 / sqrt<f64>(variance + <f64>load<f32>(p, NormFinish.epsilonf));
    const scale = inverse * (gamma ? <f64>load<f32>(gamma + i) : 1);
    store<f32>(stats + i, <f32>mean);
    store<f32>(stats + line + i, <f32>inverse);
    store<f32>(stats + 2 * line + i, <f32>scale);
    store<f32>(stats + 3 * line + i, <f32>((beta ? <f64>load<f32>(beta + i) : 0) - mean * scale));
    store<f32>(movingMean + i, <f32>(<f64>load<f32>(movingMean + i) * keep + mean * (1 - keep)));
    store<f32>(movingVariance + i, <f32>(<f64>load<f32>(movingVariance + i) * keep + variance * (1 - keep)));
  }
}

export function normInference(p: usize, begin: i32, end: i32, context: usize): void {
  const columns = load<i32>(p, NormInference.columns), line = <usize>columns << 2, stats = load<usize>(p, NormInference.stats);
  const gamma = load<usize>(p, NormInference.gamma), beta = load<usize>(p, NormInference.beta);
  for (let c = 0; c < columns; c++) {
    const i = <usize>c << 2;
    const inverse = 1 / sqrt<f64>(<f64>load<f32>(load<usize>(p, NormInference.movingVariance) + i) + <f64>load<f32>(p, NormInference.epsilonf));
    const scale = inverse * (gamma ? <f64>load<f32>(gamma + i) : 1);
    store<f32>(stats + 2 * line + i, <f32>scale);
    store<f32>(stats + 3 * line + i, <f32>((beta ? <f64>load<f32>(beta + i) : 0) - <f64>load<f32>(load<usize>(p, NormInference.movingMean) + i) * scale));
  }
}

export function normApply(p: usize, begin: i32, end: i32, context: usize): void {
  const line = load<usize>(p, NormApply.columns) << 2, scale = load<usize>(p, NormApply.stats) + 2 * line, shift = scale + line;
  const xPixel = load<usize>(p, NormApply.xPixel), yPixel = load<usize>(p, NormApply.yPixel);
  for (let n = begin; n < end; n++) {
    for (let y = 0; y < load<i32>(p, NormApply.height); y++) {
      let a = load<usize>(p, NormApply.x) + n * load<usize>(p, NormApply.xImage) + y * load<usize>(p, NormApply.xRow);
      let b = load<usize>(p, NormApply.y) + n * load<usize>(p, NormApply.yImage) + y * load<usize>(p, NormApply.yRow);
      for (let i = load<i32>(p, NormApply.width); i > 0; i--) {
        for (let c: usize = 0; c < line; c += 16) v128.store(b + c, madd(v128.load(a + c), v128.load(scale + c), v128.load(shift + c)));
        a += xPixel; b += yPixel;
      }
    }
  }
}

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

// coefficients: [a][b][c], each `columns` floats.
export function normGradFinish(p: usize, begin: i32, end: i32, context: usize): void {
  const columns = load<i32>(p, NormGradFinish.columns), batch = load<i32>(p, NormGradFinish.batch), sums = load<usize>(p, NormGradFinish.sums);
  const line = <usize>columns << 2, stats = load<usize>(p, NormGradFinish.stats), out = load<usize>(p, NormGradFinish.coefficients);
  const count = <f64>(batch * load<i32>(p, NormGradFinish.pixels));
  const gamma = load<usize>(p, NormGradFinish.gamma), beta = load<usize>(p, NormGradFinish.beta), update = load<usize>(p, NormGradFinish.update);
  const gradGamma = load<usize>(context, Context.scratch), gradBeta = gradGamma + line;
  for (let c = 0; c < columns; c++) {
    const i = <usize>c << 2;
    if (load<i32>(p, NormGradFinish.frozen)) {
      // The statistics are constants: the gradient only passes the scale.
      store<f32>(out + i, load<f32>(stats + 2 * line + i));
      store<f32>(out + line + i, 0);
      store<f32>(out + 2 * line + i, 0);
      continue;
    }
    const mean = <f64>load<f32>(stats + i), inverse = <f64>load<f32>(stats + line + i);
    const sum = sumImages(sums, batch, columns, 0, c);
    const dot = inverse * (sumImages(sums, batch, columns, 1, c) - mean * sum);
    const a = inverse * (gamma ? <f64>load<f32>(gamma + i) : 1);
    const b = -a * inverse * dot / count;
    store<f32>(out + i, <f32>a);
    store<f32>(out + line + i, <f32>b);
    store<f32>(out + 2 * line + i, <f32>(-a * sum / count - b * mean));
    store<f32>(gradGamma + i, <f32>dot);
    store<f32>(gradBeta + i, <f32>sum);
  }
  const rate = load<f32>(context, Context.rate);
  if (update && gamma) updateRun(gamma, gradGamma, columns >> 2, update, rate);
  if (update && beta) updateRun(beta, gradBeta, columns >> 2, update, rate);
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

export function normGrad(p: usize, begin: i32, end: i32, context: usize): void {
  const line = load<usize>(p, NormGrad.columns) << 2;
  const as = load<usize>(p, NormGrad.coefficients), bs = as + line, cs = bs + line;
  const xPixel = load<usize>(p, NormGrad.xPixel), zPixel = load<usize>(p, NormGrad.dzPixel), dyPixel = load<usize>(p, NormGrad.dyPixel);
  const relu = load<i32>(p, NormGrad.relu), keep = f32x4.splat(load<f32>(p, NormGrad.keepf)), zero = f32x4.splat(0);
  for (let n = begin; n < end; n++) {
    for (let y = 0; y < load<i32>(p, NormGrad.height); y++) {
      let x = load<usize>(p, NormGrad.x) + n * load<usize>(p, NormGrad.xImage) + y * load<usize>(p, NormGrad.xRow);
      let z = load<usize>(p, NormGrad.dz) + n * load<usize>(p, NormGrad.dzImage) + y * load<usize>(p, NormGrad.dzRow);
      let dy = load<usize>(p, NormGrad.dy) + n * load<usize>(p, NormGrad.dyImage) + y * load<usize>(p, NormGrad.dyRow);
      for (let i = load<i32>(p, NormGrad.width); i > 0; i--) {
        for (let c: usize = 0; c < line; c += 16) {
          const v = v128.load(x + c);
          let g = madd(v128.load(as + c), v128.load(dy + c), madd(v128.load(bs + c), v, v128.load(cs + c)));
          if (relu) g = v128.and(v128.mul<f32>(g, keep), v128.gt<f32>(v, zero));
          v128.store(z + c, g);
        }
        x += xPixel; z += zPixel; dy += dyPixel;
      }
    }
  }
}

export function columnSums(p: usize, begin: i32, end: i32, context: usize): void {
  const line = load<usize>(p, ColumnSums.columns) << 2, pixel = load<usize>(p, ColumnSums.dzPixel);
  const batch = load<i32>(p, ColumnSums.batch), groups = load<i32>(p, ColumnSums.groups);
  for (let group = begin; group < end; group++) {
    const out = load<usize>(p, ColumnSums.out) + group * line;
    memory.fill(out, 0, line);
    const last = (group + 1) * batch / groups;
    for (let n = group * batch / groups; n < last; n++) {
      for (let y = 0; y < load<i32>(p, ColumnSums.height); y++) {
        const row = load<usize>(p, ColumnSums.dz) + n * load<usize>(p, ColumnSums.dzImage) + y * load<usize>(p, ColumnSums.dzRow);
        for (let c: usize = 0; c < line; c += 16) {
          let s = f32x4.splat(0), a = row + c;
          for (let i = load<i32>(p, ColumnSums.width); i > 0; i--) { s = v128.add<f32>(s, v128.load(a)); a += pixel; }
          v128.store(out + c, v128.add<f32>(v128.load(out + c), s));
        }
      }
    }
  }
}
