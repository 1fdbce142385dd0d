import { GichoError } from '@gicho/core'
import type { GpuPlan } from '../plan/gpu-plan.ts'
import type { DeviceWatch } from './device-watch.ts'
import { shaderOfCall } from './kernels/index.ts'
import { MOST_GROUPS, type Shader } from './kernels/shader.ts'
import type { ShaderFeatures } from './kernels/workgroup-sum.ts'
import { featuresOf } from './shader-features.ts'

interface Dispatch {
  /** What it does, in a few words. */
  readonly name: string
  readonly pipeline: GPUComputePipeline
  readonly workgroups: Shader['workgroups']
}

/** A plan with its compiled shaders. */
export interface Program {
  readonly plan: GpuPlan
  readonly dispatches: readonly Dispatch[]
}

/** Told while shaders are compiled: how many of how many are done. */
export type OnCompile = (done: number, count: number) => void

/** What every shader binds: the arena, images, labels, the run's rows, the record of the step, tensors as 16-bit floats. */
function layoutOf(device: GPUDevice): GPUBindGroupLayout {
  const visibility = GPUShaderStage.COMPUTE
  const readOnly = [1, 2, 3].map((binding) => ({
    binding,
    visibility,
    buffer: { type: 'read-only-storage' as const },
  }))
  return device.createBindGroupLayout({
    entries: [
      { binding: 0, visibility, buffer: { type: 'storage' } },
      ...readOnly,
      { binding: 4, visibility, buffer: { type: 'uniform', hasDynamicOffset: true } },
      { binding: 5, visibility, buffer: { type: 'storage' } },
    ],
  })
}

/** Compiles shaders, each text once for a device, all of a plan side by side. */
export class Programs {
  readonly layout: GPUBindGroupLayout
  readonly #device: GPUDevice
  readonly #watch: DeviceWatch
  readonly #pipelineLayout: GPUPipelineLayout
  readonly #features: Promise<ShaderFeatures>
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>()

  constructor(device: GPUDevice, watch: DeviceWatch) {
    this.#device = device
    this.#watch = watch
    this.#features = featuresOf(device)
    this.layout = layoutOf(device)
    this.#pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [this.layout] })
  }

  /** @throws GichoError `engine-failed` with the compiler's words and the kernel's name */
  async compile(plan: GpuPlan, onCompile?: OnCompile): Promise<Program> {
    const features = await this.#watch.wait(this.#features)
    let done = 0
    const dispatches = await Promise.all(
      plan.calls.map(async (call) => {
        const { name, code, workgroups } = shaderOfCall(call, features)
        checkWorkgroups(name, workgroups)
        const pipeline = await this.#pipeline(call.kernel, code)
        onCompile?.(++done, plan.calls.length)
        return { name, pipeline, workgroups }
      }),
    )
    return { plan, dispatches }
  }

  #pipeline(kernel: string, code: string): Promise<GPUComputePipeline> {
    const known = this.#pipelines.get(code)
    if (known) return known
    const made = this.#make(kernel, code)
    this.#pipelines.set(code, made)
    return made
  }

  async #make(kernel: string, code: string): Promise<GPUComputePipeline> {
    this.#watch.check()
    this.#device.pushErrorScope('validation')
    const module = this.#device.createShaderModule({ label: kernel, code })
    const scope = this.#device.popErrorScope()
    const pipeline = this.#device.createComputePipelineAsync({
      label: kernel,
      layout: this.#pipelineLayout,
      compute: { module, entryPoint: 'main' },
    })
    // Looked at first: it has the compiler's words, the pipeline only says that there is none.
    pipeline.catch(() => undefined)
    const error = await this.#watch.wait(scope)
    if (error) {
      throw new GichoError(
        'engine-failed',
        `engine webgpu: the kernel ${kernel} doesn't compile: ${error.message.trim()} Report it with your GPU and driver.`,
      )
    }
    return this.#watch.wait(pipeline)
  }
}

/** Refuses what no GPU dispatches. @throws GichoError `unsupported` */
export function checkWorkgroups(name: string, workgroups: Shader['workgroups']): void {
  if (workgroups.every((count) => count <= MOST_GROUPS)) return
  throw new GichoError(
    'unsupported',
    `engine webgpu: the layer behind "${name}" is too wide for a GPU: ${workgroups.join(' x ')} workgroups, ` +
      `and an axis has at most ${MOST_GROUPS}. Train it with the wasm engine.`,
  )
}

const known = new WeakMap<GPUDevice, { readonly programs: Programs; readonly watch: DeviceWatch }>()

/** The programs of a device: sessions on one device share what is compiled. */
export function programsOf(
  device: GPUDevice,
  makeWatch: () => DeviceWatch,
): { readonly programs: Programs; readonly watch: DeviceWatch } {
  const before = known.get(device)
  if (before) return before
  const watch = makeWatch()
  const made = { watch, programs: new Programs(device, watch) }
  known.set(device, made)
  return made
}
