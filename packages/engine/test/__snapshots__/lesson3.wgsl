// 37 dispatches a step of 32 images; each begins with:
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
    let channel = word % 1u;
    let place = word / 1u * 1u + channel;
    if (channel < 1u && place < 784u) { v[lane] = valueOf(image, row, place); }
  }
  arena[1417188u + i] = v;
}
// 2: workgroups 3 x 784 x 1
// product conv2d_1/relu

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 25088u) { return Pixel(0u, -1000000, 0); }
  let image = index / 784u;
  let place = index % 784u;
  return Pixel(5668752u + image * 784u, i32(place / 28u * 1u) - 1, i32(place % 28u * 1u) - 1);
}
fn tapOf(k: u32) -> u32 { return k; }
fn oneAt(pixel: Pixel, k: u32) -> f32 {
  let y = pixel.y + i32(k / 3u * 1u);
  let x = pixel.x + i32(k % 3u * 1u);
  if (k >= 9u || (u32(y) >= 28u || u32(x) >= 28u)) { return 0.0f; }
  let word = pixel.at + u32(y) * 28u + u32(x);
  return arena[word / 4u][word % 4u];
}
fn valueAt(pixel: Pixel, k: u32) -> vec4f {
  return vec4f(oneAt(pixel, k), oneAt(pixel, k + 1u), oneAt(pixel, k + 2u), oneAt(pixel, k + 3u));
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 2048u + column / 8u * 18u + row * 2u + column / 4u % 2u;
}
fn lineOf(column: u32) -> u32 { return column; }
fn rowOf(k: u32) -> u32 { return k; }
fn kernelAt(column: u32, row: u32) -> vec4f {
  if (column >= 76u || row >= 9u) { return vec4f(); }
  return arena[weightAt(row, column)];
}
fn yAt(pixel: u32, group: u32) -> u32 { return 225492u + pixel * 19u + group; }
fn putY(pixel: u32, group: u32, v: vec4f) { arena[yAt(pixel, group)] = v; }
fn finished(value: vec4f, pixel: u32, group: u32) -> vec4f {
  var v = value;
  v = select(v, vec4f(), v < vec4f());
  return v;
}
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 25088u || n >= 76u) { return; }
  putY(m, n / 4u, finished(v + arena[2228u + n / 4u], m, n / 4u));
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
  let b0 = lineOf(left + line + 0u);
  // The block of C that it computes.
  let across = thread % 8u;
  let down = thread / 8u;
  var sum0 = vec4f(); var sum1 = vec4f(); var sum2 = vec4f(); var sum3 = vec4f();
  for (var t = 0u; t < 1u; t++) {
    let k = (t * 1u + slice) * 16u + depth;
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
  var sums = array(sum0, sum1, sum2, sum3);
  for (var i = 0u; i < 4u; i++) { store(m + i, n, group.z, sums[i]); }
}
// 3: workgroups 256 x 1 x 1
// statistics of conv2d_1/relu

fn xAt(pixel: u32, group: u32) -> u32 { return 225492u + pixel * 19u + group; }
fn xOf(pixel: u32, group: u32) -> vec4f { return arena[xAt(pixel, group)]; }
var<workgroup> shared_a: array<vec4f, 256>;
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lane = thread / 19u;
  let channels = group.y * 19u + thread % 19u;
  let works = lane < 13u && channels < 19u;
  let begin = group.x * 98u;
  let end = min(begin + 98u, 25088u);
  let count = f32(end - begin);
  var a = vec4f();
  var b = vec4f();
  if (works) { for (var pixel = begin + lane; pixel < end; pixel += 13u) { a += xOf(pixel, channels); } }
  shared_a[thread] = a;
  workgroupBarrier();
  a = vec4f();
  for (var other = thread % 19u; other < 247u; other += 19u) { a += shared_a[other]; }
  workgroupBarrier();
  let total = a;
  let mean = total / count;
  if (works) { for (var pixel = begin + lane; pixel < end; pixel += 13u) { let d = xOf(pixel, channels) - mean; b += d * d; } }
  shared_a[thread] = b;
  workgroupBarrier();
  b = vec4f();
  for (var other = thread % 19u; other < 247u; other += 19u) { b += shared_a[other]; }
  workgroupBarrier();
  if (works && lane == 0u) {
    arena[702168u + (group.x * 2u + 0u) * 19u + channels] = mean;
    arena[702168u + (group.x * 2u + 1u) * 19u + channels] = b;
  }
}
// 4: workgroups 19 x 1 x 1
// statistics

fn countOf(chunk: u32) -> f32 { return f32(select(0u, min(98u, 25088u - chunk * 98u), chunk < 256u)); }
fn sumOf(chunk: u32, which: u32, i: u32) -> vec4f {
  if (chunk >= 256u) { return vec4f(); }
  return arena[702168u + (chunk * 2u + which) * 19u + i];
}
struct Place { @builtin(local_invocation_index) thread: u32 }
var<workgroup> merged: array<vec4f, 256>;
fn total(v: vec4f, place: Place) -> vec4f {
  workgroupBarrier();
  merged[place.thread] = v;
  workgroupBarrier();
  for (var half = 128u; half > 0u; half /= 2u) {
    if (place.thread < half) { merged[place.thread] += merged[place.thread + half]; }
    workgroupBarrier();
  }
  return merged[0];
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) block: vec3u, place: Place) {
  let i = block.x;
  let thread = place.thread;
  let count = countOf(thread);
  let own = sumOf(thread, 0u, i);
  let mean = total(own * count, place) / 25088.0f;
  let d = own - mean;
  let variance = total(sumOf(thread, 1u, i) + count * d * d, place) / 25088.0f;
  if (thread != 0u) { return; }
  let inverse = 1.0f / sqrt(variance + 0.0010000000474974513f);
  let scale = inverse * arena[2248u + i];
  arena[1423464u + i] = mean;
  arena[1423483u + i] = inverse;
  arena[1423502u + i] = scale;
  arena[1423521u + i] = arena[2268u + i] - mean * scale;
  arena[225404u + i] = arena[225404u + i] * 0.9900000095367432f + mean * 0.009999999776482582f;
  arena[225424u + i] = arena[225424u + i] * 0.9900000095367432f + variance * 0.009999999776482582f;

}
// 5: workgroups 1862 x 1 x 1
// normalize conv2d_1/relu

