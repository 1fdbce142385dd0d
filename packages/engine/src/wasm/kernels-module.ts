import { GichoError } from '@gicho/core'

/** Which of the four builds of the kernels. */
export interface KernelBuild {
  readonly relaxed: boolean
  readonly shared: boolean
}

async function base64Of({ relaxed, shared }: KernelBuild): Promise<string> {
  if (relaxed)
    return (shared ? await import('./builds/relaxed-shared.ts') : await import('./builds/relaxed-unshared.ts')).base64
  return (shared ? await import('./builds/plain-shared.ts') : await import('./builds/plain-unshared.ts')).base64
}

/** A module that is valid only where relaxed SIMD is: one function, f32x4.relaxed_madd of three zeros. */
const RELAXED_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 17, 65, 0, 253, 17, 65,
  0, 253, 17, 253, 133, 2, 11,
])

/** True where the runtime compiles relaxed SIMD (one instruction for a multiply-add). */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(RELAXED_PROBE)
}

/** Compiles one build. @throws GichoError `unavailable` where WebAssembly or its SIMD is missing */
export async function compileKernels(build: KernelBuild): Promise<WebAssembly.Module> {
  const text = atob(await base64Of(build))
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0))
  try {
    return await WebAssembly.compile(bytes)
  } catch (error) {
    throw new GichoError(
      'unavailable',
      'engine wasm: this runtime cannot compile WebAssembly with SIMD. Update the browser or Node, or use the tfjs engine.',
      {
        cause: error,
      },
    )
  }
}
