// 10 dispatches a step of 32 images; each begins with:
struct Step { step: u32, first: u32, record: u32, rate: f32, plainRate: f32, clip: f32 }
@group(0) @binding(0) var<storage, read_write> arena: array<vec4f>;
@group(0) @binding(1) var<storage, read> images: array<u32>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
@group(0) @binding(3) var<storage, read> rows: array<u32>;
@group(0) @binding(4) var<uniform> run: Step;

// 1: workgroups 98 x 1 x 1
// gather

fn byteAt(image: u32, place: u32) -> f32 {
  let index = image * 784u + place;
  let byte = (images[index / 4u] >> (index % 4u * 8u)) & 0xffu;
  return arena[64u + byte / 4u][byte % 4u];
}
fn valueOf(image: u32, row: u32, place: u32) -> f32 { return byteAt(image, place); }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = (block.y * 98u + block.x) * 64u + thread;
  if (i >= 6272u) { return; }
  let n = i / 196u;
  let row = run.first + n;
  let image = (rows[row] & 1073741823u);
  var v = vec4f();
  for (var lane = 0u; lane < 4u; lane++) {
    let word = i % 196u * 4u + lane;
    let channel = word % 784u;
    let place = word / 784u * 784u + channel;
    if (channel < 784u && place < 784u) { v[lane] = valueOf(image, row, place); }
  }
  arena[507204u + i] = v;
}
// 2: workgroups 16 x 1 x 1
// product dense_1/relu

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 32u) { return Pixel(0u, -1000000, 0); }
  let image = index / 1u;
  let place = index % 1u;
  return Pixel(507204u + image * 196u, i32(place / 1u * 1u) - 0, i32(place % 1u * 1u) - 0);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 784u) { return Tap(3000000, 0, 0u); }
  let tap = k / 784u;
  return Tap(i32(tap / 1u * 1u), i32(tap % 1u * 1u), k % 784u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y + tap.y;
  let x = pixel.x + tap.x;
  if (u32(y) >= 1u || u32(x) >= 1u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 196u + u32(x) * 196u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 1824u + column / 8u * 1568u + row * 2u + column / 4u % 2u;
}
fn lineOf(column: u32) -> u32 { return column; }
fn rowOf(k: u32) -> u32 { return k; }
fn kernelAt(column: u32, row: u32) -> vec4f {
  if (column >= 512u || row >= 784u) { return vec4f(); }
  return arena[weightAt(row, column)];
}
fn yAt(pixel: u32, group: u32) -> u32 { return 513480u + pixel / 1u * 132u + pixel % 1u * 128u + group; }
fn putY(pixel: u32, group: u32, v: vec4f) { arena[yAt(pixel, group)] = v; }
fn finished(value: vec4f, pixel: u32, group: u32) -> vec4f {
  var v = value;
  v = select(v, vec4f(), v < vec4f());
  return v;
}
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 32u || n >= 512u) { return; }
  putY(m, n / 4u, finished(v + arena[102176u + n / 4u], m, n / 4u));
}
var<workgroup> tile: array<vec4f, 1024>;

