import type { ShaderFeatures } from './kernels/workgroup-sum.ts'

/** Features that are asked of an adapter, where it has them. */
export const WANTED_FEATURES: readonly GPUFeatureName[] = ['subgroups']

/** Subgroups alone don't tell a thread which one it is in: that came to WGSL later, and only compiling tells whether it is there. */
const PROBE = `enable subgroups;
requires subgroup_id;
@compute @workgroup_size(64) fn main(@builtin(subgroup_id) id: u32) { _ = subgroupAdd(f32(id)); }`

/** What the shaders of a device may use: of what it was opened with, what its compiler takes. */
export async function featuresOf(device: GPUDevice): Promise<ShaderFeatures> {
  if (!device.features.has('subgroups')) return { subgroups: false }
  device.pushErrorScope('validation')
  device.createShaderModule({ label: 'probe of subgroups', code: PROBE })
  const error = await device.popErrorScope().catch(() => undefined)
  return { subgroups: error === null }
}
