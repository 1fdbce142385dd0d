// 4: workgroups 19 x 1 x 1
// statistics
enable subgroups;
requires subgroup_id;

fn countOf(chunk: u32) -> f32 { return f32(select(0u, min(98u, 25088u - chunk * 98u), chunk < 256u)); }
fn sumOf(chunk: u32, which: u32, i: u32) -> vec4f {
  if (chunk >= 256u) { return vec4f(); }
  return arena[702168u + (chunk * 2u + which) * 19u + i];
}
struct Place {
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) lane: u32,
}
var<workgroup> merged: array<vec4f, 64>;
fn total(v: vec4f, place: Place) -> vec4f {
  let own = subgroupAdd(v);
  workgroupBarrier();
  if (place.lane == 0u) { merged[place.subgroup] = own; }
  workgroupBarrier();
  var sum = merged[0];
  for (var i = 1u; i < place.subgroups; i++) { sum += merged[i]; }
  return sum;
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
// 8: workgroups 13 x 1 x 1
// statistics
enable subgroups;
requires subgroup_id;

fn countOf(chunk: u32) -> f32 { return f32(select(0u, min(32u, 6272u - chunk * 32u), chunk < 196u)); }
fn sumOf(chunk: u32, which: u32, i: u32) -> vec4f {
  if (chunk >= 196u) { return vec4f(); }
  return arena[902880u + (chunk * 2u + which) * 13u + i];
}
struct Place {
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) lane: u32,
}
var<workgroup> merged: array<vec4f, 64>;
fn total(v: vec4f, place: Place) -> vec4f {
  let own = subgroupAdd(v);
  workgroupBarrier();
  if (place.lane == 0u) { merged[place.subgroup] = own; }
  workgroupBarrier();
  var sum = merged[0];
  for (var i = 1u; i < place.subgroups; i++) { sum += merged[i]; }
  return sum;
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
// 12: workgroups 7 x 1 x 1
// statistics
enable subgroups;
requires subgroup_id;

fn countOf(chunk: u32) -> f32 { return f32(select(0u, min(32u, 1568u - chunk * 32u), chunk < 49u)); }
fn sumOf(chunk: u32, which: u32, i: u32) -> vec4f {
  if (chunk >= 49u) { return vec4f(); }
  return arena[913860u + (chunk * 2u + which) * 7u + i];
}
struct Place {
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) lane: u32,
}
var<workgroup> merged: array<vec4f, 64>;
fn total(v: vec4f, place: Place) -> vec4f {
  let own = subgroupAdd(v);
  workgroupBarrier();
  if (place.lane == 0u) { merged[place.subgroup] = own; }
  workgroupBarrier();
  var sum = merged[0];
  for (var i = 1u; i < place.subgroups; i++) { sum += merged[i]; }
  return sum;
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
// 16: workgroups 1 x 1 x 1
// loss categoricalCrossentropy
enable subgroups;
requires subgroup_id;

const CLASSES = 24u;
fn zOf(row: u32, c: u32) -> f32 { return arena[918088u + row * 6u + c / 4u][c % 4u]; }
struct Place {
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) lane: u32,
}
var<workgroup> merged: array<vec2f, 16>;
fn total(v: vec2f, place: Place) -> vec2f {
  let own = subgroupAdd(v);
  workgroupBarrier();
  if (place.lane == 0u) { merged[place.subgroup] = own; }
  workgroupBarrier();
  var sum = merged[0];
  for (var i = 1u; i < place.subgroups; i++) { sum += merged[i]; }
  return sum;
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
// 22: workgroups 7 x 1 x 1
// gradient statistics
enable subgroups;
requires subgroup_id;

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
struct Place {
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) lane: u32,
}
var<workgroup> merged: array<vec4f, 64>;
fn total(v: vec4f, place: Place) -> vec4f {
  let own = subgroupAdd(v);
  workgroupBarrier();
  if (place.lane == 0u) { merged[place.subgroup] = own; }
  workgroupBarrier();
  var sum = merged[0];
  for (var i = 1u; i < place.subgroups; i++) { sum += merged[i]; }
  return sum;
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
// 28: workgroups 13 x 1 x 1
// gradient statistics
enable subgroups;
requires subgroup_id;

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
struct Place {
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) lane: u32,
}
var<workgroup> merged: array<vec4f, 64>;
fn total(v: vec4f, place: Place) -> vec4f {
  let own = subgroupAdd(v);
  workgroupBarrier();
  if (place.lane == 0u) { merged[place.subgroup] = own; }
  workgroupBarrier();
  var sum = merged[0];
  for (var i = 1u; i < place.subgroups; i++) { sum += merged[i]; }
  return sum;
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
// 34: workgroups 19 x 1 x 1
// gradient statistics
enable subgroups;
requires subgroup_id;

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
struct Place {
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) lane: u32,
}
var<workgroup> merged: array<vec4f, 64>;
fn total(v: vec4f, place: Place) -> vec4f {
  let own = subgroupAdd(v);
  workgroupBarrier();
  if (place.lane == 0u) { merged[place.subgroup] = own; }
  workgroupBarrier();
  var sum = merged[0];
  for (var i = 1u; i < place.subgroups; i++) { sum += merged[i]; }
  return sum;
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
