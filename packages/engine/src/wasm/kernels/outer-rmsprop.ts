/*
 * The weight gradient of a Dense layer with RMSprop's update inside. A tile's twelve roots and divisions take the divider half as long as
 * the next tile's products take the multiply-add ports, and a core can do both at once; but it looks only some 300 instructions ahead.
 * So a tile is updated in quarters, each between two quarters of the next tile's products: lesson 1's step takes .94 ms instead of the
 * .98 of updates behind two whole tiles (medians, two threads). The values are those of update.ts, operation by operation.
 */
import { Update } from "./generated";
import { madd } from "./simd";

/** A tile of 6 rows x 8 columns, as 12 vectors. */
const TILE_BYTES: usize = 192;

// @ts-expect-error: decorator
@inline
function rmspropVector(w: usize, slot: usize, g: usize, settings: usize): void {
  const d = v128.load(g);
  const mean = madd(v128.load(settings), v128.load(slot), v128.mul<f32>(v128.load(settings, 16), v128.mul<f32>(d, d)));
  v128.store(slot, mean);
  const root = v128.sqrt<f32>(v128.add<f32>(mean, v128.load(settings, 32)));
  v128.store(w, v128.sub<f32>(v128.load(w), v128.div<f32>(v128.mul<f32>(v128.load(settings, 48), d), root)));
}

/**
 * g[6][8] = sum over 4 `quarter` rows of a^T b, where b is packed [.][8] and `before` the tile of gradients whose weights and slots are
 * updated meanwhile; g may be `before`.
 */
function tileAndUpdate(a: usize, aStep: usize, b: usize, quarter: i32, g: usize, w: usize, slot: usize, before: usize, settings: usize): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
  let left = 4;
  do {
    let k = quarter;
    do {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let v = v128.load_splat<f32>(a); c00 = madd(v, b0, c00); c01 = madd(v, b1, c01);
      v = v128.load_splat<f32>(a, 4); c10 = madd(v, b0, c10); c11 = madd(v, b1, c11);
      v = v128.load_splat<f32>(a, 8); c20 = madd(v, b0, c20); c21 = madd(v, b1, c21);
      v = v128.load_splat<f32>(a, 12); c30 = madd(v, b0, c30); c31 = madd(v, b1, c31);
      v = v128.load_splat<f32>(a, 16); c40 = madd(v, b0, c40); c41 = madd(v, b1, c41);
      v = v128.load_splat<f32>(a, 20); c50 = madd(v, b0, c50); c51 = madd(v, b1, c51);
      a += aStep; b += 32;
    } while (--k);
    rmspropVector(w, slot, before, settings); rmspropVector(w + 16, slot + 16, before + 16, settings); rmspropVector(w + 32, slot + 32, before + 32, settings);
    w += 48; slot += 48; before += 48;
  } while (--left);
  v128.store(g, c00); v128.store(g, c01, 16); v128.store(g, c10, 32); v128.store(g, c11, 48);
  v128.store(g, c20, 64); v128.store(g, c21, 80); v128.store(g, c30, 96); v128.store(g, c31, 112);
  v128.store(g, c40, 128); v128.store(g, c41, 144); v128.store(g, c50, 160); v128.store(g, c51, 176);
}

/**
 * Updates the weights at `w` of the first rows of a panel, as many as whole tiles hold, and gives their number.
 *
 * @param x the first row's input of the first sample; samples lie `xStep` bytes apart
 * @param dz packed gradients of the panel [batch][8]; `batch` is a multiple of 4
 * @param scratch 640 bytes: a tile of gradients, a tile of nothing to begin with, the settings
 */
export function outerRmsprop(x: usize, xStep: usize, dz: usize, batch: i32, rows: i32, w: usize, update: usize, rate: f32, scratch: usize): i32 {
  const slotBytes = load<usize>(update, Update.slotBytes), nothing = scratch + TILE_BYTES, settings = nothing + TILE_BYTES;
  memory.fill(nothing, 0, TILE_BYTES);
  v128.store(settings, f32x4.splat(load<f32>(update, Update.rhof)));
  v128.store(settings, f32x4.splat(load<f32>(update, Update.restf)), 16);
  v128.store(settings, f32x4.splat(load<f32>(update, Update.epsilonf)), 32);
  v128.store(settings, f32x4.splat(rate), 48);
  let weights = nothing, slots = nothing, before = nothing, done = 0;
  for (; done + 6 <= rows; done += 6) {
    tileAndUpdate(x + (<usize>done << 2), xStep, dz, batch >> 2, scratch, weights, slots, before, settings);
    weights = w + (<usize>done << 5); slots = weights + slotBytes; before = scratch;
  }
  if (done) for (let i: usize = 0; i < TILE_BYTES; i += 16) rmspropVector(weights + i, slots + i, scratch + i, settings);
  return done;
}