fn xAt(pixel: u32, group: u32) -> u32 { return 225492u + pixel * 19u + group; }
fn xOf(pixel: u32, group: u32) -> vec4f { return arena[xAt(pixel, group)]; }
fn yAt(pixel: u32, group: u32) -> u32 { return 702168u + pixel * 19u + group; }
fn putY(pixel: u32, group: u32, v: vec4f) { arena[yAt(pixel, group)] = v; }
fn meanOf(group: u32) -> vec4f { return arena[1423464u + group]; }
fn inverseOf(group: u32) -> vec4f { return arena[1423483u + group]; }
fn scaleOf(group: u32) -> vec4f { return arena[1423502u + group]; }
fn shiftOf(group: u32) -> vec4f { return arena[1423521u + group]; }
fn winnerAt(pixel: u32, group: u32) -> u32 { return 1178844u + pixel * 19u + group; }
fn putWinner(pixel: u32, group: u32, v: vec4f) { arena[winnerAt(pixel, group)] = v; }
fn finished(v: vec4f, pixel: u32, group: u32) -> vec4f { return v; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = (block.y * 1862u + block.x) * 64u + thread;
  if (i >= 119168u) { return; }
  let pixel = i / 19u;
  let group = i % 19u;
  let scale = scaleOf(group);
  let shift = shiftOf(group);
  let place = pixel % 196u;
  let top = place / 14u * 2u;
  let left = place % 14u * 2u;
  let corner = pixel / 196u * 784u + top * 28u + left;
  var best = xOf(corner, group) * scale + shift;
  var won = vec4f();
  for (var other = 1u; other < 4u; other++) {
    if (top + other / 2u >= 28u || left + other % 2u >= 28u) { continue; }
    let v = xOf(corner + other / 2u * 28u + other % 2u, group) * scale + shift;
    let wins = v > best;
    best = select(best, v, wins);
    won = select(won, vec4f(f32(other)), wins);
  }
  putY(pixel, group, finished(best, pixel, group));
  putWinner(pixel, group, won);
}
// 6: workgroups 2 x 196 x 1
// product dropout_1

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 6272u) { return Pixel(0u, -1000000, 0); }
  let image = index / 196u;
  let place = index % 196u;
  return Pixel(702168u + image * 3724u, i32(place / 14u * 1u) - 1, i32(place % 14u * 1u) - 1);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 684u) { return Tap(3000000, 0, 0u); }
  let tap = k / 76u;
  return Tap(i32(tap / 3u * 1u), i32(tap % 3u * 1u), k % 76u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y + tap.y;
  let x = pixel.x + tap.x;
  if (u32(y) >= 14u || u32(x) >= 14u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 266u + u32(x) * 19u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 2288u + column / 8u * 1368u + row * 2u + column / 4u % 2u;
}
fn lineOf(column: u32) -> u32 { return column; }
fn rowOf(k: u32) -> u32 { return k; }
fn kernelAt(column: u32, row: u32) -> vec4f {
  if (column >= 52u || row >= 684u) { return vec4f(); }
  return arena[weightAt(row, column)];
}
fn yAt(pixel: u32, group: u32) -> u32 { return 821340u + pixel * 13u + group; }
fn putY(pixel: u32, group: u32, v: vec4f) { arena[yAt(pixel, group)] = v; }
fn dropped(v: vec4f, group: u32) -> vec4f {
  const k0 = 3u;
  const k1 = 0u;
  const k2 = 466688985u;
  var x = run.step + k0;
  var y = group + k1;
  x += y; y = ((y << 13u) | (y >> 19u)) ^ x;
  x += y; y = ((y << 15u) | (y >> 17u)) ^ x;
  x += y; y = ((y << 26u) | (y >> 6u)) ^ x;
  x += y; y = ((y << 6u) | (y >> 26u)) ^ x;
  x += k1; y += k2 + 1u;
  x += y; y = ((y << 17u) | (y >> 15u)) ^ x;
  x += y; y = ((y << 29u) | (y >> 3u)) ^ x;
  x += y; y = ((y << 16u) | (y >> 16u)) ^ x;
  x += y; y = ((y << 24u) | (y >> 8u)) ^ x;
  x += k2; y += k0 + 2u;
  x += y; y = ((y << 13u) | (y >> 19u)) ^ x;
  x += y; y = ((y << 15u) | (y >> 17u)) ^ x;
  x += y; y = ((y << 26u) | (y >> 6u)) ^ x;
  x += y; y = ((y << 6u) | (y >> 26u)) ^ x;
  x += k0; y += k1 + 3u;
  x += y; y = ((y << 17u) | (y >> 15u)) ^ x;
  x += y; y = ((y << 29u) | (y >> 3u)) ^ x;
  x += y; y = ((y << 16u) | (y >> 16u)) ^ x;
  x += y; y = ((y << 24u) | (y >> 8u)) ^ x;
  x += k1; y += k2 + 4u;
  x += y; y = ((y << 13u) | (y >> 19u)) ^ x;
  x += y; y = ((y << 15u) | (y >> 17u)) ^ x;
  x += y; y = ((y << 26u) | (y >> 6u)) ^ x;
  x += y; y = ((y << 6u) | (y >> 26u)) ^ x;
  x += k2; y += k0 + 5u;
  let bits = vec4u(x & 0xffffu, x >> 16u, y & 0xffffu, y >> 16u);
  return select(v * 1.25f, vec4f(), bits < vec4u(13107u));
}
fn finished(value: vec4f, pixel: u32, group: u32) -> vec4f {
  var v = value;
  v = select(v, vec4f(), v < vec4f());
  v = dropped(v, pixel * 13u + group);
  return v;
}
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 6272u || n >= 52u) { return; }
  putY(m, n / 4u, finished(v + arena[11864u + n / 4u], m, n / 4u));
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
  for (var t = 0u; t < 11u; t++) {
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
// 7: workgroups 196 x 1 x 1
// statistics of dropout_1

fn xAt(pixel: u32, group: u32) -> u32 { return 821340u + pixel * 13u + group; }
fn xOf(pixel: u32, group: u32) -> vec4f { return arena[xAt(pixel, group)]; }
var<workgroup> shared_a: array<vec4f, 256>;
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lane = thread / 13u;
  let channels = group.y * 13u + thread % 13u;
  let works = lane < 19u && channels < 13u;
  let begin = group.x * 32u;
  let end = min(begin + 32u, 6272u);
  let count = f32(end - begin);
  var a = vec4f();
  var b = vec4f();
  if (works) { for (var pixel = begin + lane; pixel < end; pixel += 19u) { a += xOf(pixel, channels); } }
  shared_a[thread] = a;
  workgroupBarrier();
  a = vec4f();
  for (var other = thread % 13u; other < 247u; other += 13u) { a += shared_a[other]; }
  workgroupBarrier();
  let total = a;
  let mean = total / count;
  if (works) { for (var pixel = begin + lane; pixel < end; pixel += 19u) { let d = xOf(pixel, channels) - mean; b += d * d; } }
  shared_a[thread] = b;
  workgroupBarrier();
  b = vec4f();
  for (var other = thread % 13u; other < 247u; other += 13u) { b += shared_a[other]; }
  workgroupBarrier();
  if (works && lane == 0u) {
    arena[902880u + (group.x * 2u + 0u) * 13u + channels] = mean;
    arena[902880u + (group.x * 2u + 1u) * 13u + channels] = b;
  }
}
// 8: workgroups 13 x 1 x 1
// statistics

fn countOf(chunk: u32) -> f32 { return f32(select(0u, min(32u, 6272u - chunk * 32u), chunk < 196u)); }
fn sumOf(chunk: u32, which: u32, i: u32) -> vec4f {
  if (chunk >= 196u) { return vec4f(); }
  return arena[902880u + (chunk * 2u + which) * 13u + i];
}
struct Place { @builtin(local_invocation_index) thread: u32 }
var<workgroup> merged: array<vec4f, 256>;
fn total(v: vec4f, place: Place) -> vec4f {
  workgroupBarrier();
  merged[place.thread] = v;
  workgroupBarrier();
  for (var half = 128u; half > 0u; half /= 2u) {
    if (place.thread < half) { merged[place.thread] += merged[place.thread + half]; }
    workgroupBarrier();
  }
  return merged[0];
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) block: vec3u, place: Place) {
  let i = block.x;
  let thread = place.thread;
  let count = countOf(thread);
  let own = sumOf(thread, 0u, i);
  let mean = total(own * count, place) / 6272.0f;
  let d = own - mean;
  let variance = total(sumOf(thread, 1u, i) + count * d * d, place) / 6272.0f;
  if (thread != 0u) { return; }
  let inverse = 1.0f / sqrt(variance + 0.0010000000474974513f);
  let scale = inverse * arena[11880u + i];
  arena[1050520u + i] = mean;
  arena[1050533u + i] = inverse;
  arena[1050546u + i] = scale;
  arena[1050559u + i] = arena[11896u + i] - mean * scale;
  arena[225444u + i] = arena[225444u + i] * 0.9900000095367432f + mean * 0.009999999776482582f;
  arena[225460u + i] = arena[225460u + i] * 0.9900000095367432f + variance * 0.009999999776482582f;

}
// 9: workgroups 319 x 1 x 1
// normalize dropout_1