@compute @workgroup_size(64, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let thread = local.x;
  let slice = local.y;
  let base = slice * 256u;
  // The block of an operand that this thread brings: threads below 32 of A, the others of B.
  let line = thread % 8u * 4u;
  let depth = thread / 8u % 4u * 4u;
  let top = group.y * 32u;
  let left = group.x * 32u;
  let a0 = pixelOf(top + line + 0u); let a1 = pixelOf(top + line + 1u); let a2 = pixelOf(top + line + 2u); let a3 = pixelOf(top + line + 3u);
  let b0 = lineOf(left + line + 0u);
  // The block of C that it computes.
  let across = thread % 8u;
  let down = thread / 8u;
  var sum0 = vec4f(); var sum1 = vec4f(); var sum2 = vec4f(); var sum3 = vec4f();
  for (var t = 0u; t < 13u; t++) {
    let k = (t * 4u + slice) * 16u + depth;
    var block: mat4x4f;
    if (thread < 32u) { let s = tapOf(k); block = transpose(mat4x4f(valueAt(a0, s), valueAt(a1, s), valueAt(a2, s), valueAt(a3, s))); }
    else { block = mat4x4f(kernelAt(b0, rowOf(k + 0u)), kernelAt(b0, rowOf(k + 1u)), kernelAt(b0, rowOf(k + 2u)), kernelAt(b0, rowOf(k + 3u))); }
    workgroupBarrier();
    let to = base + select(128u, 0u, thread < 32u) + depth * 8u + thread % 8u;
    tile[to] = block[0]; tile[to + 8u] = block[1]; tile[to + 16u] = block[2]; tile[to + 24u] = block[3];
    workgroupBarrier();
    for (var d = 0u; d < 128u; d += 8u) {
      let x = tile[base + d + down];
      let y = tile[base + 128u + d + across];
      sum0 += x.x * y;
      sum1 += x.y * y;
      sum2 += x.z * y;
      sum3 += x.w * y;
    }
  }
  let m = top + down * 4u;
  let n = left + across * 4u;
  workgroupBarrier();
  tile[base + thread * 4u + 0u] = sum0;
  tile[base + thread * 4u + 1u] = sum1;
  tile[base + thread * 4u + 2u] = sum2;
  tile[base + thread * 4u + 3u] = sum3;
  workgroupBarrier();
  store(m + slice, n, group.z, tile[0u + thread * 4u + slice] + tile[256u + thread * 4u + slice] + tile[512u + thread * 4u + slice] + tile[768u + thread * 4u + slice]);
}
// 3: workgroups 16 x 1 x 1
// product dense_2/relu

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 32u) { return Pixel(0u, -1000000, 0); }
  let image = index / 1u;
  let place = index % 1u;
  return Pixel(513480u + image * 132u, i32(place / 1u * 1u) - 0, i32(place % 1u * 1u) - 0);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 512u) { return Tap(3000000, 0, 0u); }
  let tap = k / 512u;
  return Tap(i32(tap / 1u * 1u), i32(tap % 1u * 1u), k % 512u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y + tap.y;
  let x = pixel.x + tap.x;
  if (u32(y) >= 1u || u32(x) >= 1u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 128u + u32(x) * 128u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 102304u + column / 8u * 1028u + row * 2u + column / 4u % 2u;
}
fn lineOf(column: u32) -> u32 { return column; }
fn rowOf(k: u32) -> u32 { return k; }
fn kernelAt(column: u32, row: u32) -> vec4f {
  if (column >= 512u || row >= 512u) { return vec4f(); }
  return arena[weightAt(row, column)];
}
fn yAt(pixel: u32, group: u32) -> u32 { return 517708u + pixel / 1u * 132u + pixel % 1u * 128u + group; }
fn putY(pixel: u32, group: u32, v: vec4f) { arena[yAt(pixel, group)] = v; }
fn finished(value: vec4f, pixel: u32, group: u32) -> vec4f {
  var v = value;
  v = select(v, vec4f(), v < vec4f());
  return v;
}
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 32u || n >= 512u) { return; }
  putY(m, n / 4u, finished(v + arena[168096u + n / 4u], m, n / 4u));
}
var<workgroup> tile: array<vec4f, 1024>;

@compute @workgroup_size(64, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let thread = local.x;
  let slice = local.y;
  let base = slice * 256u;
  // The block of an operand that this thread brings: threads below 32 of A, the others of B.
  let line = thread % 8u * 4u;
  let depth = thread / 8u % 4u * 4u;
  let top = group.y * 32u;
  let left = group.x * 32u;
  let a0 = pixelOf(top + line + 0u); let a1 = pixelOf(top + line + 1u); let a2 = pixelOf(top + line + 2u); let a3 = pixelOf(top + line + 3u);
  let b0 = lineOf(left + line + 0u);
  // The block of C that it computes.
  let across = thread % 8u;
  let down = thread / 8u;
  var sum0 = vec4f(); var sum1 = vec4f(); var sum2 = vec4f(); var sum3 = vec4f();
  for (var t = 0u; t < 8u; t++) {
    let k = (t * 4u + slice) * 16u + depth;
    var block: mat4x4f;
    if (thread < 32u) { let s = tapOf(k); block = transpose(mat4x4f(valueAt(a0, s), valueAt(a1, s), valueAt(a2, s), valueAt(a3, s))); }
    else { block = mat4x4f(kernelAt(b0, rowOf(k + 0u)), kernelAt(b0, rowOf(k + 1u)), kernelAt(b0, rowOf(k + 2u)), kernelAt(b0, rowOf(k + 3u))); }
    workgroupBarrier();
    let to = base + select(128u, 0u, thread < 32u) + depth * 8u + thread % 8u;
    tile[to] = block[0]; tile[to + 8u] = block[1]; tile[to + 16u] = block[2]; tile[to + 24u] = block[3];
    workgroupBarrier();
    for (var d = 0u; d < 128u; d += 8u) {
      let x = tile[base + d + down];
      let y = tile[base + 128u + d + across];
      sum0 += x.x * y;
      sum1 += x.y * y;
      sum2 += x.z * y;
      sum3 += x.w * y;
    }
  }
  let m = top + down * 4u;
  let n = left + across * 4u;
  workgroupBarrier();
  tile[base + thread * 4u + 0u] = sum0;
  tile[base + thread * 4u + 1u] = sum1;
  tile[base + thread * 4u + 2u] = sum2;
  tile[base + thread * 4u + 3u] = sum3;
  workgroupBarrier();
  store(m + slice, n, group.z, tile[0u + thread * 4u + slice] + tile[256u + thread * 4u + slice] + tile[512u + thread * 4u + slice] + tile[768u + thread * 4u + slice]);
}
// 4: workgroups 1 x 1 x 1
// product dense_3

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 32u) { return Pixel(0u, -1000000, 0); }
  let image = index / 1u;
  let place = index % 1u;
  return Pixel(517708u + image * 132u, i32(place / 1u * 1u) - 0, i32(place % 1u * 1u) - 0);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 512u) { return Tap(3000000, 0, 0u); }
  let tap = k / 512u;
  return Tap(i32(tap / 1u * 1u), i32(tap % 1u * 1u), k % 512u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y + tap.y;
  let x = pixel.x + tap.x;
  if (u32(y) >= 1u || u32(x) >= 1u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 128u + u32(x) * 128u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 168224u + column / 8u * 1028u + row * 2u + column / 4u % 2u;
}
fn lineOf(column: u32) -> u32 { return column; }
fn rowOf(k: u32) -> u32 { return k; }
fn kernelAt(column: u32, row: u32) -> vec4f {
  if (column >= 12u || row >= 512u) { return vec4f(); }
  return arena[weightAt(row, column)];
}
fn yAt(pixel: u32, group: u32) -> u32 { return 521936u + pixel * 3u + group; }
fn putY(pixel: u32, group: u32, v: vec4f) { arena[yAt(pixel, group)] = v; }
fn finished(v: vec4f, pixel: u32, group: u32) -> vec4f { return v; }
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 32u || n >= 12u) { return; }
  putY(m, n / 4u, finished(v + arena[170280u + n / 4u], m, n / 4u));
}
var<workgroup> tile: array<vec4f, 1024>;

