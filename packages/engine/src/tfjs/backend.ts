import { type DeviceInfo, GichoError, messageOf } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { registerMissingKernels, withOwnKernels } from './kernels.ts'
import { isRecord } from './record.ts'

/** The tfjs backends that the eager engine can run on. */
export type BackendName = 'cpu' | 'wasm' | 'webgpu' | 'tensorflow'

/** A backend by name, or `auto`: the fastest that this machine has. */
export type TfjsBackend = 'auto' | BackendName

/** How a backend is brought up: registers it with tfjs where needed and says what it runs on. */
export interface BackendDriver {
  /** @throws GichoError `unavailable` with the reason and the remedy */
  start(options: StartOptions): Promise<DeviceInfo>
}

/** What the caller of {@link BackendDriver.start} allows. */
export interface StartOptions {
  /** False: a GPU that is emulated on the CPU counts as none. */
  readonly acceptSoftware: boolean
  /** False: a TensorFlow that sees no GPU counts as none. True unless said. */
  readonly acceptCpuTensorflow?: boolean
  /** Folder (path in Node, URL in a browser) with tfjs-backend-wasm's three `.wasm` files. */
  readonly wasmPath?: string
}

/** One driver for each backend of an environment. */
export type BackendDrivers = Readonly<Record<BackendName, BackendDriver>>

/** A started backend. */
export interface Backend {
  readonly device: DeviceInfo
  /** Does synchronous work on this backend and puts the program's own backend back afterwards. */
  run<T>(work: () => T): T
}

/** What one backend of this machine is, for `gicho doctor`. */
export interface BackendReport {
  readonly backend: BackendName
  readonly available: boolean
  /** The device in words; empty when there is none. */
  readonly device: string
  /** Why it isn't available, and what to do about it. */
  readonly reason?: string
}

/** Fastest first: the order in which `auto` tries them. */
const FASTEST_FIRST: readonly BackendName[] = ['webgpu', 'tensorflow', 'wasm', 'cpu']

/** Starts the backend that was asked for. @throws GichoError `unavailable`, `bad-argument` for an unknown name */
export async function startBackend(drivers: BackendDrivers, wanted: string, wasmPath?: string): Promise<Backend> {
  const paths = wasmPath === undefined ? {} : { wasmPath }
  if (wanted === 'auto') return startFastest(drivers, paths)
  const name = FASTEST_FIRST.find((known) => known === wanted)
  if (name === undefined) {
    throw new GichoError('bad-argument', `backend: expected auto, ${FASTEST_FIRST.join(', ')}, got "${wanted}".`)
  }
  return makeBackend(name, await drivers[name].start({ acceptSoftware: true, ...paths }))
}

async function startFastest(drivers: BackendDrivers, paths: { wasmPath?: string }): Promise<Backend> {
  const reasons: string[] = []
  for (const name of FASTEST_FIRST) {
    try {
      return makeBackend(
        name,
        await drivers[name].start({ acceptSoftware: false, acceptCpuTensorflow: false, ...paths }),
      )
    } catch (error) {
      reasons.push(messageOf(error))
    }
  }
  throw new GichoError('unavailable', `no tfjs backend could be started:\n${reasons.join('\n')}`)
}

/** Which backends are looked for. */
export interface BackendSearch {
  /** All unless said. */
  readonly backends?: readonly BackendName[]
  /** False passes over a GPU that is emulated on the CPU, as `auto` does, and doesn't load Dawn where there is no GPU. True unless said. */
  readonly acceptSoftware?: boolean
}

/** Tries the backends in turn, fastest first; starts those that are there. */
export async function reportBackends(drivers: BackendDrivers, search: BackendSearch = {}): Promise<BackendReport[]> {
  const { backends = FASTEST_FIRST, acceptSoftware = true } = search
  const reports: BackendReport[] = []
  for (const backend of FASTEST_FIRST.filter((name) => backends.includes(name))) {
    try {
      const device = await drivers[backend].start({ acceptSoftware })
      reports.push({ backend, available: true, device: device.name })
    } catch (error) {
      reports.push({ backend, available: false, device: '', reason: messageOf(error) })
    }
  }
  return reports
}

/**
 * tfjs has one active backend for the whole program. Every piece of our work is synchronous between two changes of it,
 * so the program that trains with us may use another backend at the same time.
 */
function makeBackend(name: BackendName, device: DeviceInfo): Backend {
  registerMissingKernels(name)
  return {
    device,
    run(work) {
      const previous = tf.getBackend()
      if (previous === name) return withOwnKernels(name, work)
      // setBackend takes effect at once for a backend that is up; its promise has nothing to wait for.
      void tf.setBackend(name)
      try {
        return withOwnKernels(name, work)
      } finally {
        if (previous) void tf.setBackend(previous)
      }
    },
  }
}

/** True for an initialised backend. tf.findBackend won't do: it initialises what it finds, before its paths are set. */
export function isUp(name: BackendName): boolean {
  return tf.engine().registry[name] !== undefined
}

/** Checks that a program which calls tfjs by itself has imported a backend. @throws GichoError `unavailable` with the lines that do it */
export function checkBackend(what: string): void {
  if (Object.keys(tf.engine().registryFactory).length > 0) return
  const name = '@tensorflow/tfjs-backend-cpu'
  throw new GichoError(
    'unavailable',
    `${what}: tensors need a backend of tfjs, and none is imported. Add the line import '${name}' ` +
      `(npm install ${name}@${tf.version_core}), or another backend's.`,
  )
}

/** Initialises a registered backend and puts the program's own back. @throws GichoError `unavailable` */
export async function initialise(name: BackendName, remedy: string): Promise<void> {
  if (isUp(name)) return
  const previous = tf.getBackend()
  let reason = 'it could not be initialised'
  try {
    if (await tf.setBackend(name)) return
  } catch (error) {
    reason = messageOf(error)
  } finally {
    if (previous) await tf.setBackend(previous)
  }
  throw new GichoError('unavailable', `backend ${name}: ${reason}. ${remedy}`)
}

/** Loads an optional peer. @throws GichoError `unavailable` with the line that installs it */
export async function loadOptional<T>(backend: BackendName, packageName: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    throw new GichoError(
      'unavailable',
      `backend ${backend}: ${packageName} ${whyNotLoaded(error)}. Install it with: npm install ${packageName}`,
      { cause: error },
    )
  }
}

/** "is not installed", or what its own code complained of. */
export function whyNotLoaded(error: unknown): string {
  const code = isRecord(error) ? error.code : undefined
  const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
  return missing ? 'is not installed' : `could not be loaded (${messageOf(error).split('\n', 1)[0]})`
}