fn xAt(pixel: u32, group: u32) -> u32 { return 821340u + pixel * 13u + group; }
fn xOf(pixel: u32, group: u32) -> vec4f { return arena[xAt(pixel, group)]; }
fn yAt(pixel: u32, group: u32) -> u32 { return 925868u + pixel * 13u + group; }
fn putY(pixel: u32, group: u32, v: vec4f) { arena[yAt(pixel, group)] = v; }
fn meanOf(group: u32) -> vec4f { return arena[1050520u + group]; }
fn inverseOf(group: u32) -> vec4f { return arena[1050533u + group]; }
fn scaleOf(group: u32) -> vec4f { return arena[1050546u + group]; }
fn shiftOf(group: u32) -> vec4f { return arena[1050559u + group]; }
fn winnerAt(pixel: u32, group: u32) -> u32 { return 1009744u + pixel * 13u + group; }
fn putWinner(pixel: u32, group: u32, v: vec4f) { arena[winnerAt(pixel, group)] = v; }
fn finished(v: vec4f, pixel: u32, group: u32) -> vec4f { return v; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = (block.y * 319u + block.x) * 64u + thread;
  if (i >= 20384u) { return; }
  let pixel = i / 13u;
  let group = i % 13u;
  let scale = scaleOf(group);
  let shift = shiftOf(group);
  let place = pixel % 49u;
  let top = place / 7u * 2u;
  let left = place % 7u * 2u;
  let corner = pixel / 49u * 196u + top * 14u + left;
  var best = xOf(corner, group) * scale + shift;
  var won = vec4f();
  for (var other = 1u; other < 4u; other++) {
    if (top + other / 2u >= 14u || left + other % 2u >= 14u) { continue; }
    let v = xOf(corner + other / 2u * 14u + other % 2u, group) * scale + shift;
    let wins = v > best;
    best = select(best, v, wins);
    won = select(won, vec4f(f32(other)), wins);
  }
  putY(pixel, group, finished(best, pixel, group));
  putWinner(pixel, group, won);
}
// 10: workgroups 1 x 49 x 1
// product conv2d_3/relu

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 1568u) { return Pixel(0u, -1000000, 0); }
  let image = index / 49u;
  let place = index % 49u;
  return Pixel(925868u + image * 637u, i32(place / 7u * 1u) - 1, i32(place % 7u * 1u) - 1);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 468u) { return Tap(3000000, 0, 0u); }
  let tap = k / 52u;
  return Tap(i32(tap / 3u * 1u), i32(tap % 3u * 1u), k % 52u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y + tap.y;
  let x = pixel.x + tap.x;
  if (u32(y) >= 7u || u32(x) >= 7u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 91u + u32(x) * 13u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 11912u + column / 8u * 936u + row * 2u + column / 4u % 2u;
}
fn lineOf(column: u32) -> u32 { return column; }
fn rowOf(k: u32) -> u32 { return k; }
fn kernelAt(column: u32, row: u32) -> vec4f {
  if (column >= 28u || row >= 468u) { return vec4f(); }
  return arena[weightAt(row, column)];
}
fn yAt(pixel: u32, group: u32) -> u32 { return 902880u + pixel * 7u + group; }
fn putY(pixel: u32, group: u32, v: vec4f) { arena[yAt(pixel, group)] = v; }
fn finished(value: vec4f, pixel: u32, group: u32) -> vec4f {
  var v = value;
  v = select(v, vec4f(), v < vec4f());
  return v;
}
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 1568u || n >= 28u) { return; }
  putY(m, n / 4u, finished(v + arena[15656u + n / 4u], m, n / 4u));
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
// 11: workgroups 49 x 1 x 1
// statistics of conv2d_3/relu

fn xAt(pixel: u32, group: u32) -> u32 { return 902880u + pixel * 7u + group; }
fn xOf(pixel: u32, group: u32) -> vec4f { return arena[xAt(pixel, group)]; }
var<workgroup> shared_a: array<vec4f, 256>;
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lane = thread / 7u;
  let channels = group.y * 7u + thread % 7u;
  let works = lane < 36u && channels < 7u;
  let begin = group.x * 32u;
  let end = min(begin + 32u, 1568u);
  let count = f32(end - begin);
  var a = vec4f();
  var b = vec4f();
  if (works) { for (var pixel = begin + lane; pixel < end; pixel += 36u) { a += xOf(pixel, channels); } }
  shared_a[thread] = a;
  workgroupBarrier();
  a = vec4f();
  for (var other = thread % 7u; other < 252u; other += 7u) { a += shared_a[other]; }
  workgroupBarrier();
  let total = a;
  let mean = total / count;
  if (works) { for (var pixel = begin + lane; pixel < end; pixel += 36u) { let d = xOf(pixel, channels) - mean; b += d * d; } }
  shared_a[thread] = b;
  workgroupBarrier();
  b = vec4f();
  for (var other = thread % 7u; other < 252u; other += 7u) { b += shared_a[other]; }
  workgroupBarrier();
  if (works && lane == 0u) {
    arena[913860u + (group.x * 2u + 0u) * 7u + channels] = mean;
    arena[913860u + (group.x * 2u + 1u) * 7u + channels] = b;
  }
}
// 12: workgroups 7 x 1 x 1
// statistics

fn countOf(chunk: u32) -> f32 { return f32(select(0u, min(32u, 1568u - chunk * 32u), chunk < 49u)); }
fn sumOf(chunk: u32, which: u32, i: u32) -> vec4f {
  if (chunk >= 49u) { return vec4f(); }
  return arena[913860u + (chunk * 2u + which) * 7u + i];
}
struct Place { @builtin(local_invocation_index) thread: u32 }
var<workgroup> merged: array<vec4f, 256>;
fn total(v: vec4f, place: Place) -> vec4f {
  workgroupBarrier();
  merged[place.thread] = v;
  workgroupBarrier();
  for (var half = 128u; half > 0u; half /= 2u) {
    if (place.thread < half) { merged[place.thread] += merged[place.thread + half]; }
    workgroupBarrier();
  }
  return merged[0];
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) block: vec3u, place: Place) {
  let i = block.x;
  let thread = place.thread;
  let count = countOf(thread);
  let own = sumOf(thread, 0u, i);
  let mean = total(own * count, place) / 1568.0f;
  let d = own - mean;
  let variance = total(sumOf(thread, 1u, i) + count * d * d, place) / 1568.0f;
  if (thread != 0u) { return; }
  let inverse = 1.0f / sqrt(variance + 0.0010000000474974513f);
  let scale = inverse * arena[15664u + i];
  arena[922512u + i] = mean;
  arena[922519u + i] = inverse;
  arena[922526u + i] = scale;
  arena[922533u + i] = arena[15672u + i] - mean * scale;
  arena[225476u + i] = arena[225476u + i] * 0.9900000095367432f + mean * 0.009999999776482582f;
  arena[225484u + i] = arena[225484u + i] * 0.9900000095367432f + variance * 0.009999999776482582f;

}
// 13: workgroups 56 x 1 x 1
// normalize conv2d_3/relu

