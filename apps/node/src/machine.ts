import type { Engine } from '@gicho/core'
import type { BackendReport, BackendSearch, TfjsEngineOptions } from '@gicho/engine/tfjs'
import type { GpuReport, GpuSearch, WebGpuEngineOptions } from '@gicho/engine/webgpu'
import type { ReportLine } from '@gicho/tensorflow/setup'

/** What a machine has to train with. Every engine is loaded when it is asked for. */
export interface Machine {
  /** Whether there is a GPU for the compiled engine. */
  gpu(search?: GpuSearch): Promise<GpuReport>
  /** True where a TensorFlow with CUDA is set up, or tfjs-node-gpu installed; whether it sees a GPU, only its backend knows. */
  hasCudaTensorflow(): Promise<boolean>
  /** The parts of a TensorFlow that was set up; none where none was. */
  tensorflow(): Promise<readonly ReportLine[]>
  /** Which backends tfjs has; starts those that it finds. */
  backends(search?: BackendSearch): Promise<readonly BackendReport[]>
  webgpu(options?: WebGpuEngineOptions): Promise<Engine>
  /** @param threads the cores unless said */
  wasm(threads?: number): Promise<Engine>
  tfjs(options?: TfjsEngineOptions): Promise<Engine>
}

/** The machine that this process runs on. */
export const thisMachine: Machine = {
  gpu: async (search) => (await import('@gicho/engine/webgpu')).availableGpu(search),
  async hasCudaTensorflow() {
    if ((await import('@gicho/tensorflow/setup')).readSetup()?.gpu) return true
    try {
      import.meta.resolve('@tensorflow/tfjs-node-gpu')
      return true
    } catch {
      return false
    }
  },
  async tensorflow() {
    const { readSetup, reportTensorflow } = await import('@gicho/tensorflow/setup')
    return readSetup() ? reportTensorflow() : []
  },
  backends: async (search) => (await import('@gicho/engine/tfjs')).availableBackends(search),
  webgpu: async (options) => (await import('@gicho/engine/webgpu')).webgpuEngine(options),
  wasm: async (threads) => (await import('@gicho/engine/wasm')).wasmEngine(threads === undefined ? {} : { threads }),
  tfjs: async (options) => (await import('@gicho/engine/tfjs')).tfjsEngine(options),
}
