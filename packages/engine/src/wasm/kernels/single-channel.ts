/*
 * 3x3 convolutions of a single-channel image, the first layer of a network: nine products an output are too few for a tile of the
 * matrix product. Here the nine weights of four outputs stay in registers along a row of pixels.
 *
 * With a batch normalization and a 2x2 pool behind it the convolution is a `stem`: its output, the network's largest tensor by far,
 * costs more to write and to read again than to compute anew. So a stem computes it three times, a row or two at a time in the
 * first cache, and never writes it: for the sums of the normalization, for the pool, and for the gradient.
 */
import { Context } from "./context";
import { SingleChannelConv, SingleChannelDw, StemForward, StemGrad, StemSums } from "./generated";
import { poolGradRow, poolRow } from "./norm-pool";
import { addDoubles } from "./norm-sums";
import { madd } from "./simd";

export function singleChannelConv(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, SingleChannelConv.height), width = load<i32>(p, SingleChannelConv.width);
  const line = load<usize>(p, SingleChannelConv.columns) << 2, panelBytes = load<usize>(p, SingleChannelConv.panelBytes);
  const segments = load<usize>(p, SingleChannelConv.segments), bias = load<usize>(p, SingleChannelConv.bias);
  const floor = f32x4.splat(load<i32>(p, SingleChannelConv.relu) ? 0 : -Infinity);
  for (let n = begin; n < end; n++) {
    for (let y = 0; y < height; y++) {
      const from = load<usize>(p, SingleChannelConv.x) + n * load<usize>(p, SingleChannelConv.xImage) + y * load<usize>(p, SingleChannelConv.xRow);
      const row = load<usize>(p, SingleChannelConv.y) + n * load<usize>(p, SingleChannelConv.yImage) + y * load<usize>(p, SingleChannelConv.yRow);
      convRow(
        from + load<u32>(segments), from + load<u32>(segments, 4), from + load<u32>(segments, 8), load<usize>(p, SingleChannelConv.xPixel),
        load<usize>(p, SingleChannelConv.w), panelBytes, bias, line, floor, row, load<usize>(p, SingleChannelConv.yPixel), width,
      );
    }
  }
}

/** A row of the convolution's outputs, all columns, to `to`. */
function convRow(
  r0: usize, r1: usize, r2: usize, step: usize, w: usize, panelBytes: usize, bias: usize, line: usize, floor: v128, to: usize, toStep: usize, count: i32,
): void {
  for (let c: usize = 0; c < line; c += 16) {
    convFour(r0, r1, r2, step, w + (c >> 5) * panelBytes + (c & 16), bias ? v128.load(bias + c) : f32x4.splat(0), floor, to + c, toStep, count);
  }
}

/** A row of four columns' outputs. */
function convFour(r0: usize, r1: usize, r2: usize, step: usize, w: usize, bias: v128, floor: v128, to: usize, toStep: usize, count: i32): void {
  const w0 = v128.load(w), w1 = v128.load(w, 32), w2 = v128.load(w, 64), w3 = v128.load(w, 96), w4 = v128.load(w, 128);
  const w5 = v128.load(w, 160), w6 = v128.load(w, 192), w7 = v128.load(w, 224), w8 = v128.load(w, 256);
  do {
    let v = madd(v128.load_splat<f32>(r0), w0, bias), u = v128.mul<f32>(v128.load_splat<f32>(r1), w3), t = v128.mul<f32>(v128.load_splat<f32>(r2), w6);
    v = madd(v128.load_splat<f32>(r0, 4), w1, v); u = madd(v128.load_splat<f32>(r1, 4), w4, u); t = madd(v128.load_splat<f32>(r2, 4), w7, t);
    v = madd(v128.load_splat<f32>(r0, 8), w2, v); u = madd(v128.load_splat<f32>(r1, 8), w5, u); t = madd(v128.load_splat<f32>(r2, 8), w8, t);
    v = v128.add<f32>(v128.add<f32>(v, u), t);
    v128.store(to, v128.pmax<f32>(v, floor));
    r0 += step; r1 += step; r2 += step; to += toStep;
  } while (--count);
}

