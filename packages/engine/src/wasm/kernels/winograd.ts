/*
 * Winograd's F(2x2, 3x3): four outputs from sixteen multiplications instead of thirty-six.
 * y = A^T [ (G w G^T) * (B^T x B) ] A, summed over channels as sixteen small matrix products, one for each position.
 * Source: A. Lavin, S. Gray, "Fast algorithms for convolutional neural networks", CVPR 2016. The gradient with respect to the
 * weights is the transposed algorithm: G^T [ (B^T x B) * (A dz A^T) ] G. The transforms have only the factors 1 and 1/2, so
 * that little accuracy is lost. One image at a time, so that all sixteen positions stay in the second-level cache.
 */
import { Context } from "./context";
import { WinogradConv, WinogradDw, WinogradUpdate, WinogradWeights } from "./generated";
import { outerPanel, product } from "./tile";
import { updateRun } from "./update";

// @ts-expect-error: decorator
@inline
function add(a: v128, b: v128): v128 { return v128.add<f32>(a, b); }
// @ts-expect-error: decorator
@inline
function sub(a: v128, b: v128): v128 { return v128.sub<f32>(a, b); }

/** B^T d B of one 4x4 patch, four channels: sixteen vectors to `to`, `step` bytes apart. */
function transformInput(from: usize, row: usize, pixel: usize, to: usize, step: usize, temp: usize): void {
  for (let j = 0; j < 4; j++) {
    const at = from + j * pixel, t = temp + (j << 4);
    const d0 = v128.load(at), d1 = v128.load(at + row), d2 = v128.load(at + 2 * row), d3 = v128.load(at + 3 * row);
    v128.store(t, sub(d0, d2)); v128.store(t, add(d1, d2), 64); v128.store(t, sub(d2, d1), 128); v128.store(t, sub(d1, d3), 192);
  }
  for (let i = 0; i < 4; i++) {
    const t = temp + (i << 6);
    const d0 = v128.load(t), d1 = v128.load(t, 16), d2 = v128.load(t, 32), d3 = v128.load(t, 48);
    v128.store(to, sub(d0, d2)); to += step;
    v128.store(to, add(d1, d2)); to += step;
    v128.store(to, sub(d2, d1)); to += step;
    v128.store(to, sub(d1, d3)); to += step;
  }
}

/** All patches of an image: v[position][patch][channels]. */
function transformImage(image: usize, row: usize, pixel: usize, tilesY: i32, tilesX: i32, channels: i32, v: usize, temp: usize): void {
  const line = <usize>channels << 2;
  const step = <usize>(tilesY * tilesX) * line;
  for (let ty = 0; ty < tilesY; ty++) {
    for (let tx = 0; tx < tilesX; tx++) {
      const from = image + <usize>(ty << 1) * row + <usize>(tx << 1) * pixel;
      for (let c: usize = 0; c < line; c += 16) transformInput(from + c, row, pixel, v + c, step, temp);
      v += line;
    }
  }
}

export function winogradConv(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, WinogradConv.height), width = load<i32>(p, WinogradConv.width);
  const inputs = load<i32>(p, WinogradConv.inputs), columns = load<i32>(p, WinogradConv.columns);
  const tilesY = (height + 1) >> 1, tilesX = (width + 1) >> 1, tiles = tilesY * tilesX;
  const xRow = load<usize>(p, WinogradConv.xRow), xPixel = load<usize>(p, WinogradConv.xPixel);
  const inBytes = <usize>inputs << 2, outBytes = <usize>columns << 2;
  const temp = load<usize>(context, Context.scratch);
  const v = temp + 256, m = v + 16 * tiles * inBytes;
  for (let n = begin; n < end; n++) {
    const image = load<usize>(p, WinogradConv.x) + n * load<usize>(p, WinogradConv.xImage) - xRow - xPixel;
    transformImage(image, xRow, xPixel, tilesY, tilesX, inputs, v, temp);
    for (let position = 0; position < 16; position++) {
      const u = load<usize>(p, WinogradConv.u) + position * load<usize>(p, WinogradConv.uPositionBytes);
      const a = v + position * tiles * inBytes, c = m + position * tiles * outBytes;
      product(a, inBytes, tiles, inputs, u, load<usize>(p, WinogradConv.uPanelBytes), columns, c, outBytes);
    }
    transformOutput(p, n, m, tilesY, tilesX);
  }
}