@compute @workgroup_size(64, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let thread = local.x;
  let slice = local.y;
  let base = slice * 256u;
  // The block of an operand that this thread brings: threads below 32 of A, the others of B.
  let line = thread % 8u * 4u;
  let depth = thread / 8u % 4u * 4u;
  let top = group.y * 32u;
  let left = group.x * 32u;
  let a0 = pixelOf(top + line + 0u); let a1 = pixelOf(top + line + 1u); let a2 = pixelOf(top + line + 2u); let a3 = pixelOf(top + line + 3u);
  let b0 = lineOf(left + line + 0u);
  // The block of C that it computes.
  let across = thread % 8u;
  let down = thread / 8u;
  var sum0 = vec4f(); var sum1 = vec4f(); var sum2 = vec4f(); var sum3 = vec4f();
  for (var t = 0u; t < 8u; t++) {
    let k = (t * 4u + slice) * 16u + depth;
    var block: mat4x4f;
    if (thread < 32u) { let s = tapOf(k); block = transpose(mat4x4f(valueAt(a0, s), valueAt(a1, s), valueAt(a2, s), valueAt(a3, s))); }
    else { block = mat4x4f(kernelAt(b0, rowOf(k + 0u)), kernelAt(b0, rowOf(k + 1u)), kernelAt(b0, rowOf(k + 2u)), kernelAt(b0, rowOf(k + 3u))); }
    workgroupBarrier();
    let to = base + select(128u, 0u, thread < 32u) + depth * 8u + thread % 8u;
    tile[to] = block[0]; tile[to + 8u] = block[1]; tile[to + 16u] = block[2]; tile[to + 24u] = block[3];
    workgroupBarrier();
    for (var d = 0u; d < 128u; d += 8u) {
      let x = tile[base + d + down];
      let y = tile[base + 128u + d + across];
      sum0 += x.x * y;
      sum1 += x.y * y;
      sum2 += x.z * y;
      sum3 += x.w * y;
    }
  }
  let m = top + down * 4u;
  let n = left + across * 4u;
  workgroupBarrier();
  tile[base + thread * 4u + 0u] = sum0;
  tile[base + thread * 4u + 1u] = sum1;
  tile[base + thread * 4u + 2u] = sum2;
  tile[base + thread * 4u + 3u] = sum3;
  workgroupBarrier();
  store(m + slice, n, group.z, tile[0u + thread * 4u + slice] + tile[256u + thread * 4u + slice] + tile[512u + thread * 4u + slice] + tile[768u + thread * 4u + slice]);
}
// 5: workgroups 1 x 1 x 1
// loss categoricalCrossentropy

