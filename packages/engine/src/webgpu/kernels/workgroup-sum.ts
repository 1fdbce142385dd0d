/*
 * The sum of one value a thread over a workgroup, always in the same order: threads that run together add theirs up in registers where
 * the device can (`subgroups`), and leave one value each in shared memory; without, halves are added to halves there.
 */

/** What a device can do beyond what every one can. */
export interface ShaderFeatures {
  /** Values pass between the threads of a subgroup, and a thread knows which subgroup it is in. */
  readonly subgroups: boolean
}

/** A workgroup holds at most so many subgroups of four threads, the smallest that there are. */
const SMALLEST_SUBGROUP = 4

/** What a kernel that sums needs: directives before everything else, then declarations, and the entry point's own parameter. */
interface WorkgroupSum {
  readonly directives: string
  /** `struct Place`, of which `thread` is the thread's index; `fn total(v: TYPE, place: Place) -> TYPE`, the same in every thread. */
  readonly text: string
}

/** Called by all threads of a workgroup of `threads`, a power of two, as often as wanted. */
export function workgroupSum(type: 'f32' | 'vec2f' | 'vec4f', threads: number, features: ShaderFeatures): WorkgroupSum {
  return features.subgroups ? overSubgroups(type, threads) : overHalves(type, threads)
}

function overSubgroups(type: string, threads: number): WorkgroupSum {
  return {
    directives: 'enable subgroups;\nrequires subgroup_id;\n',
    text: `struct Place {
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) lane: u32,
}
var<workgroup> merged: array<${type}, ${threads / SMALLEST_SUBGROUP}>;
fn total(v: ${type}, place: Place) -> ${type} {
  let own = subgroupAdd(v);
  workgroupBarrier();
  if (place.lane == 0u) { merged[place.subgroup] = own; }
  workgroupBarrier();
  var sum = merged[0];
  for (var i = 1u; i < place.subgroups; i++) { sum += merged[i]; }
  return sum;
}`,
  }
}

function overHalves(type: string, threads: number): WorkgroupSum {
  return {
    directives: '',
    text: `struct Place { @builtin(local_invocation_index) thread: u32 }
var<workgroup> merged: array<${type}, ${threads}>;
fn total(v: ${type}, place: Place) -> ${type} {
  workgroupBarrier();
  merged[place.thread] = v;
  workgroupBarrier();
  for (var half = ${threads / 2}u; half > 0u; half /= 2u) {
    if (place.thread < half) { merged[place.thread] += merged[place.thread + half]; }
    workgroupBarrier();
  }
  return merged[0];
}`,
  }
}