/** A^T m A of every patch of image n, plus bias, through the activation. */
function transformOutput(p: usize, n: i32, m: usize, tilesY: i32, tilesX: i32): void {
  const height = load<i32>(p, WinogradConv.height), width = load<i32>(p, WinogradConv.width);
  const yRow = load<usize>(p, WinogradConv.yRow), yPixel = load<usize>(p, WinogradConv.yPixel);
  const line = load<usize>(p, WinogradConv.columns) << 2, step = <usize>(tilesY * tilesX) * line;
  const bias = load<usize>(p, WinogradConv.bias), relu = load<i32>(p, WinogradConv.relu);
  const floor = relu ? f32x4.splat(0) : f32x4.splat(-Infinity);
  for (let ty = 0; ty < tilesY; ty++) {
    for (let tx = 0; tx < tilesX; tx++) {
      const to = load<usize>(p, WinogradConv.y) + n * load<usize>(p, WinogradConv.yImage) + <usize>(ty << 1) * yRow + <usize>(tx << 1) * yPixel;
      const right = (tx << 1) + 1 < width, below = (ty << 1) + 1 < height;
      for (let c: usize = 0; c < line; c += 16) {
        let at = m + c;
        let e0 = v128.load(at); at += step;
        let e1 = v128.load(at); at += step;
        let e2 = v128.load(at); at += step;
        let e3 = v128.load(at); at += step;
        const l0 = add(add(e0, e1), e2), r0 = sub(sub(e1, e2), e3);
        e0 = v128.load(at); at += step; e1 = v128.load(at); at += step; e2 = v128.load(at); at += step; e3 = v128.load(at); at += step;
        const l1 = add(add(e0, e1), e2), r1 = sub(sub(e1, e2), e3);
        e0 = v128.load(at); at += step; e1 = v128.load(at); at += step; e2 = v128.load(at); at += step; e3 = v128.load(at); at += step;
        const l2 = add(add(e0, e1), e2), r2 = sub(sub(e1, e2), e3);
        e0 = v128.load(at); at += step; e1 = v128.load(at); at += step; e2 = v128.load(at); at += step; e3 = v128.load(at);
        const l3 = add(add(e0, e1), e2), r3 = sub(sub(e1, e2), e3);
        const d = bias ? v128.load(bias + c) : f32x4.splat(0);
        v128.store(to + c, v128.pmax<f32>(add(add(add(l0, l1), l2), d), floor));
        if (right) v128.store(to + c + yPixel, v128.pmax<f32>(add(add(add(r0, r1), r2), d), floor));
        if (below) v128.store(to + c + yRow, v128.pmax<f32>(add(sub(sub(l1, l2), l3), d), floor));
        if (right && below) v128.store(to + c + yRow + yPixel, v128.pmax<f32>(add(sub(sub(r1, r2), r3), d), floor));
      }
      m += line;
    }
  }
}

/** A dz A^T of one 2x2 patch, four channels. Missing neighbours come as zeros. */
// @ts-expect-error: decorator
@inline
function transformGradient(d00: v128, d01: v128, d10: v128, d11: v128, to: usize, step: usize): void {
  const zero = f32x4.splat(0);
  const s0 = add(d00, d10), s1 = add(d01, d11), t0 = sub(d00, d10), t1 = sub(d01, d11);
  const n0 = sub(zero, d10), n1 = sub(zero, d11);
  v128.store(to, d00); to += step; v128.store(to, add(d00, d01)); to += step; v128.store(to, sub(d00, d01)); to += step; v128.store(to, sub(zero, d01)); to += step;
  v128.store(to, s0); to += step; v128.store(to, add(s0, s1)); to += step; v128.store(to, sub(s0, s1)); to += step; v128.store(to, sub(zero, s1)); to += step;
  v128.store(to, t0); to += step; v128.store(to, add(t0, t1)); to += step; v128.store(to, sub(t0, t1)); to += step; v128.store(to, sub(zero, t1)); to += step;
  v128.store(to, n0); to += step; v128.store(to, add(n0, n1)); to += step; v128.store(to, sub(n0, n1)); to += step; v128.store(to, d11);
}