const CLASSES = 10u;
fn zOf(row: u32, c: u32) -> f32 { return arena[521936u + row * 3u + c / 4u][c % 4u]; }
struct Place { @builtin(local_invocation_index) thread: u32 }
var<workgroup> merged: array<vec2f, 64>;
fn total(v: vec2f, place: Place) -> vec2f {
  workgroupBarrier();
  merged[place.thread] = v;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half /= 2u) {
    if (place.thread < half) { merged[place.thread] += merged[place.thread + half]; }
    workgroupBarrier();
  }
  return merged[0];
}

@compute @workgroup_size(64)
fn main(place: Place) {
  var own = vec2f();
  for (var row = place.thread; row < 32u; row += 64u) {
    let label = labels[(rows[run.first + row] & 1073741823u)];
    let weight = 1.0f;
    let factor = weight * 0.03125f;
    var top = zOf(row, 0u);
    for (var c = 1u; c < CLASSES; c++) { top = max(top, zOf(row, c)); }
    var sum = 0.0f;
    for (var c = 0u; c < CLASSES; c++) { sum += exp(zOf(row, c) - top); }
    let whole = log(sum);
    var largest = 0u;
    for (var c = 1u; c < CLASSES; c++) { if (zOf(row, c) > zOf(row, largest)) { largest = c; } }
    var loss = 0.0f;
    for (var group = 0u; group < 3u; group++) {
      var slopes = vec4f();
      for (var lane = 0u; lane < 4u; lane++) {
        let c = group * 4u + lane;
        if (c >= CLASSES) { continue; }
        let v = zOf(row, c);
        let hot = select(0.0f, 1.0f, c == label);
        let wanted = hot;
      loss += wanted * (whole - (v - top));
      let slope = exp(v - top) / sum - wanted;
        slopes[lane] = slope * factor;
      }
      arena[526164u + row * 3u + group] = slopes;
    }
    own += vec2f(weight * 1.0f * loss, select(0.0f, 1.0f, largest == label));
  }
  let sums = total(own, place);
  if (place.thread == 0u) { arena[128u + run.record] = vec4f(sums, 0.0f, 0.0f); }
}
// 6: workgroups 16 x 1 x 1
// product d dense_2/relu

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 32u) { return Pixel(0u, -1000000, 0); }
  let image = index / 1u;
  let place = index % 1u;
  return Pixel(526164u + image * 3u, i32(place / 1u) + 0, i32(place % 1u) + 0);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 12u) { return Tap(3000000, 0, 0u); }
  let tap = k / 12u;
  return Tap(i32(tap / 1u * 1u), i32(tap % 1u * 1u), k % 12u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y - tap.y;
  let x = pixel.x - tap.x;
  if (u32(y) >= 1u || u32(x) >= 1u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 3u + u32(x) * 3u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 168224u + column / 8u * 1028u + row * 2u + column / 4u % 2u;
}
fn lineOf(channel: u32) -> u32 { return channel; }
fn columnOf(k: u32) -> u32 { return k; }
fn kernelAt(channel: u32, k: u32) -> vec4f {
  if (channel >= 512u || k >= 12u) { return vec4f(); }
  return arena[weightAt(k / 12u * 512u + channel, k % 12u)];
}
fn dxAt(pixel: u32, group: u32) -> u32 { return 521936u + pixel / 1u * 132u + pixel % 1u * 128u + group; }
fn putDx(pixel: u32, group: u32, v: vec4f) { arena[dxAt(pixel, group)] = v; }
fn masked(v: vec4f, place: u32) -> vec4f { return select(vec4f(), v, arena[place - 4228u] > vec4f()); }
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 32u || n >= 512u) { return; }
  putDx(m, n / 4u, masked(v, dxAt(m, n / 4u)));
}
var<workgroup> tile: array<vec4f, 256>;

