// 1: workgroups 98 x 1 x 1
// gather

fn byteAt(image: u32, place: u32) -> f32 {
  let index = image * 784u + place;
  let byte = (images[index / 4u] >> (index % 4u * 8u)) & 0xffu;
  return arena[64u + byte / 4u][byte % 4u];
}
struct Place { whole: f32, far: f32 }
fn outside(v: Place, last: f32) -> bool { return !(v.whole >= 0.0f && (v.whole < last || (v.whole == last && v.far == 0.0f))); }
fn mapped(v: Place, last: f32) -> Place {
  if (!outside(v, last)) { return v; }
  return Place(select(last, 0.0f, v.whole < 0.0f), 0.0f);
}
fn number(row: u32, i: u32) -> f32 { return bitcast<f32>(rows[65536u + row * 12u + i]); }
fn along(row: u32, i: u32, r: f32, c: f32) -> Place {
  let high = number(row, i) * r + number(row, i + 1u) * c + number(row, i + 2u);
  let low = number(row, i + 6u) * r + number(row, i + 7u) * c + number(row, i + 8u);
  let whole = floor(high);
  let rest = high - whole + low;
  let carry = floor(rest);
  return Place(whole + carry, rest - carry);
}
fn pixelAt(image: u32, y: f32, x: f32, channel: u32) -> f32 {
  let place = vec2u(clamp(vec2f(y, x), vec2f(), vec2f(27.0f, 27.0f)));
  return byteAt(image, (min(place.x, 27u) * 28u + min(place.y, 27u)) * 1u + channel);
}
fn valueOf(image: u32, row: u32, place: u32) -> f32 {
  let channel = place % 1u;
  let flip = rows[row] >> 30u;
  let r0 = place / 28u;
  let c0 = place / 1u % 28u;
  let r = f32(select(r0, 27u - r0, (flip & 2u) != 0u));
  let c = f32(select(c0, 27u - c0, (flip & 1u) != 0u));
  var y = along(row, 0u, r, c);
  var x = along(row, 3u, r, c);
  y = mapped(y, 27.0f);
  x = mapped(x, 27.0f);
  let near = vec2f(1.0f - y.far, 1.0f - x.far);
  return pixelAt(image, y.whole, x.whole, channel) * near.x * near.y
    + pixelAt(image, y.whole, x.whole + 1.0f, channel) * near.x * x.far
    + pixelAt(image, y.whole + 1.0f, x.whole, channel) * y.far * near.y
    + pixelAt(image, y.whole + 1.0f, x.whole + 1.0f, channel) * y.far * x.far;
}
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