/** Sums of an image's outputs in four columns, and of their squares, to `sums` and `sums + plane`, float64. `skip` leads from row to row. */
function sumFour(
  r0: usize, r1: usize, r2: usize, step: usize, skip: usize, w: usize, bias: v128, floor: v128, width: i32, height: i32, sums: usize, plane: usize,
): void {
  const w0 = v128.load(w), w1 = v128.load(w, 32), w2 = v128.load(w, 64), w3 = v128.load(w, 96), w4 = v128.load(w, 128);
  const w5 = v128.load(w, 160), w6 = v128.load(w, 192), w7 = v128.load(w, 224), w8 = v128.load(w, 256);
  do {
    let s = f32x4.splat(0), q = s, count = width;
    do {
      let v = madd(v128.load_splat<f32>(r0), w0, bias), u = v128.mul<f32>(v128.load_splat<f32>(r1), w3), t = v128.mul<f32>(v128.load_splat<f32>(r2), w6);
      v = madd(v128.load_splat<f32>(r0, 4), w1, v); u = madd(v128.load_splat<f32>(r1, 4), w4, u); t = madd(v128.load_splat<f32>(r2, 4), w7, t);
      v = madd(v128.load_splat<f32>(r0, 8), w2, v); u = madd(v128.load_splat<f32>(r1, 8), w5, u); t = madd(v128.load_splat<f32>(r2, 8), w8, t);
      v = v128.add<f32>(v128.add<f32>(v, u), t);
      v = v128.pmax<f32>(v, floor);
      s = v128.add<f32>(s, v); q = madd(v, v, q);
      r0 += step; r1 += step; r2 += step;
    } while (--count);
    addDoubles(sums, s); addDoubles(sums + plane, q);
    r0 += skip; r1 += skip; r2 += skip;
  } while (--height);
}

// partial[group]: the kernel's panels [9][8], then the bias [columns].
export function singleChannelDw(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, SingleChannelDw.height), width = load<i32>(p, SingleChannelDw.width);
  const line = load<usize>(p, SingleChannelDw.columns) << 2, panelBytes = load<usize>(p, SingleChannelDw.panelBytes);
  const segments = load<usize>(p, SingleChannelDw.segments), batch = load<i32>(p, SingleChannelDw.batch), groups = load<i32>(p, SingleChannelDw.groups);
  for (let group = begin; group < end; group++) {
    const partial = load<usize>(p, SingleChannelDw.partial) + group * load<usize>(p, SingleChannelDw.groupBytes);
    const bias = partial + load<usize>(p, SingleChannelDw.biasOffset);
    memory.fill(partial, 0, load<usize>(p, SingleChannelDw.groupBytes));
    const last = (group + 1) * batch / groups;
    for (let n = group * batch / groups; n < last; n++) {
      for (let y = 0; y < height; y++) {
        const from = load<usize>(p, SingleChannelDw.x) + n * load<usize>(p, SingleChannelDw.xImage) + y * load<usize>(p, SingleChannelDw.xRow);
        const row = load<usize>(p, SingleChannelDw.dz) + n * load<usize>(p, SingleChannelDw.dzImage) + y * load<usize>(p, SingleChannelDw.dzRow);
        gradientRow(
          from + load<u32>(segments), from + load<u32>(segments, 4), from + load<u32>(segments, 8), load<usize>(p, SingleChannelDw.xPixel),
          row, load<usize>(p, SingleChannelDw.dzPixel), width, line, partial, panelBytes, bias,
        );
      }
    }
  }
}

/** Adds a row's products of windows and dz to a group's partial gradients, all columns. */
function gradientRow(
  r0: usize, r1: usize, r2: usize, step: usize, dz: usize, dzStep: usize, count: i32, line: usize, partial: usize, panelBytes: usize, bias: usize,
): void {
  for (let c: usize = 0; c < line; c += 16) gradientFour(r0, r1, r2, step, dz + c, dzStep, count, partial + (c >> 5) * panelBytes + (c & 16), bias + c);
}