@compute @workgroup_size(64, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let thread = local.x;
  let slice = local.y;
  let base = slice * 256u;
  // The block of an operand that this thread brings: threads below 32 of A, the others of B.
  let line = thread % 8u * 4u;
  let depth = thread / 8u % 4u * 4u;
  let top = group.y * 32u;
  let left = group.x * 32u;
  let a0 = pixelOf(top + line + 0u); let a1 = pixelOf(top + line + 1u); let a2 = pixelOf(top + line + 2u); let a3 = pixelOf(top + line + 3u);
  let b0 = lineOf(left + line + 0u); let b1 = lineOf(left + line + 1u); let b2 = lineOf(left + line + 2u); let b3 = lineOf(left + line + 3u);
  // The block of C that it computes.
  let across = thread % 8u;
  let down = thread / 8u;
  var sum0 = vec4f(); var sum1 = vec4f(); var sum2 = vec4f(); var sum3 = vec4f();
  for (var t = 0u; t < 1u; t++) {
    let k = (t * 1u + slice) * 16u + depth;
    var block: mat4x4f;
    if (thread < 32u) { let s = tapOf(k); block = transpose(mat4x4f(valueAt(a0, s), valueAt(a1, s), valueAt(a2, s), valueAt(a3, s))); }
    else { let s = columnOf(k); block = transpose(mat4x4f(kernelAt(b0, s), kernelAt(b1, s), kernelAt(b2, s), kernelAt(b3, s))); }
    workgroupBarrier();
    let to = base + select(128u, 0u, thread < 32u) + depth * 8u + thread % 8u;
    tile[to] = block[0]; tile[to + 8u] = block[1]; tile[to + 16u] = block[2]; tile[to + 24u] = block[3];
    workgroupBarrier();
    for (var d = 0u; d < 128u; d += 8u) {
      let x = tile[base + d + down];
      let y = tile[base + 128u + d + across];
      sum0 += x.x * y;
      sum1 += x.y * y;
      sum2 += x.z * y;
      sum3 += x.w * y;
    }
  }
  let m = top + down * 4u;
  let n = left + across * 4u;
  var sums = array(sum0, sum1, sum2, sum3);
  for (var i = 0u; i < 4u; i++) { store(m + i, n, group.z, sums[i]); }
}
// 7: workgroups 1 x 17 x 1
// update dense_3/kernel

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 32u) { return Pixel(0u, -1000000, 0); }
  let image = index / 1u;
  let place = index % 1u;
  return Pixel(517708u + image * 132u, i32(place / 1u * 1u) - 0, i32(place % 1u * 1u) - 0);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 512u) { return Tap(3000000, 0, 0u); }
  let tap = k / 512u;
  return Tap(i32(tap / 1u * 1u), i32(tap % 1u * 1u), k % 512u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y + tap.y;
  let x = pixel.x + tap.x;
  if (u32(y) >= 1u || u32(x) >= 1u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 128u + u32(x) * 128u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 168224u + column / 8u * 1028u + row * 2u + column / 4u % 2u;
}
fn dzAt(pixel: u32, group: u32) -> u32 { return 526164u + pixel * 3u + group; }
fn dzOf(pixel: u32, group: u32) -> vec4f { return arena[dzAt(pixel, group)]; }
struct Line { row: u32, tap: Tap }
fn lineOf(row: u32) -> Line { return Line(row, tapOf(row)); }
fn windowAt(line: Line, pixel: Pixel) -> vec4f {
  if (line.row == 512u) { return vec4f(1.0f, 0.0f, 0.0f, 0.0f); }
  return valueAt(pixel, line.tap);
}
fn columnOf(column: u32) -> u32 { return column; }
fn indexOf(pixel: u32) -> u32 { return pixel; }
fn gradientAt(column: u32, pixel: u32) -> vec4f {
  if (column >= 12u || pixel >= 32u) { return vec4f(); }
  return dzOf(pixel, column / 4u);
}
fn update(at: u32, g: vec4f) {
  let slot1 = at + 168460u;
  let s = 0.8999999761581421f * arena[slot1] + 0.10000000149011612f * (g * g);
  arena[slot1] = s;
  let step = run.rate * g / (sqrt(s + 1.0000000116860974e-7f));
  arena[at] -= step;
}
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (n >= 12u) { return; }
  if (m < 512u) { update(weightAt(m, n), v); }
  else if (m == 512u) { update(170280u + n / 4u, v); }
}
var<workgroup> tile: array<vec4f, 256>;