fn xAt(pixel: u32, group: u32) -> u32 { return 902880u + pixel * 7u + group; }
fn xOf(pixel: u32, group: u32) -> vec4f { return arena[xAt(pixel, group)]; }
fn yAt(pixel: u32, group: u32) -> u32 { return 946256u + pixel * 7u + group; }
fn putY(pixel: u32, group: u32, v: vec4f) { arena[yAt(pixel, group)] = v; }
fn meanOf(group: u32) -> vec4f { return arena[922512u + group]; }
fn inverseOf(group: u32) -> vec4f { return arena[922519u + group]; }
fn scaleOf(group: u32) -> vec4f { return arena[922526u + group]; }
fn shiftOf(group: u32) -> vec4f { return arena[922533u + group]; }
fn winnerAt(pixel: u32, group: u32) -> u32 { return 957236u + pixel * 7u + group; }
fn putWinner(pixel: u32, group: u32, v: vec4f) { arena[winnerAt(pixel, group)] = v; }
fn finished(v: vec4f, pixel: u32, group: u32) -> vec4f { return v; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = (block.y * 56u + block.x) * 64u + thread;
  if (i >= 3584u) { return; }
  let pixel = i / 7u;
  let group = i % 7u;
  let scale = scaleOf(group);
  let shift = shiftOf(group);
  let place = pixel % 16u;
  let top = place / 4u * 2u;
  let left = place % 4u * 2u;
  let corner = pixel / 16u * 49u + top * 7u + left;
  var best = xOf(corner, group) * scale + shift;
  var won = vec4f();
  for (var other = 1u; other < 4u; other++) {
    if (top + other / 2u >= 7u || left + other % 2u >= 7u) { continue; }
    let v = xOf(corner + other / 2u * 7u + other % 2u, group) * scale + shift;
    let wins = v > best;
    best = select(best, v, wins);
    won = select(won, vec4f(f32(other)), wins);
  }
  putY(pixel, group, finished(best, pixel, group));
  putWinner(pixel, group, won);
}
// 14: workgroups 16 x 1 x 1
// product dropout_2

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 32u) { return Pixel(0u, -1000000, 0); }
  let image = index / 1u;
  let place = index % 1u;
  return Pixel(946256u + image * 112u, i32(place / 1u * 1u) - 0, i32(place % 1u * 1u) - 0);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 448u) { return Tap(3000000, 0, 0u); }
  let tap = k / 448u;
  return Tap(i32(tap / 1u * 1u), i32(tap % 1u * 1u), k % 448u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y + tap.y;
  let x = pixel.x + tap.x;
  if (u32(y) >= 1u || u32(x) >= 1u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 112u + u32(x) * 112u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 15680u + column / 8u * 900u + row * 2u + column / 4u % 2u;
}
fn lineOf(column: u32) -> u32 { return column; }
fn rowOf(k: u32) -> u32 { return k; }
fn kernelAt(column: u32, row: u32) -> vec4f {
  if (column >= 512u || row >= 448u) { return vec4f(); }
  return arena[weightAt(row, column)];
}
fn yAt(pixel: u32, group: u32) -> u32 { return 913860u + pixel / 1u * 132u + pixel % 1u * 128u + group; }
fn putY(pixel: u32, group: u32, v: vec4f) { arena[yAt(pixel, group)] = v; }
fn dropped(v: vec4f, group: u32) -> vec4f {
  const k0 = 3u;
  const k1 = 1u;
  const k2 = 466688984u;
  var x = run.step + k0;
  var y = group + k1;
  x += y; y = ((y << 13u) | (y >> 19u)) ^ x;
  x += y; y = ((y << 15u) | (y >> 17u)) ^ x;
  x += y; y = ((y << 26u) | (y >> 6u)) ^ x;
  x += y; y = ((y << 6u) | (y >> 26u)) ^ x;
  x += k1; y += k2 + 1u;
  x += y; y = ((y << 17u) | (y >> 15u)) ^ x;
  x += y; y = ((y << 29u) | (y >> 3u)) ^ x;
  x += y; y = ((y << 16u) | (y >> 16u)) ^ x;
  x += y; y = ((y << 24u) | (y >> 8u)) ^ x;
  x += k2; y += k0 + 2u;
  x += y; y = ((y << 13u) | (y >> 19u)) ^ x;
  x += y; y = ((y << 15u) | (y >> 17u)) ^ x;
  x += y; y = ((y << 26u) | (y >> 6u)) ^ x;
  x += y; y = ((y << 6u) | (y >> 26u)) ^ x;
  x += k0; y += k1 + 3u;
  x += y; y = ((y << 17u) | (y >> 15u)) ^ x;
  x += y; y = ((y << 29u) | (y >> 3u)) ^ x;
  x += y; y = ((y << 16u) | (y >> 16u)) ^ x;
  x += y; y = ((y << 24u) | (y >> 8u)) ^ x;
  x += k1; y += k2 + 4u;
  x += y; y = ((y << 13u) | (y >> 19u)) ^ x;
  x += y; y = ((y << 15u) | (y >> 17u)) ^ x;
  x += y; y = ((y << 26u) | (y >> 6u)) ^ x;
  x += y; y = ((y << 6u) | (y >> 26u)) ^ x;
  x += k2; y += k0 + 5u;
  let bits = vec4u(x & 0xffffu, x >> 16u, y & 0xffffu, y >> 16u);
  return select(v * 1.4285714626312256f, vec4f(), bits < vec4u(19661u));
}
fn finished(value: vec4f, pixel: u32, group: u32) -> vec4f {
  var v = value;
  v = select(v, vec4f(), v < vec4f());
  v = dropped(v, pixel * 128u + group);
  return v;
}
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 32u || n >= 512u) { return; }
  putY(m, n / 4u, finished(v + arena[73280u + n / 4u], m, n / 4u));
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
  for (var t = 0u; t < 7u; t++) {
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
// 15: workgroups 1 x 1 x 1
// product dense_2

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 32u) { return Pixel(0u, -1000000, 0); }
  let image = index / 1u;
  let place = index % 1u;
  return Pixel(913860u + image * 132u, i32(place / 1u * 1u) - 0, i32(place % 1u * 1u) - 0);
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
  return 73408u + column / 8u * 1028u + row * 2u + column / 4u % 2u;
}
fn lineOf(column: u32) -> u32 { return column; }
fn rowOf(k: u32) -> u32 { return k; }
fn kernelAt(column: u32, row: u32) -> vec4f {
  if (column >= 24u || row >= 512u) { return vec4f(); }
  return arena[weightAt(row, column)];
}
fn yAt(pixel: u32, group: u32) -> u32 { return 918088u + pixel * 6u + group; }
fn putY(pixel: u32, group: u32, v: vec4f) { arena[yAt(pixel, group)] = v; }
fn finished(v: vec4f, pixel: u32, group: u32) -> vec4f { return v; }
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 32u || n >= 24u) { return; }
  putY(m, n / 4u, finished(v + arena[76492u + n / 4u], m, n / 4u));
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
// 16: workgroups 1 x 1 x 1
// loss categoricalCrossentropy