/** Adds four columns' products to nine sums 32 bytes apart, and dz to the bias' sum. */
function gradientFour(r0: usize, r1: usize, r2: usize, step: usize, dz: usize, dzStep: usize, count: i32, g: usize, bias: usize): void {
  let g0 = v128.load(g), g1 = v128.load(g, 32), g2 = v128.load(g, 64), g3 = v128.load(g, 96), g4 = v128.load(g, 128);
  let g5 = v128.load(g, 160), g6 = v128.load(g, 192), g7 = v128.load(g, 224), g8 = v128.load(g, 256), b = v128.load(bias);
  do {
    const d = v128.load(dz);
    g0 = madd(v128.load_splat<f32>(r0), d, g0); g1 = madd(v128.load_splat<f32>(r0, 4), d, g1); g2 = madd(v128.load_splat<f32>(r0, 8), d, g2);
    g3 = madd(v128.load_splat<f32>(r1), d, g3); g4 = madd(v128.load_splat<f32>(r1, 4), d, g4); g5 = madd(v128.load_splat<f32>(r1, 8), d, g5);
    g6 = madd(v128.load_splat<f32>(r2), d, g6); g7 = madd(v128.load_splat<f32>(r2, 4), d, g7); g8 = madd(v128.load_splat<f32>(r2, 8), d, g8);
    b = v128.add<f32>(b, d);
    r0 += step; r1 += step; r2 += step; dz += dzStep;
  } while (--count);
  v128.store(g, g0); v128.store(g, g1, 32); v128.store(g, g2, 64); v128.store(g, g3, 96); v128.store(g, g4, 128);
  v128.store(g, g5, 160); v128.store(g, g6, 192); v128.store(g, g7, 224); v128.store(g, g8, 256); v128.store(bias, b);
}

export function stemSums(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, StemSums.height), width = load<i32>(p, StemSums.width), line = load<usize>(p, StemSums.columns) << 2;
  const xRow = load<usize>(p, StemSums.xRow), xPixel = load<usize>(p, StemSums.xPixel), panelBytes = load<usize>(p, StemSums.panelBytes), w = load<usize>(p, StemSums.w);
  const segments = load<usize>(p, StemSums.segments), s0 = load<u32>(segments), s1 = load<u32>(segments, 4), s2 = load<u32>(segments, 8);
  const bias = load<usize>(p, StemSums.bias), floor = f32x4.splat(load<i32>(p, StemSums.relu) ? 0 : -Infinity);
  for (let n = begin; n < end; n++) {
    const out = load<usize>(p, StemSums.out) + n * (line << 2);
    memory.fill(out, 0, line << 2);
    const from = load<usize>(p, StemSums.x) + n * load<usize>(p, StemSums.xImage);
    for (let c: usize = 0; c < line; c += 16) {
      sumFour(
        from + s0, from + s1, from + s2, xPixel, xRow - width * xPixel, w + (c >> 5) * panelBytes + (c & 16), bias ? v128.load(bias + c) : f32x4.splat(0), floor,
        width, height, out + (c << 1), line << 1,
      );
    }
  }
}