@compute @workgroup_size(64, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let thread = local.x;
  let slice = local.y;
  let base = slice * 256u;
  // The block of an operand that this thread brings: threads below 32 of A, the others of B.
  let line = thread % 8u * 4u;
  let depth = thread / 8u % 4u * 4u;
  let top = group.y * 32u;
  let left = group.x * 32u;
  let a0 = lineOf(top + line + 0u);
  let b0 = columnOf(left + line + 0u);
  // The block of C that it computes.
  let across = thread % 8u;
  let down = thread / 8u;
  var sum0 = vec4f(); var sum1 = vec4f(); var sum2 = vec4f(); var sum3 = vec4f();
  for (var t = 0u; t < 2u; t++) {
    let k = (t * 1u + slice) * 16u + depth;
    var block: mat4x4f;
    if (thread < 32u) { block = mat4x4f(windowAt(a0, pixelOf(k + 0u)), windowAt(a0, pixelOf(k + 1u)), windowAt(a0, pixelOf(k + 2u)), windowAt(a0, pixelOf(k + 3u))); }
    else { block = mat4x4f(gradientAt(b0, indexOf(k + 0u)), gradientAt(b0, indexOf(k + 1u)), gradientAt(b0, indexOf(k + 2u)), gradientAt(b0, indexOf(k + 3u))); }
    workgroupBarrier();
    let to = base + select(128u, 0u, thread < 32u) + depth * 8u + thread % 8u;
    tile[to] = block[0]; tile[to + 8u] = block[1]; tile[to + 16u] = block[2]; tile[to + 24u] = block[3];
    workgroupBarrier();
    for (var d = 0u; d < 128u; d += 8u) {
      let x = tile[base + d + down];
      let y = tile[base + 128u + d + across];
      sum0 += x.x * y;
      sum1 += x.y * y;
      sum2 += x.z * y;
      sum3 += x.w * y;
    }
  }
  let m = top + down * 4u;
  let n = left + across * 4u;
  var sums = array(sum0, sum1, sum2, sum3);
  for (var i = 0u; i < 4u; i++) { store(m + i, n, group.z, sums[i]); }
}
// 8: workgroups 16 x 1 x 1
// product d dense_1/relu

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 32u) { return Pixel(0u, -1000000, 0); }
  let image = index / 1u;
  let place = index % 1u;
  return Pixel(521936u + image * 132u, i32(place / 1u) + 0, i32(place % 1u) + 0);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 512u) { return Tap(3000000, 0, 0u); }
  let tap = k / 512u;
  return Tap(i32(tap / 1u * 1u), i32(tap % 1u * 1u), k % 512u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y - tap.y;
  let x = pixel.x - tap.x;
  if (u32(y) >= 1u || u32(x) >= 1u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 128u + u32(x) * 128u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 102304u + column / 8u * 1028u + row * 2u + column / 4u % 2u;
}
fn lineOf(channel: u32) -> u32 { return channel; }
fn columnOf(k: u32) -> u32 { return k; }
fn kernelAt(channel: u32, k: u32) -> vec4f {
  if (channel >= 512u || k >= 512u) { return vec4f(); }
  return arena[weightAt(k / 512u * 512u + channel, k % 512u)];
}
fn dxAt(pixel: u32, group: u32) -> u32 { return 517708u + pixel / 1u * 132u + pixel % 1u * 128u + group; }
fn putDx(pixel: u32, group: u32, v: vec4f) { arena[dxAt(pixel, group)] = v; }
fn masked(v: vec4f, place: u32) -> vec4f { return select(vec4f(), v, arena[place - 4228u] > vec4f()); }
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 32u || n >= 512u) { return; }
  putDx(m, n / 4u, masked(v, dxAt(m, n / 4u)));
}
var<workgroup> tile: array<vec4f, 1024>;