const CLASSES = 24u;
fn zOf(row: u32, c: u32) -> f32 { return arena[918088u + row * 6u + c / 4u][c % 4u]; }
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
    for (var group = 0u; group < 6u; group++) {
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
      arena[922316u + row * 6u + group] = slopes;
    }
    own += vec2f(weight * 1.0f * loss, select(0.0f, 1.0f, largest == label));
  }
  let sums = total(own, place);
  if (place.thread == 0u) { arena[128u + run.record] = vec4f(sums, 0.0f, 0.0f); }
}
// 17: workgroups 16 x 1 x 1
// product d dropout_2

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 32u) { return Pixel(0u, -1000000, 0); }
  let image = index / 1u;
  let place = index % 1u;
  return Pixel(922316u + image * 6u, i32(place / 1u) + 0, i32(place % 1u) + 0);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 24u) { return Tap(3000000, 0, 0u); }
  let tap = k / 24u;
  return Tap(i32(tap / 1u * 1u), i32(tap % 1u * 1u), k % 24u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y - tap.y;
  let x = pixel.x - tap.x;
  if (u32(y) >= 1u || u32(x) >= 1u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 6u + u32(x) * 6u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 73408u + column / 8u * 1028u + row * 2u + column / 4u % 2u;
}
fn lineOf(channel: u32) -> u32 { return channel; }
fn columnOf(k: u32) -> u32 { return k; }
fn kernelAt(channel: u32, k: u32) -> vec4f {
  if (channel >= 512u || k >= 24u) { return vec4f(); }
  return arena[weightAt(k / 24u * 512u + channel, k % 24u)];
}
fn dxAt(pixel: u32, group: u32) -> u32 { return 918088u + pixel / 1u * 132u + pixel % 1u * 128u + group; }
fn putDx(pixel: u32, group: u32, v: vec4f) { arena[dxAt(pixel, group)] = v; }
fn masked(v: vec4f, place: u32) -> vec4f { return select(vec4f(), v * 1.4285714626312256f, arena[place - 4228u] > vec4f()); }
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
  for (var t = 0u; t < 2u; t++) {
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
// 18: workgroups 1 x 17 x 1
// update dense_2/kernel

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 32u) { return Pixel(0u, -1000000, 0); }
  let image = index / 1u;
  let place = index % 1u;
  return Pixel(913860u + image * 132u, i32(place / 1u * 1u) - 0, i32(place % 1u * 1u) - 0);
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
  return 73408u + column / 8u * 1028u + row * 2u + column / 4u % 2u;
}
fn dzAt(pixel: u32, group: u32) -> u32 { return 922316u + pixel * 6u + group; }
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
  if (column >= 24u || pixel >= 32u) { return vec4f(); }
  return dzOf(pixel, column / 4u);
}
fn update(at: u32, g: vec4f) {
  let slot1 = at + 74452u;
  let s = 0.8999999761581421f * arena[slot1] + 0.10000000149011612f * (g * g);
  arena[slot1] = s;
  let step = run.rate * g / (sqrt(s + 1.0000000116860974e-7f));
  arena[at] -= step;
}
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (n >= 24u) { return; }
  if (m < 512u) { update(weightAt(m, n), v); }
  else if (m == 512u) { update(76492u + n / 4u, v); }
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
// 19: workgroups 14 x 1 x 1
// product d pool_3

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 32u) { return Pixel(0u, -1000000, 0); }
  let image = index / 1u;
  let place = index % 1u;
  return Pixel(918088u + image * 132u, i32(place / 1u) + 0, i32(place % 1u) + 0);
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
  return 15680u + column / 8u * 900u + row * 2u + column / 4u % 2u;
}
fn lineOf(channel: u32) -> u32 { return channel; }
fn columnOf(k: u32) -> u32 { return k; }
fn kernelAt(channel: u32, k: u32) -> vec4f {
  if (channel >= 448u || k >= 512u) { return vec4f(); }
  return arena[weightAt(k / 512u * 448u + channel, k % 512u)];
}
fn dxAt(pixel: u32, group: u32) -> u32 { return 913860u + pixel * 112u + group; }
fn putDx(pixel: u32, group: u32, v: vec4f) { arena[dxAt(pixel, group)] = v; }
fn masked(v: vec4f, place: u32) -> vec4f { return v; }
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 32u || n >= 448u) { return; }
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
// 20: workgroups 16 x 15 x 1
// update dense_1/kernel

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 32u) { return Pixel(0u, -1000000, 0); }
  let image = index / 1u;
  let place = index % 1u;
  return Pixel(946256u + image * 112u, i32(place / 1u * 1u) - 0, i32(place % 1u * 1u) - 0);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 448u) { return Tap(3000000, 0, 0u); }
  let tap = k / 448u;
  return Tap(i32(tap / 1u * 1u), i32(tap % 1u * 1u), k % 448u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y + tap.y;
  let x = pixel.x + tap.x;
  if (u32(y) >= 1u || u32(x) >= 1u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 112u + u32(x) * 112u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 15680u + column / 8u * 900u + row * 2u + column / 4u % 2u;
}
fn dzAt(pixel: u32, group: u32) -> u32 { return 918088u + pixel / 1u * 132u + pixel % 1u * 128u + group; }
fn dzOf(pixel: u32, group: u32) -> vec4f { return arena[dzAt(pixel, group)]; }
struct Line { row: u32, tap: Tap }
fn lineOf(row: u32) -> Line { return Line(row, tapOf(row)); }
fn windowAt(line: Line, pixel: Pixel) -> vec4f {
  if (line.row == 448u) { return vec4f(1.0f, 0.0f, 0.0f, 0.0f); }
  return valueAt(pixel, line.tap);
}
fn columnOf(column: u32) -> u32 { return column; }
fn indexOf(pixel: u32) -> u32 { return pixel; }
fn gradientAt(column: u32, pixel: u32) -> vec4f {
  if (column >= 512u || pixel >= 32u) { return vec4f(); }
  return dzOf(pixel, column / 4u);
}
fn update(at: u32, g: vec4f) {
  let slot1 = at + 74452u;
  let s = 0.8999999761581421f * arena[slot1] + 0.10000000149011612f * (g * g);
  arena[slot1] = s;
  let step = run.rate * g / (sqrt(s + 1.0000000116860974e-7f));
  arena[at] -= step;
}
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (n >= 512u) { return; }
  if (m < 448u) { update(weightAt(m, n), v); }
  else if (m == 448u) { update(73280u + n / 4u, v); }
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
// 21: workgroups 16 x 1 x 1
// gradient sums of conv2d_3/relu

fn xAt(pixel: u32, group: u32) -> u32 { return 902880u + pixel * 7u + group; }
fn xOf(pixel: u32, group: u32) -> vec4f { return arena[xAt(pixel, group)]; }
fn dyAt(pixel: u32, group: u32) -> u32 { return 913860u + pixel * 7u + group; }
fn dyOf(pixel: u32, group: u32) -> vec4f { return arena[dyAt(pixel, group)]; }
fn winnerAt(pixel: u32, group: u32) -> u32 { return 957236u + pixel * 7u + group; }
fn winnerOf(pixel: u32, group: u32) -> vec4f { return arena[winnerAt(pixel, group)]; }
fn meanOf(group: u32) -> vec4f { return arena[922512u + group]; }
fn inverseOf(group: u32) -> vec4f { return arena[922519u + group]; }
fn scaleOf(group: u32) -> vec4f { return arena[922526u + group]; }
fn shiftOf(group: u32) -> vec4f { return arena[922533u + group]; }
var<workgroup> shared_a: array<vec4f, 256>;
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lane = thread / 7u;
  let channels = group.y * 7u + thread % 7u;
  let works = lane < 36u && channels < 7u;
  let begin = group.x * 32u;
  let end = min(begin + 32u, 512u);
  let count = f32(end - begin);
  var a = vec4f();
  var b = vec4f();
  if (works) { for (var pixel = begin + lane; pixel < end; pixel += 36u) { let place = pixel % 16u;
    let corner = pixel / 16u * 49u + place / 4u * 14u + place % 4u * 2u;
    let won = vec4u(winnerOf(pixel, channels));
    let taken = corner + won / 2u * 7u + won % 2u;
    let v = vec4f(xOf(taken.x, channels).x, xOf(taken.y, channels).y, xOf(taken.z, channels).z, xOf(taken.w, channels).w); let d = dyOf(pixel, channels); a += d; b += d * (v - meanOf(channels)) * inverseOf(channels); } }
  shared_a[thread] = a;
  workgroupBarrier();
  a = vec4f();
  for (var other = thread % 7u; other < 252u; other += 7u) { a += shared_a[other]; }
  workgroupBarrier();
  let total = a;
  let mean = total;
  
  shared_a[thread] = b;
  workgroupBarrier();
  b = vec4f();
  for (var other = thread % 7u; other < 252u; other += 7u) { b += shared_a[other]; }
  workgroupBarrier();
  if (works && lane == 0u) {
    arena[917448u + (group.x * 2u + 0u) * 7u + channels] = mean;
    arena[917448u + (group.x * 2u + 1u) * 7u + channels] = b;
  }
}
// 22: workgroups 7 x 1 x 1
// gradient statistics

fn countOf(chunk: u32) -> f32 { return f32(select(0u, min(32u, 512u - chunk * 32u), chunk < 16u)); }
fn sumOf(chunk: u32, which: u32, i: u32) -> vec4f {
  if (chunk >= 16u) { return vec4f(); }
  return arena[917448u + (chunk * 2u + which) * 7u + i];
}
fn update(at: u32, g: vec4f) {
  let slot1 = at + 74452u;
  let s = 0.8999999761581421f * arena[slot1] + 0.10000000149011612f * (g * g);
  arena[slot1] = s;
  let step = run.rate * g / (sqrt(s + 1.0000000116860974e-7f));
  arena[at] -= step;
}
struct Place { @builtin(local_invocation_index) thread: u32 }
var<workgroup> merged: array<vec4f, 256>;
fn total(v: vec4f, place: Place) -> vec4f {
  workgroupBarrier();
  merged[place.thread] = v;
  workgroupBarrier();
  for (var half = 128u; half > 0u; half /= 2u) {
    if (place.thread < half) { merged[place.thread] += merged[place.thread + half]; }
    workgroupBarrier();
  }
  return merged[0];
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) block: vec3u, place: Place) {
  let i = block.x;
  let thread = place.thread;
  let sum = total(sumOf(thread, 0u, i), place);
  let dot = total(sumOf(thread, 1u, i), place);
  if (thread != 0u) { return; }
  let inverse = arena[922519u + i];
  let a = inverse * arena[15664u + i];
  arena[921036u + i] = a;
  arena[921043u + i] = -a * inverse * dot / 1568.0f;
  arena[921050u + i] = -a * sum / 1568.0f;
  update(15664u + i, dot);
  update(15672u + i, sum);
}
// 23: workgroups 172 x 1 x 1
// gradient d conv2d_3/relu