export function winogradDw(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, WinogradDw.height), width = load<i32>(p, WinogradDw.width);
  const inputs = load<i32>(p, WinogradDw.inputs), columns = load<i32>(p, WinogradDw.columns);
  const tilesY = (height + 1) >> 1, tilesX = (width + 1) >> 1, tiles = tilesY * tilesX;
  const xRow = load<usize>(p, WinogradDw.xRow), xPixel = load<usize>(p, WinogradDw.xPixel);
  const dzRow = load<usize>(p, WinogradDw.dzRow), dzPixel = load<usize>(p, WinogradDw.dzPixel);
  const inBytes = <usize>inputs << 2, outBytes = <usize>columns << 2;
  const temp = load<usize>(context, Context.scratch), v = temp + 256, m = v + 16 * tiles * inBytes;
  const batch = load<i32>(p, WinogradDw.batch), groups = load<i32>(p, WinogradDw.groups);
  const panels = (columns + 7) >> 3, zero = f32x4.splat(0);
  for (let group = begin; group < end; group++) {
    const partial = load<usize>(p, WinogradDw.partial) + group * load<usize>(p, WinogradDw.groupBytes);
    const first = group * batch / groups, last = (group + 1) * batch / groups;
    if (first == last) memory.fill(partial, 0, load<usize>(p, WinogradDw.groupBytes));
    for (let n = first; n < last; n++) {
      transformImage(load<usize>(p, WinogradDw.x) + n * load<usize>(p, WinogradDw.xImage) - xRow - xPixel, xRow, xPixel, tilesY, tilesX, inputs, v, temp);
      let to = m;
      for (let ty = 0; ty < tilesY; ty++) {
        for (let tx = 0; tx < tilesX; tx++) {
          const from = load<usize>(p, WinogradDw.dz) + n * load<usize>(p, WinogradDw.dzImage) + <usize>(ty << 1) * dzRow + <usize>(tx << 1) * dzPixel;
          const right = (tx << 1) + 1 < width, below = (ty << 1) + 1 < height;
          for (let c: usize = 0; c < outBytes; c += 16) {
            transformGradient(
              v128.load(from + c), right ? v128.load(from + c + dzPixel) : zero, below ? v128.load(from + c + dzRow) : zero,
              right && below ? v128.load(from + c + dzRow + dzPixel) : zero, to + c, tiles * outBytes,
            );
          }
          to += outBytes;
        }
      }
      for (let position = 0; position < 16; position++) {
        const a = v + position * tiles * inBytes, b = m + position * tiles * outBytes;
        const g = partial + position * load<usize>(p, WinogradDw.positionBytes);
        for (let panel = 0; panel < panels; panel++) {
          outerPanel(a, inBytes, b + (<usize>panel << 5), outBytes, tiles, 1, 0, 0, inputs, columns - (panel << 3), g + <usize>panel * (<usize>inputs << 5), n > first ? 1 : 0);
        }
      }
    }
  }
}

/** The sum over the groups of one vector of the partials. */
// @ts-expect-error: decorator
@inline
function total(at: usize, groups: i32, groupBytes: usize): v128 {
  let sum = v128.load(at);
  for (let g = 1; g < groups; g++) { at += groupBytes; sum = add(sum, v128.load(at)); }
  return sum;
}

export function winogradUpdate(p: usize, begin: i32, end: i32, context: usize): void {
  const groups = load<i32>(p, WinogradUpdate.groups), groupBytes = load<usize>(p, WinogradUpdate.groupBytes);
  const positionBytes = load<usize>(p, WinogradUpdate.positionBytes), inputs = load<i32>(p, WinogradUpdate.inputs);
  const tileInputs = load<i32>(p, WinogradUpdate.tileInputs), blocks = (inputs + tileInputs - 1) / tileInputs;
  const columns = load<i32>(p, WinogradUpdate.columns);
  const temp = load<usize>(context, Context.scratch), g = temp + 256;
  const half = f32x4.splat(0.5);
  for (let tile = begin; tile < end; tile++) {
    const panel = tile / blocks, first = (tile - panel * blocks) * tileInputs, count = min(tileInputs, inputs - first);
    const used = columns - (panel << 3);
    const segmentBytes = <usize>count << 5;
    if (used <= 4) memory.fill(g, 0, 9 * segmentBytes);
    for (let i = 0; i < count; i++) {
      for (let h: usize = 0; h < (used <= 4 ? 16 : 32); h += 16) {
        const at = load<usize>(p, WinogradUpdate.partial) + <usize>panel * (<usize>inputs << 5) + (<usize>(first + i) << 5) + h;
        // Columns first: G^T q, three rows of four, then the same from the right.
        for (let j = 0; j < 4; j++) {
          const q = at + j * positionBytes, t = temp + (j << 4);
          const q0 = total(q, groups, groupBytes), q1 = total(q + 4 * positionBytes, groups, groupBytes);
          const q2 = total(q + 8 * positionBytes, groups, groupBytes), q3 = total(q + 12 * positionBytes, groups, groupBytes);
          const s = v128.mul<f32>(half, add(q1, q2));
          v128.store(t, add(q0, s)); v128.store(t, v128.mul<f32>(half, sub(q1, q2)), 64); v128.store(t, add(s, q3), 128);
        }
        for (let r = 0; r < 3; r++) {
          const t = temp + (r << 6), to = g + <usize>(3 * r) * segmentBytes + (<usize>i << 5) + h;
          const q0 = v128.load(t), q1 = v128.load(t, 16), q2 = v128.load(t, 32), q3 = v128.load(t, 48);
          const s = v128.mul<f32>(half, add(q1, q2));
          v128.store(to, add(q0, s)); v128.store(to + segmentBytes, v128.mul<f32>(half, sub(q1, q2))); v128.store(to + 2 * segmentBytes, add(s, q3));
        }
      }
    }
    const w = load<usize>(p, WinogradUpdate.w) + panel * load<usize>(p, WinogradUpdate.panelBytes) + (<usize>first << 5);
    for (let s = 0; s < 9; s++) {
      updateRun(w + <usize>(s * inputs << 5), g + s * segmentBytes, count << 1, load<usize>(p, WinogradUpdate.update), load<f32>(context, Context.rate));
    }
  }
}