@compute @workgroup_size(64, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let thread = local.x;
  let slice = local.y;
  let base = slice * 256u;
  // The block of an operand that this thread brings: threads below 32 of A, the others of B.
  let line = thread % 8u * 4u;
  let depth = thread / 8u % 4u * 4u;
  let top = group.y * 32u;
  let left = group.x * 32u;
  let a0 = pixelOf(top + line + 0u); let a1 = pixelOf(top + line + 1u); let a2 = pixelOf(top + line + 2u); let a3 = pixelOf(top + line + 3u);
  let b0 = lineOf(left + line + 0u); let b1 = lineOf(left + line + 1u); let b2 = lineOf(left + line + 2u); let b3 = lineOf(left + line + 3u);
  // The block of C that it computes.
  let across = thread % 8u;
  let down = thread / 8u;
  var sum0 = vec4f(); var sum1 = vec4f(); var sum2 = vec4f(); var sum3 = vec4f();
  for (var t = 0u; t < 8u; t++) {
    let k = (t * 4u + slice) * 16u + depth;
    var block: mat4x4f;
    if (thread < 32u) { let s = tapOf(k); block = transpose(mat4x4f(valueAt(a0, s), valueAt(a1, s), valueAt(a2, s), valueAt(a3, s))); }
    else { let s = columnOf(k); block = transpose(mat4x4f(kernelAt(b0, s), kernelAt(b1, s), kernelAt(b2, s), kernelAt(b3, s))); }
    workgroupBarrier();
    let to = base + select(128u, 0u, thread < 32u) + depth * 8u + thread % 8u;
    tile[to] = block[0]; tile[to + 8u] = block[1]; tile[to + 16u] = block[2]; tile[to + 24u] = block[3];
    workgroupBarrier();
    for (var d = 0u; d < 128u; d += 8u) {
      let x = tile[base + d + down];
      let y = tile[base + 128u + d + across];
      sum0 += x.x * y;
      sum1 += x.y * y;
      sum2 += x.z * y;
      sum3 += x.w * y;
    }
  }
  let m = top + down * 4u;
  let n = left + across * 4u;
  workgroupBarrier();
  tile[base + thread * 4u + 0u] = sum0;
  tile[base + thread * 4u + 1u] = sum1;
  tile[base + thread * 4u + 2u] = sum2;
  tile[base + thread * 4u + 3u] = sum3;
  workgroupBarrier();
  store(m + slice, n, group.z, tile[0u + thread * 4u + slice] + tile[256u + thread * 4u + slice] + tile[512u + thread * 4u + slice] + tile[768u + thread * 4u + slice]);
}
// 9: workgroups 16 x 17 x 1
// update dense_2/kernel

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 32u) { return Pixel(0u, -1000000, 0); }
  let image = index / 1u;
  let place = index % 1u;
  return Pixel(513480u + image * 132u, i32(place / 1u * 1u) - 0, i32(place % 1u * 1u) - 0);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 512u) { return Tap(3000000, 0, 0u); }
  let tap = k / 512u;
  return Tap(i32(tap / 1u * 1u), i32(tap % 1u * 1u), k % 512u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y + tap.y;
  let x = pixel.x + tap.x;
  if (u32(y) >= 1u || u32(x) >= 1u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 128u + u32(x) * 128u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 102304u + column / 8u * 1028u + row * 2u + column / 4u % 2u;
}
fn dzAt(pixel: u32, group: u32) -> u32 { return 521936u + pixel / 1u * 132u + pixel % 1u * 128u + group; }
fn dzOf(pixel: u32, group: u32) -> vec4f { return arena[dzAt(pixel, group)]; }
struct Line { row: u32, tap: Tap }
fn lineOf(row: u32) -> Line { return Line(row, tapOf(row)); }
fn windowAt(line: Line, pixel: Pixel) -> vec4f {
  if (line.row == 512u) { return vec4f(1.0f, 0.0f, 0.0f, 0.0f); }
  return valueAt(pixel, line.tap);
}
fn columnOf(column: u32) -> u32 { return column; }
fn indexOf(pixel: u32) -> u32 { return pixel; }
fn gradientAt(column: u32, pixel: u32) -> vec4f {
  if (column >= 512u || pixel >= 32u) { return vec4f(); }
  return dzOf(pixel, column / 4u);
}
fn update(at: u32, g: vec4f) {
  let slot1 = at + 168460u;
  let s = 0.8999999761581421f * arena[slot1] + 0.10000000149011612f * (g * g);
  arena[slot1] = s;
  let step = run.rate * g / (sqrt(s + 1.0000000116860974e-7f));
  arena[at] -= step;
}
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (n >= 512u) { return; }
  if (m < 512u) { update(weightAt(m, n), v); }
  else if (m == 512u) { update(168096u + n / 4u, v); }
}
var<workgroup> tile: array<vec4f, 256>;