fn xAt(pixel: u32, group: u32) -> u32 { return 902880u + pixel * 7u + group; }
fn xOf(pixel: u32, group: u32) -> vec4f { return arena[xAt(pixel, group)]; }
fn dyAt(pixel: u32, group: u32) -> u32 { return 913860u + pixel * 7u + group; }
fn dyOf(pixel: u32, group: u32) -> vec4f { return arena[dyAt(pixel, group)]; }
fn dxAt(pixel: u32, group: u32) -> u32 { return 946256u + pixel * 7u + group; }
fn putDx(pixel: u32, group: u32, v: vec4f) { arena[dxAt(pixel, group)] = v; }
fn winnerAt(pixel: u32, group: u32) -> u32 { return 957236u + pixel * 7u + group; }
fn winnerOf(pixel: u32, group: u32) -> vec4f { return arena[winnerAt(pixel, group)]; }
fn meanOf(group: u32) -> vec4f { return arena[922512u + group]; }
fn inverseOf(group: u32) -> vec4f { return arena[922519u + group]; }
fn scaleOf(group: u32) -> vec4f { return arena[922526u + group]; }
fn shiftOf(group: u32) -> vec4f { return arena[922533u + group]; }
fn masked(v: vec4f, place: u32) -> vec4f { return select(vec4f(), v, arena[place - 43376u] > vec4f()); }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = (block.y * 172u + block.x) * 64u + thread;
  if (i >= 10976u) { return; }
  let pixel = i / 7u;
  let group = i % 7u;
  let inImage = pixel % 49u;
  let y = inImage / 7u;
  let x = inImage % 7u;
  let window = pixel / 49u * 16u + y / 2u * 4u + x / 2u;
  let mine = vec4f(f32(y % 2u * 2u + x % 2u));
  var d = vec4f();
  if (y / 2u < 4u && x / 2u < 4u) {
    d = select(vec4f(), dyOf(window, group), winnerOf(window, group) == mine);
  }
  putDx(pixel, group, masked(arena[921036u + group] * d + arena[921043u + group] * (xOf(pixel, group) - meanOf(group)) + arena[921050u + group], dxAt(pixel, group)));
}
// 24: workgroups 2 x 49 x 1
// product d pool_2

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 1568u) { return Pixel(0u, -1000000, 0); }
  let image = index / 49u;
  let place = index % 49u;
  return Pixel(946256u + image * 343u, i32(place / 7u) + 1, i32(place % 7u) + 1);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 252u) { return Tap(3000000, 0, 0u); }
  let tap = k / 28u;
  return Tap(i32(tap / 3u * 1u), i32(tap % 3u * 1u), k % 28u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y - tap.y;
  let x = pixel.x - tap.x;
  if (u32(y) >= 7u || u32(x) >= 7u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 49u + u32(x) * 7u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 11912u + column / 8u * 936u + row * 2u + column / 4u % 2u;
}
fn lineOf(channel: u32) -> u32 { return channel; }
fn columnOf(k: u32) -> u32 { return k; }
fn kernelAt(channel: u32, k: u32) -> vec4f {
  if (channel >= 52u || k >= 252u) { return vec4f(); }
  return arena[weightAt(k / 28u * 52u + channel, k % 28u)];
}
fn dxAt(pixel: u32, group: u32) -> u32 { return 1030132u + pixel * 13u + group; }
fn putDx(pixel: u32, group: u32, v: vec4f) { arena[dxAt(pixel, group)] = v; }
fn masked(v: vec4f, place: u32) -> vec4f { return v; }
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 1568u || n >= 52u) { return; }
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
  for (var t = 0u; t < 4u; t++) {
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
// 25: workgroups 1 x 15 x 7
// update conv2d_3/kernel

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 1568u) { return Pixel(0u, -1000000, 0); }
  let image = index / 49u;
  let place = index % 49u;
  return Pixel(925868u + image * 637u, i32(place / 7u * 1u) - 1, i32(place % 7u * 1u) - 1);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 468u) { return Tap(3000000, 0, 0u); }
  let tap = k / 52u;
  return Tap(i32(tap / 3u * 1u), i32(tap % 3u * 1u), k % 52u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y + tap.y;
  let x = pixel.x + tap.x;
  if (u32(y) >= 7u || u32(x) >= 7u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 91u + u32(x) * 13u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 11912u + column / 8u * 936u + row * 2u + column / 4u % 2u;
}
fn dzAt(pixel: u32, group: u32) -> u32 { return 946256u + pixel * 7u + group; }
fn dzOf(pixel: u32, group: u32) -> vec4f { return arena[dzAt(pixel, group)]; }
struct Line { row: u32, tap: Tap }
fn lineOf(row: u32) -> Line { return Line(row, tapOf(row)); }
fn windowAt(line: Line, pixel: Pixel) -> vec4f {
  if (line.row == 468u) { return vec4f(1.0f, 0.0f, 0.0f, 0.0f); }
  return valueAt(pixel, line.tap);
}
fn columnOf(column: u32) -> u32 { return column; }
fn indexOf(pixel: u32) -> u32 { return pixel; }
fn gradientAt(column: u32, pixel: u32) -> vec4f {
  if (column >= 28u || pixel >= 1568u) { return vec4f(); }
  return dzOf(pixel, column / 4u);
}
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 469u || n >= 28u) { return; }
  arena[902880u + (split * 469u + m) * 7u + n / 4u] = v;
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
  for (var t = 0u; t < 14u; t++) {
    let k = (group.z * 14u + t * 1u + slice) * 16u + depth;
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
// 26: workgroups 52 x 1 x 1
// sum and update conv2d_3/kernel

fn weightAt(row: u32, column: u32) -> u32 {
  return 11912u + column / 8u * 936u + row * 2u + column / 4u % 2u;
}
fn update(at: u32, g: vec4f) {
  let slot1 = at + 74452u;
  let s = 0.8999999761581421f * arena[slot1] + 0.10000000149011612f * (g * g);
  arena[slot1] = s;
  let step = run.rate * g / (sqrt(s + 1.0000000116860974e-7f));
  arena[at] -= step;
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = (block.y * 52u + block.x) * 64u + thread;
  if (i >= 3283u) { return; }
  let m = i / 7u;
  let group = i % 7u;
  if (m >= 468u && m != 468u) { return; }
  var sum = vec4f();
  for (var split = 0u; split < 7u; split++) { sum += arena[902880u + split * 3283u + i]; }
  if (m < 468u) { update(weightAt(m, group * 4u), sum); }
  else { update(15656u + group, sum); }
}
// 27: workgroups 49 x 1 x 1
// gradient sums of dropout_1

fn xAt(pixel: u32, group: u32) -> u32 { return 821340u + pixel * 13u + group; }
fn xOf(pixel: u32, group: u32) -> vec4f { return arena[xAt(pixel, group)]; }
fn dyAt(pixel: u32, group: u32) -> u32 { return 1030132u + pixel * 13u + group; }
fn dyOf(pixel: u32, group: u32) -> vec4f { return arena[dyAt(pixel, group)]; }
fn winnerAt(pixel: u32, group: u32) -> u32 { return 1009744u + pixel * 13u + group; }
fn winnerOf(pixel: u32, group: u32) -> vec4f { return arena[winnerAt(pixel, group)]; }
fn meanOf(group: u32) -> vec4f { return arena[1050520u + group]; }
fn inverseOf(group: u32) -> vec4f { return arena[1050533u + group]; }
fn scaleOf(group: u32) -> vec4f { return arena[1050546u + group]; }
fn shiftOf(group: u32) -> vec4f { return arena[1050559u + group]; }
var<workgroup> shared_a: array<vec4f, 256>;
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lane = thread / 13u;
  let channels = group.y * 13u + thread % 13u;
  let works = lane < 19u && channels < 13u;
  let begin = group.x * 32u;
  let end = min(begin + 32u, 1568u);
  let count = f32(end - begin);
  var a = vec4f();
  var b = vec4f();
  if (works) { for (var pixel = begin + lane; pixel < end; pixel += 19u) { let place = pixel % 49u;
    let corner = pixel / 49u * 196u + place / 7u * 28u + place % 7u * 2u;
    let won = vec4u(winnerOf(pixel, channels));
    let taken = corner + won / 2u * 14u + won % 2u;
    let v = vec4f(xOf(taken.x, channels).x, xOf(taken.y, channels).y, xOf(taken.z, channels).z, xOf(taken.w, channels).w); let d = dyOf(pixel, channels); a += d; b += d * (v - meanOf(channels)) * inverseOf(channels); } }
  shared_a[thread] = a;
  workgroupBarrier();
  a = vec4f();
  for (var other = thread % 13u; other < 247u; other += 13u) { a += shared_a[other]; }
  workgroupBarrier();
  let total = a;
  let mean = total;
  
  shared_a[thread] = b;
  workgroupBarrier();
  b = vec4f();
  for (var other = thread % 13u; other < 247u; other += 13u) { b += shared_a[other]; }
  workgroupBarrier();
  if (works && lane == 0u) {
    arena[902880u + (group.x * 2u + 0u) * 13u + channels] = mean;
    arena[902880u + (group.x * 2u + 1u) * 13u + channels] = b;
  }
}
// 28: workgroups 13 x 1 x 1
// gradient statistics

fn countOf(chunk: u32) -> f32 { return f32(select(0u, min(32u, 1568u - chunk * 32u), chunk < 49u)); }
fn sumOf(chunk: u32, which: u32, i: u32) -> vec4f {
  if (chunk >= 49u) { return vec4f(); }
  return arena[902880u + (chunk * 2u + which) * 13u + i];
}
fn update(at: u32, g: vec4f) {
  let slot1 = at + 74452u;
  let s = 0.8999999761581421f * arena[slot1] + 0.10000000149011612f * (g * g);
  arena[slot1] = s;
  let step = run.rate * g / (sqrt(s + 1.0000000116860974e-7f));
  arena[at] -= step;
}
struct Place { @builtin(local_invocation_index) thread: u32 }
var<workgroup> merged: array<vec4f, 256>;
fn total(v: vec4f, place: Place) -> vec4f {
  workgroupBarrier();
  merged[place.thread] = v;
  workgroupBarrier();
  for (var half = 128u; half > 0u; half /= 2u) {
    if (place.thread < half) { merged[place.thread] += merged[place.thread + half]; }
    workgroupBarrier();
  }
  return merged[0];
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) block: vec3u, place: Place) {
  let i = block.x;
  let thread = place.thread;
  let sum = total(sumOf(thread, 0u, i), place);
  let dot = total(sumOf(thread, 1u, i), place);
  if (thread != 0u) { return; }
  let inverse = arena[1050533u + i];
  let a = inverse * arena[11880u + i];
  arena[909540u + i] = a;
  arena[909553u + i] = -a * inverse * dot / 6272.0f;
  arena[909566u + i] = -a * sum / 6272.0f;
  update(11880u + i, dot);
  update(11896u + i, sum);
}
// 29: workgroups 1274 x 1 x 1
// gradient d dropout_1