export function stemForward(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, StemForward.height), width = load<i32>(p, StemForward.width), line = load<usize>(p, StemForward.columns) << 2;
  const xRow = load<usize>(p, StemForward.xRow), xPixel = load<usize>(p, StemForward.xPixel), panelBytes = load<usize>(p, StemForward.panelBytes), w = load<usize>(p, StemForward.w);
  const segments = load<usize>(p, StemForward.segments), s0 = load<u32>(segments), s1 = load<u32>(segments, 4), s2 = load<u32>(segments, 8);
  const bias = load<usize>(p, StemForward.bias), floor = f32x4.splat(load<i32>(p, StemForward.relu) ? 0 : -Infinity);
  const outHeight = load<i32>(p, StemForward.outHeight), outWidth = load<i32>(p, StemForward.outWidth), winners = load<usize>(p, StemForward.winner);
  const rows = load<usize>(context, Context.scratch), below = <usize>width * line;
  for (let n = begin; n < end; n++) {
    const image = load<usize>(p, StemForward.x) + n * load<usize>(p, StemForward.xImage);
    for (let y = 0; y < outHeight; y++) {
      let from = image + <usize>(y << 1) * xRow;
      const hasBelow = (y << 1) + 1 < height;
      convRow(from + s0, from + s1, from + s2, xPixel, w, panelBytes, bias, line, floor, rows, line, width);
      from += xRow;
      if (hasBelow) convRow(from + s0, from + s1, from + s2, xPixel, w, panelBytes, bias, line, floor, rows + below, line, width);
      const place = <usize>((n * outHeight + y) * outWidth) * line;
      poolRow(
        rows, line, hasBelow ? below : 0, width, load<usize>(p, StemForward.y) + n * load<usize>(p, StemForward.yImage) + y * load<usize>(p, StemForward.yRow),
        load<usize>(p, StemForward.yPixel), outWidth, line, load<usize>(p, StemForward.stats) + 2 * line, winners ? winners + (place >> 2) : 0,
        load<usize>(p, StemForward.winnerX) + place,
      );
    }
  }
}

export function stemGrad(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, StemGrad.height), width = load<i32>(p, StemGrad.width), line = load<usize>(p, StemGrad.columns) << 2;
  const xRow = load<usize>(p, StemGrad.xRow), xPixel = load<usize>(p, StemGrad.xPixel), panelBytes = load<usize>(p, StemGrad.panelBytes), w = load<usize>(p, StemGrad.w);
  const segments = load<usize>(p, StemGrad.segments), s0 = load<u32>(segments), s1 = load<u32>(segments, 4), s2 = load<u32>(segments, 8);
  const bias = load<usize>(p, StemGrad.bias), floor = f32x4.splat(load<i32>(p, StemGrad.relu) ? 0 : -Infinity);
  const outHeight = load<i32>(p, StemGrad.outHeight), outWidth = load<i32>(p, StemGrad.outWidth), relu = load<i32>(p, StemGrad.relu);
  const batch = load<i32>(p, StemGrad.batch), groups = load<i32>(p, StemGrad.groups), keep = f32x4.splat(1);
  const row = load<usize>(context, Context.scratch), dz = row + <usize>width * line;
  for (let group = begin; group < end; group++) {
    const partial = load<usize>(p, StemGrad.partial) + group * load<usize>(p, StemGrad.groupBytes), biasSums = partial + load<usize>(p, StemGrad.biasOffset);
    memory.fill(partial, 0, load<usize>(p, StemGrad.groupBytes));
    const last = (group + 1) * batch / groups;
    for (let n = group * batch / groups; n < last; n++) {
      let from = load<usize>(p, StemGrad.x) + n * load<usize>(p, StemGrad.xImage);
      for (let y = 0; y < height; y++) {
        convRow(from + s0, from + s1, from + s2, xPixel, w, panelBytes, bias, line, floor, row, line, width);
        poolGradRow(
          row, line, dz, line, load<usize>(p, StemGrad.dy) + n * load<usize>(p, StemGrad.dyImage) + <usize>(y >> 1) * load<usize>(p, StemGrad.dyRow),
          load<usize>(p, StemGrad.dyPixel), load<usize>(p, StemGrad.winner) + (<usize>((n * outHeight + (y >> 1)) * outWidth) * line >> 2), width, y & 1, line,
          load<usize>(p, StemGrad.coefficients), relu, keep,
        );
        gradientRow(from + s0, from + s1, from + s2, xPixel, dz, line, width, line, partial, panelBytes, biasSums);
        from += xRow;
      }
    }
  }
}
