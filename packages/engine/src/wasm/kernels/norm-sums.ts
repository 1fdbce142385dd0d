/*
 * Sums over images, for batch normalization and for biases: those of an image's row are float32, those of rows float64. The order is
 * fixed by the plan.
 */
import { ColumnSums, NormGradSums, NormPoolGradSums, NormSums } from "./generated";
import { madd } from "./simd";

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