fn xAt(pixel: u32, group: u32) -> u32 { return 821340u + pixel * 13u + group; }
fn xOf(pixel: u32, group: u32) -> vec4f { return arena[xAt(pixel, group)]; }
fn dyAt(pixel: u32, group: u32) -> u32 { return 1030132u + pixel * 13u + group; }
fn dyOf(pixel: u32, group: u32) -> vec4f { return arena[dyAt(pixel, group)]; }
fn dxAt(pixel: u32, group: u32) -> u32 { return 928204u + pixel * 13u + group; }
fn putDx(pixel: u32, group: u32, v: vec4f) { arena[dxAt(pixel, group)] = v; }
fn winnerAt(pixel: u32, group: u32) -> u32 { return 1009744u + pixel * 13u + group; }
fn winnerOf(pixel: u32, group: u32) -> vec4f { return arena[winnerAt(pixel, group)]; }
fn meanOf(group: u32) -> vec4f { return arena[1050520u + group]; }
fn inverseOf(group: u32) -> vec4f { return arena[1050533u + group]; }
fn scaleOf(group: u32) -> vec4f { return arena[1050546u + group]; }
fn shiftOf(group: u32) -> vec4f { return arena[1050559u + group]; }
fn masked(v: vec4f, place: u32) -> vec4f { return select(vec4f(), v * 1.25f, arena[place - 106864u] > vec4f()); }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = (block.y * 1274u + block.x) * 64u + thread;
  if (i >= 81536u) { return; }
  let pixel = i / 13u;
  let group = i % 13u;
  let inImage = pixel % 196u;
  let y = inImage / 14u;
  let x = inImage % 14u;
  let window = pixel / 196u * 49u + y / 2u * 7u + x / 2u;
  let mine = vec4f(f32(y % 2u * 2u + x % 2u));
  var d = vec4f();
  if (y / 2u < 7u && x / 2u < 7u) {
    d = select(vec4f(), dyOf(window, group), winnerOf(window, group) == mine);
  }
  putDx(pixel, group, masked(arena[909540u + group] * d + arena[909553u + group] * (xOf(pixel, group) - meanOf(group)) + arena[909566u + group], dxAt(pixel, group)));
}
// 30: workgroups 3 x 196 x 1
// product d pool_1

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 6272u) { return Pixel(0u, -1000000, 0); }
  let image = index / 196u;
  let place = index % 196u;
  return Pixel(928204u + image * 2548u, i32(place / 14u) + 1, i32(place % 14u) + 1);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 468u) { return Tap(3000000, 0, 0u); }
  let tap = k / 52u;
  return Tap(i32(tap / 3u * 1u), i32(tap % 3u * 1u), k % 52u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y - tap.y;
  let x = pixel.x - tap.x;
  if (u32(y) >= 14u || u32(x) >= 14u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 182u + u32(x) * 13u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 2288u + column / 8u * 1368u + row * 2u + column / 4u % 2u;
}
fn lineOf(channel: u32) -> u32 { return channel; }
fn columnOf(k: u32) -> u32 { return k; }
fn kernelAt(channel: u32, k: u32) -> vec4f {
  if (channel >= 76u || k >= 468u) { return vec4f(); }
  return arena[weightAt(k / 52u * 76u + channel, k % 52u)];
}
fn dxAt(pixel: u32, group: u32) -> u32 { return 1298016u + pixel * 19u + group; }
fn putDx(pixel: u32, group: u32, v: vec4f) { arena[dxAt(pixel, group)] = v; }
fn masked(v: vec4f, place: u32) -> vec4f { return v; }
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 6272u || n >= 76u) { return; }
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
// 31: workgroups 2 x 22 x 12
// update conv2d_2/kernel

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 6272u) { return Pixel(0u, -1000000, 0); }
  let image = index / 196u;
  let place = index % 196u;
  return Pixel(702168u + image * 3724u, i32(place / 14u * 1u) - 1, i32(place % 14u * 1u) - 1);
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= 684u) { return Tap(3000000, 0, 0u); }
  let tap = k / 76u;
  return Tap(i32(tap / 3u * 1u), i32(tap % 3u * 1u), k % 76u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y + tap.y;
  let x = pixel.x + tap.x;
  if (u32(y) >= 14u || u32(x) >= 14u) { return vec4f(); }
  return arena[pixel.at + u32(y) * 266u + u32(x) * 19u + tap.group];
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 2288u + column / 8u * 1368u + row * 2u + column / 4u % 2u;
}
fn dzAt(pixel: u32, group: u32) -> u32 { return 928204u + pixel * 13u + group; }
fn dzOf(pixel: u32, group: u32) -> vec4f { return arena[dzAt(pixel, group)]; }
struct Line { row: u32, tap: Tap }
fn lineOf(row: u32) -> Line { return Line(row, tapOf(row)); }
fn windowAt(line: Line, pixel: Pixel) -> vec4f {
  if (line.row == 684u) { return vec4f(1.0f, 0.0f, 0.0f, 0.0f); }
  return valueAt(pixel, line.tap);
}
fn columnOf(column: u32) -> u32 { return column; }
fn indexOf(pixel: u32) -> u32 { return pixel; }
fn gradientAt(column: u32, pixel: u32) -> vec4f {
  if (column >= 52u || pixel >= 6272u) { return vec4f(); }
  return dzOf(pixel, column / 4u);
}
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 685u || n >= 52u) { return; }
  arena[821340u + (split * 685u + m) * 13u + n / 4u] = v;
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
  for (var t = 0u; t < 33u; t++) {
    let k = (group.z * 33u + t * 1u + slice) * 16u + depth;
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
// 32: workgroups 140 x 1 x 1
// sum and update conv2d_2/kernel

fn weightAt(row: u32, column: u32) -> u32 {
  return 2288u + column / 8u * 1368u + row * 2u + column / 4u % 2u;
}
fn update(at: u32, g: vec4f) {
  let slot1 = at + 74452u;
  let s = 0.8999999761581421f * arena[slot1] + 0.10000000149011612f * (g * g);
  arena[slot1] = s;
  let step = run.rate * g / (sqrt(s + 1.0000000116860974e-7f));
  arena[at] -= step;
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = (block.y * 140u + block.x) * 64u + thread;
  if (i >= 8905u) { return; }
  let m = i / 13u;
  let group = i % 13u;
  if (m >= 684u && m != 684u) { return; }
  var sum = vec4f();
  for (var split = 0u; split < 12u; split++) { sum += arena[821340u + split * 8905u + i]; }
  if (m < 684u) { update(weightAt(m, group * 4u), sum); }
  else { update(11864u + group, sum); }
}
// 33: workgroups 196 x 1 x 1
// gradient sums of conv2d_1/relu

fn xAt(pixel: u32, group: u32) -> u32 { return 225492u + pixel * 19u + group; }
fn xOf(pixel: u32, group: u32) -> vec4f { return arena[xAt(pixel, group)]; }
fn dyAt(pixel: u32, group: u32) -> u32 { return 1298016u + pixel * 19u + group; }
fn dyOf(pixel: u32, group: u32) -> vec4f { return arena[dyAt(pixel, group)]; }
fn winnerAt(pixel: u32, group: u32) -> u32 { return 1178844u + pixel * 19u + group; }
fn winnerOf(pixel: u32, group: u32) -> vec4f { return arena[winnerAt(pixel, group)]; }
fn meanOf(group: u32) -> vec4f { return arena[1423464u + group]; }
fn inverseOf(group: u32) -> vec4f { return arena[1423483u + group]; }
fn scaleOf(group: u32) -> vec4f { return arena[1423502u + group]; }
fn shiftOf(group: u32) -> vec4f { return arena[1423521u + group]; }
var<workgroup> shared_a: array<vec4f, 256>;
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lane = thread / 19u;
  let channels = group.y * 19u + thread % 19u;
  let works = lane < 13u && channels < 19u;
  let begin = group.x * 32u;
  let end = min(begin + 32u, 6272u);
  let count = f32(end - begin);
  var a = vec4f();
  var b = vec4f();
  if (works) { for (var pixel = begin + lane; pixel < end; pixel += 13u) { let place = pixel % 196u;
    let corner = pixel / 196u * 784u + place / 14u * 56u + place % 14u * 2u;
    let won = vec4u(winnerOf(pixel, channels));
    let taken = corner + won / 2u * 28u + won % 2u;
    let v = vec4f(xOf(taken.x, channels).x, xOf(taken.y, channels).y, xOf(taken.z, channels).z, xOf(taken.w, channels).w); let d = dyOf(pixel, channels); a += d; b += d * (v - meanOf(channels)) * inverseOf(channels); } }
  shared_a[thread] = a;
  workgroupBarrier();
  a = vec4f();
  for (var other = thread % 19u; other < 247u; other += 19u) { a += shared_a[other]; }
  workgroupBarrier();
  let total = a;
  let mean = total;
  
  shared_a[thread] = b;
  workgroupBarrier();
  b = vec4f();
  for (var other = thread % 19u; other < 247u; other += 19u) { b += shared_a[other]; }
  workgroupBarrier();
  if (works && lane == 0u) {
    arena[702168u + (group.x * 2u + 0u) * 19u + channels] = mean;
    arena[702168u + (group.x * 2u + 1u) * 19u + channels] = b;
  }
}
// 34: workgroups 19 x 1 x 1
// gradient statistics