@compute @workgroup_size(64, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let thread = local.x;
  let slice = local.y;
  let base = slice * 256u;
  // The block of an operand that this thread brings: threads below 32 of A, the others of B.
  let line = thread % 8u * 4u;
  let depth = thread / 8u % 4u * 4u;
  let top = group.y * 32u;
  let left = group.x * 32u;
  let a0 = lineOf(top + line + 0u);
  let b0 = columnOf(left + line + 0u);
  // The block of C that it computes.
  let across = thread % 8u;
  let down = thread / 8u;
  var sum0 = vec4f(); var sum1 = vec4f(); var sum2 = vec4f(); var sum3 = vec4f();
  for (var t = 0u; t < 2u; t++) {
    let k = (t * 1u + slice) * 16u + depth;
    var block: mat4x4f;
    if (thread < 32u) { block = mat4x4f(windowAt(a0, pixelOf(k + 0u)), windowAt(a0, pixelOf(k + 1u)), windowAt(a0, pixelOf(k + 2u)), windowAt(a0, pixelOf(k + 3u))); }
    else { block = mat4x4f(gradientAt(b0, indexOf(k + 0u)), gradientAt(b0, indexOf(k + 1u)), gradientAt(b0, indexOf(k + 2u)), gradientAt(b0, indexOf(k + 3u))); }
    workgroupBarrier();
    let to = base + select(128u, 0u, thread < 32u) + depth * 8u + thread % 8u;
    tile[to] = block[0]; tile[to + 8u] = block[1]; tile[to + 16u] = block[2]; tile[to + 24u] = block[3];
    workgroupBarrier();
    for (var d = 0u; d < 128u; d += 8u) {
      let x = tile[base + d + down];
      let y = tile[base + 128u + d + across];
      sum0 += x.x * y;
      sum1 += x.y * y;
      sum2 += x.z * y;
      sum3 += x.w * y;
    }
  }
  let m = top + down * 4u;
  let n = left + across * 4u;
  var sums = array(sum0, sum1, sum2, sum3);
  for (var i = 0u; i < 4u; i++) { store(m + i, n, group.z, sums[i]); }
}
// 10: workgroups 16 x 25 x 1
// update dense_1/kernel

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 32u) { return Pixel(0u, -1000000, 0); }
  let image = index / 1u;
  let place = index % 1u;
  return Pixel(507204u + image * 196u, i32(place / 1u * 1u) - 0, i32(place % 1u * 1u) - 0);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 784u) { return Tap(3000000, 0, 0u); }
  let tap = k / 784u;
  return Tap(i32(tap / 1u * 1u), i32(tap % 1u * 1u), k % 784u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y + tap.y;
  let x = pixel.x + tap.x;
  if (u32(y) >= 1u || u32(x) >= 1u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 196u + u32(x) * 196u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 1824u + column / 8u * 1568u + row * 2u + column / 4u % 2u;
}
fn dzAt(pixel: u32, group: u32) -> u32 { return 517708u + pixel / 1u * 132u + pixel % 1u * 128u + group; }
fn dzOf(pixel: u32, group: u32) -> vec4f { return arena[dzAt(pixel, group)]; }
struct Line { row: u32, tap: Tap }
fn lineOf(row: u32) -> Line { return Line(row, tapOf(row)); }
fn windowAt(line: Line, pixel: Pixel) -> vec4f {
  if (line.row == 784u) { return vec4f(1.0f, 0.0f, 0.0f, 0.0f); }
  return valueAt(pixel, line.tap);
}
fn columnOf(column: u32) -> u32 { return column; }
fn indexOf(pixel: u32) -> u32 { return pixel; }
fn gradientAt(column: u32, pixel: u32) -> vec4f {
  if (column >= 512u || pixel >= 32u) { return vec4f(); }
  return dzOf(pixel, column / 4u);
}
fn update(at: u32, g: vec4f) {
  let slot1 = at + 168460u;
  let s = 0.8999999761581421f * arena[slot1] + 0.10000000149011612f * (g * g);
  arena[slot1] = s;
  let step = run.rate * g / (sqrt(s + 1.0000000116860974e-7f));
  arena[at] -= step;
}
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (n >= 512u) { return; }
  if (m < 784u) { update(weightAt(m, n), v); }
  else if (m == 784u) { update(102176u + n / 4u, v); }
}
var<workgroup> tile: array<vec4f, 256>;

@compute @workgroup_size(64, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let thread = local.x;
  let slice = local.y;
  let base = slice * 256u;
  // The block of an operand that this thread brings: threads below 32 of A, the others of B.
  let line = thread % 8u * 4u;
  let depth = thread / 8u % 4u * 4u;
  let top = group.y * 32u;
  let left = group.x * 32u;
  let a0 = lineOf(top + line + 0u);
  let b0 = columnOf(left + line + 0u);
  // The block of C that it computes.
  let across = thread % 8u;
  let down = thread / 8u;
  var sum0 = vec4f(); var sum1 = vec4f(); var sum2 = vec4f(); var sum3 = vec4f();
  for (var t = 0u; t < 2u; t++) {
    let k = (t * 1u + slice) * 16u + depth;
    var block: mat4x4f;
    if (thread < 32u) { block = mat4x4f(windowAt(a0, pixelOf(k + 0u)), windowAt(a0, pixelOf(k + 1u)), windowAt(a0, pixelOf(k + 2u)), windowAt(a0, pixelOf(k + 3u))); }
    else { block = mat4x4f(gradientAt(b0, indexOf(k + 0u)), gradientAt(b0, indexOf(k + 1u)), gradientAt(b0, indexOf(k + 2u)), gradientAt(b0, indexOf(k + 3u))); }
    workgroupBarrier();
    let to = base + select(128u, 0u, thread < 32u) + depth * 8u + thread % 8u;
    tile[to] = block[0]; tile[to + 8u] = block[1]; tile[to + 16u] = block[2]; tile[to + 24u] = block[3];
    workgroupBarrier();
    for (var d = 0u; d < 128u; d += 8u) {
      let x = tile[base + d + down];
      let y = tile[base + 128u + d + across];
      sum0 += x.x * y;
      sum1 += x.y * y;
      sum2 += x.z * y;
      sum3 += x.w * y;
    }
  }
  let m = top + down * 4u;
  let n = left + across * 4u;
  var sums = array(sum0, sum1, sum2, sum3);
  for (var i = 0u; i < 4u; i++) { store(m + i, n, group.z, sums[i]); }
}