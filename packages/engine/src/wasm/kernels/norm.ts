/*
 * Batch normalization. Its statistics need the whole batch, so it runs as: sums per image (norm-sums.ts), one small finish, then one
 * pass, with the 2x2 max pool behind it in norm-pool.ts. The gradient is dx = a dy + b x + c with three coefficients a channel, so that
 * its pass reads x, writes dz, and does the relu before it as well.
 */
import { Context } from "./context";
import { NormApply, NormFinish, NormGrad, NormGradFinish, NormInference } from "./generated";
import { madd } from "./simd";
import { updateRun } from "./update";

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
    const variance = count == 1 ? 0 : max<f64>(0, sumImages(sums, batch, columns, 1, c) / count - mean * mean);
    const inverse = 1 / sqrt<f64>(variance + <f64>load<f32>(p, NormFinish.epsilonf));
    // One value is its own mean: what it differs by is 0, not the rounding of a sum of squares.
    const scale = count == 1 ? 0 : inverse * (gamma ? <f64>load<f32>(gamma + i) : 1);
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
    if (count == 1) {
      // Nothing that comes in changes what goes out.
      store<f32>(out + i, 0);
      store<f32>(out + line + i, 0);
      store<f32>(out + 2 * line + i, 0);
      store<f32>(gradGamma + i, 0);
      store<f32>(gradBeta + i, <f32>sumImages(sums, batch, columns, 0, c));
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