fn countOf(chunk: u32) -> f32 { return f32(select(0u, min(32u, 6272u - chunk * 32u), chunk < 196u)); }
fn sumOf(chunk: u32, which: u32, i: u32) -> vec4f {
  if (chunk >= 196u) { return vec4f(); }
  return arena[702168u + (chunk * 2u + which) * 19u + i];
}
fn update(at: u32, g: vec4f) {
  let slot1 = at + 74452u;
  let s = 0.8999999761581421f * arena[slot1] + 0.10000000149011612f * (g * g);
  arena[slot1] = s;
  let step = run.rate * g / (sqrt(s + 1.0000000116860974e-7f));
  arena[at] -= step;
}
struct Place { @builtin(local_invocation_index) thread: u32 }
var<workgroup> merged: array<vec4f, 256>;
fn total(v: vec4f, place: Place) -> vec4f {
  workgroupBarrier();
  merged[place.thread] = v;
  workgroupBarrier();
  for (var half = 128u; half > 0u; half /= 2u) {
    if (place.thread < half) { merged[place.thread] += merged[place.thread + half]; }
    workgroupBarrier();
  }
  return merged[0];
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) block: vec3u, place: Place) {
  let i = block.x;
  let thread = place.thread;
  let sum = total(sumOf(thread, 0u, i), place);
  let dot = total(sumOf(thread, 1u, i), place);
  if (thread != 0u) { return; }
  let inverse = arena[1423483u + i];
  let a = inverse * arena[2248u + i];
  arena[1423544u + i] = a;
  arena[1423563u + i] = -a * inverse * dot / 25088.0f;
  arena[1423582u + i] = -a * sum / 25088.0f;
  update(2248u + i, dot);
  update(2268u + i, sum);
}
// 35: workgroups 7448 x 1 x 1
// gradient d conv2d_1/relu

fn xAt(pixel: u32, group: u32) -> u32 { return 225492u + pixel * 19u + group; }
fn xOf(pixel: u32, group: u32) -> vec4f { return arena[xAt(pixel, group)]; }
fn dyAt(pixel: u32, group: u32) -> u32 { return 1298016u + pixel * 19u + group; }
fn dyOf(pixel: u32, group: u32) -> vec4f { return arena[dyAt(pixel, group)]; }
fn dxAt(pixel: u32, group: u32) -> u32 { return 702168u + pixel * 19u + group; }
fn putDx(pixel: u32, group: u32, v: vec4f) { arena[dxAt(pixel, group)] = v; }
fn winnerAt(pixel: u32, group: u32) -> u32 { return 1178844u + pixel * 19u + group; }
fn winnerOf(pixel: u32, group: u32) -> vec4f { return arena[winnerAt(pixel, group)]; }
fn meanOf(group: u32) -> vec4f { return arena[1423464u + group]; }
fn inverseOf(group: u32) -> vec4f { return arena[1423483u + group]; }
fn scaleOf(group: u32) -> vec4f { return arena[1423502u + group]; }
fn shiftOf(group: u32) -> vec4f { return arena[1423521u + group]; }
fn masked(v: vec4f, place: u32) -> vec4f { return select(vec4f(), v, arena[place - 476676u] > vec4f()); }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = (block.y * 7448u + block.x) * 64u + thread;
  if (i >= 476672u) { return; }
  let pixel = i / 19u;
  let group = i % 19u;
  let inImage = pixel % 784u;
  let y = inImage / 28u;
  let x = inImage % 28u;
  let window = pixel / 784u * 196u + y / 2u * 14u + x / 2u;
  let mine = vec4f(f32(y % 2u * 2u + x % 2u));
  var d = vec4f();
  if (y / 2u < 14u && x / 2u < 14u) {
    d = select(vec4f(), dyOf(window, group), winnerOf(window, group) == mine);
  }
  putDx(pixel, group, masked(arena[1423544u + group] * d + arena[1423563u + group] * (xOf(pixel, group) - meanOf(group)) + arena[1423582u + group], dxAt(pixel, group)));
}
// 36: workgroups 3 x 1 x 64
// update conv2d_1/kernel

struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= 25088u) { return Pixel(0u, -1000000, 0); }
  let image = index / 784u;
  let place = index % 784u;
  return Pixel(5668752u + image * 784u, i32(place / 28u * 1u) - 1, i32(place % 28u * 1u) - 1);
}
fn tapOf(k: u32) -> u32 { return k; }
fn oneAt(pixel: Pixel, k: u32) -> f32 {
  let y = pixel.y + i32(k / 3u * 1u);
  let x = pixel.x + i32(k % 3u * 1u);
  if (k >= 9u || (u32(y) >= 28u || u32(x) >= 28u)) { return 0.0f; }
  let word = pixel.at + u32(y) * 28u + u32(x);
  return arena[word / 4u][word % 4u];
}
fn valueAt(pixel: Pixel, k: u32) -> vec4f {
  return vec4f(oneAt(pixel, k), oneAt(pixel, k + 1u), oneAt(pixel, k + 2u), oneAt(pixel, k + 3u));
}
fn weightAt(row: u32, column: u32) -> u32 {
  return 2048u + column / 8u * 18u + row * 2u + column / 4u % 2u;
}
fn dzAt(pixel: u32, group: u32) -> u32 { return 702168u + pixel * 19u + group; }
fn dzOf(pixel: u32, group: u32) -> vec4f { return arena[dzAt(pixel, group)]; }
struct Line { row: u32, tap: u32 }
fn lineOf(row: u32) -> Line { return Line(row, tapOf(row)); }
fn windowAt(line: Line, pixel: Pixel) -> vec4f {
  if (line.row == 12u) { return vec4f(1.0f, 0.0f, 0.0f, 0.0f); }
  return valueAt(pixel, line.tap);
}
fn columnOf(column: u32) -> u32 { return column; }
fn indexOf(pixel: u32) -> u32 { return pixel; }
fn gradientAt(column: u32, pixel: u32) -> vec4f {
  if (column >= 76u || pixel >= 25088u) { return vec4f(); }
  return dzOf(pixel, column / 4u);
}
fn store(m: u32, n: u32, split: u32, v: vec4f) {
  if (m >= 13u || n >= 76u) { return; }
  arena[225492u + (split * 13u + m) * 19u + n / 4u] = v;
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
  for (var t = 0u; t < 25u; t++) {
    let k = (group.z * 25u + t * 1u + slice) * 16u + depth;
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
// 37: workgroups 4 x 1 x 1
// sum and update conv2d_1/kernel

fn weightAt(row: u32, column: u32) -> u32 {
  return 2048u + column / 8u * 18u + row * 2u + column / 4u % 2u;
}
fn update(at: u32, g: vec4f) {
  let slot1 = at + 74452u;
  let s = 0.8999999761581421f * arena[slot1] + 0.10000000149011612f * (g * g);
  arena[slot1] = s;
  let step = run.rate * g / (sqrt(s + 1.0000000116860974e-7f));
  arena[at] -= step;
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = (block.y * 4u + block.x) * 64u + thread;
  if (i >= 247u) { return; }
  let m = i / 19u;
  let group = i % 19u;
  if (m >= 9u && m != 12u) { return; }
  var sum = vec4f();
  for (var split = 0u; split < 64u; split++) { sum += arena[225492u + split * 247u + i]; }
  if (m < 9u) { update(weightAt(m, group * 4u), sum); }
  else { update(2228u + group, sum); }
}