/** One weight of w in panels [segment][inputs][8], or of its mirror image (segments reversed, inputs and outputs swapped). */
// @ts-expect-error: decorator
@inline
function weight(w: usize, panelBytes: usize, inputs: i32, segment: i32, input: i32, output: i32): f32 {
  return load<f32>(w + <usize>(output >> 3) * panelBytes + (<usize>((segment * inputs + input << 3) + (output & 7)) << 2));
}

export function winogradWeights(p: usize, begin: i32, end: i32, context: usize): void {
  // `inputs` and `columns` are w's own; the mirror's are swapped.
  const inputs = load<i32>(p, WinogradWeights.inputs), columns = load<i32>(p, WinogradWeights.columns);
  const mirror = load<i32>(p, WinogradWeights.mirror), w = load<usize>(p, WinogradWeights.w), panelBytes = load<usize>(p, WinogradWeights.panelBytes);
  const rows = mirror ? columns : inputs, outs = mirror ? inputs : columns;
  const step = load<usize>(p, WinogradWeights.uPositionBytes);
  const temp = load<usize>(context, Context.scratch), t = temp + 9 * 32;
  for (let panel = begin; panel < end; panel++) {
    const used = min(8, outs - (panel << 3));
    for (let k = 0; k < rows; k++) {
      // Nine vectors of eight outputs, gathered: small beside the products.
      for (let s = 0; s < 9; s++) {
        for (let j = 0; j < 8; j++) {
          const o = (panel << 3) + j;
          const value: f32 = j >= used ? <f32>0 : mirror ? weight(w, panelBytes, inputs, 8 - s, o, k) : weight(w, panelBytes, inputs, s, k, o);
          store<f32>(temp + (<usize>s << 5) + (j << 2), value);
        }
      }
      const to = load<usize>(p, WinogradWeights.u) + panel * load<usize>(p, WinogradWeights.uPanelBytes) + (<usize>k << 5);
      const half = f32x4.splat(0.5);
      for (let h: usize = 0; h < 32; h += 16) {
        for (let j: usize = 0; j < 3; j++) {
          const at = temp + h + (j << 5), to2 = t + (j << 4);
          const g0 = v128.load(at), g1 = v128.load(at + 96), g2 = v128.load(at + 192);
          const s = add(g0, g2);
          v128.store(to2, g0); v128.store(to2, v128.mul<f32>(half, add(s, g1)), 48); v128.store(to2, v128.mul<f32>(half, sub(s, g1)), 96); v128.store(to2, g2, 144);
        }
        for (let i: usize = 0; i < 4; i++) {
          const at = t + i * 48, out = to + h + (i << 2) * step;
          const g0 = v128.load(at), g1 = v128.load(at, 16), g2 = v128.load(at, 32);
          const s = add(g0, g2);
          v128.store(out, g0); v128.store(out + step, v128.mul<f32>(half, add(s, g1))); v128.store(out + 2 * step, v128.mul<f32>(half, sub(s, g1))); v128.store(out + 3 * step, g2);
        }
      }
    }
  }
}
