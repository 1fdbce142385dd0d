import { access, constants, mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileErrorWords, GichoError, replaceFile } from '@gicho/core'
import { PARTS, setupFolder } from '../setup-folder.node.ts'
import { platformName, readRecord, recordText, type SetupRecord, whyStale } from '../setup-record.node.ts'
import { checkFolder, checkRoom, checkSystem } from './check-machine.node.ts'
import { isUntried, whyUnfit } from './check-wheel.node.ts'
import { choosePython } from './choose-python.node.ts'
import { compileAddons } from './compile.node.ts'
import { hasNvidiaDriver } from './cuda-libraries.node.ts'
import { installPackages } from './install-packages.node.ts'
import { installWheel } from './install-wheel.node.ts'
import { locked } from './lock.node.ts'
import { type Proof, proveTraining } from './prove.node.ts'
import { inspectPython, type Python } from './python.node.ts'
import type { RunOptions } from './run-command.node.ts'
import { testedVersions } from './tested.node.ts'

/** Options of {@link setUpTensorflow}. */
export interface SetupOptions {
  /** TensorFlow with CUDA, for an NVIDIA GPU on Linux. Default false. */
  readonly gpu?: boolean | undefined
  /** This Python, and no other: its TensorFlow where it has one, else it makes the environment. */
  readonly python?: string | undefined
  /** Default `GICHO_TENSORFLOW_DIR`, else gicho's folder among the user's data. */
  readonly folder?: string | undefined
  /** Builds anew what is there already. Default false. */
  readonly again?: boolean | undefined
  /** Told what is done, a line at a time. */
  readonly onStep?: (line: string) => void
  /** Given what pip, npm and the compiler write. */
  readonly onOutput?: (text: string) => void
  readonly signal?: AbortSignal | undefined
}

/** A finished setup, and what a training step on it ran on. */
export interface Setup {
  readonly record: SetupRecord
  readonly proof: Proof
  /** True when everything was there already. */
  readonly unchanged: boolean
}

/**
 * Sets up TensorFlow for tfjs in Node: finds or installs its Python wheel, installs tfjs-node's package without its
 * installer, builds the binding, trains a step. What is there already is kept; what is half done is done anew.
 *
 * @throws GichoError `unavailable`, `io`, `bad-argument` in a sentence with what mends it
 */
export async function setUpTensorflow(options: SetupOptions = {}): Promise<Setup> {
  const { gpu = false, again = false, onStep: say = () => undefined, signal } = options
  const folder = options.folder === undefined ? setupFolder() : resolve(options.folder)
  checkSystem(gpu)
  await prepareFolder(folder)
  return locked(folder, async () => {
    const earlier = again ? undefined : await usable(folder, options)
    if (earlier) return { record: earlier, proof: await proveTraining(earlier, signal), unchanged: true }
    await rm(join(folder, PARTS.record), { force: true })
    if (gpu && !hasNvidiaDriver())
      say("NVIDIA's driver (libcuda.so.1) isn't here: the setup will work, on the CPU until there is one.")
    const { python, wheel } = await findWheel(folder, options)
    const tested = testedVersions()
    const run: RunOptions = { show: options.onOutput, signal }
    say(`Installing tfjs-node ${tested.tfjsNode} into ${folder}`)
    await installPackages(folder, tested, gpu, run)
    say(`Building the binding against TensorFlow ${wheel.version}`)
    const compiler = await compileAddons(folder, wheel, gpu, run)
    const record: SetupRecord = {
      ...{ folder, platform: platformName(), gpu, python: python.executable, wheel },
      ...{ tfjsNode: tested.tfjsNode, compiler, node: process.version },
    }
    say('Training a step on it')
    const proof = await proveTraining(record, signal)
    await replaceFile(join(folder, PARTS.record), recordText(record))
    return { record, proof, unchanged: false }
  })
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (cause) {
    throw new GichoError('io', `${folder} can't be written: ${fileErrorWords(cause)}. Name another with --dir DIR.`, {
      cause,
    })
  }
  await checkFolder(folder)
}

/** The earlier setup, where it is what is asked for and still works. */
async function usable(folder: string, { gpu = false, python, signal }: SetupOptions): Promise<SetupRecord | undefined> {
  let record: SetupRecord | undefined
  try {
    record = readRecord(folder)
  } catch {
    return undefined
  }
  if (record === undefined || record.gpu !== gpu || whyStale(record, folder)) return undefined
  if (python === undefined) return record
  return (await inspectPython(python, signal))?.tensorflow?.folder === record.wheel.folder ? record : undefined
}

async function findWheel(
  folder: string,
  options: SetupOptions,
): Promise<{ python: Python; wheel: SetupRecord['wheel'] }> {
  const { gpu = false, onStep: say = () => undefined, signal } = options
  const tested = testedVersions()
  const choice = await choosePython({ named: options.python, gpu, tested, env: process.env, say, signal })
  if (choice.kind !== 'ready') {
    await checkRoom(folder, gpu)
    say(`Installing TensorFlow${gpu ? ' with CUDA' : ''} by ${choice.maker === 'uv' ? 'uv' : 'pip'} (some minutes)`)
  }
  const python =
    choice.kind === 'ready'
      ? choice.python
      : await installWheel(folder, choice, tested, gpu, { show: options.onOutput, signal })
  const wheel = python.tensorflow
  const unfit = wheel ? whyUnfit(wheel, tested, gpu) : 'is missing'
  if (wheel === undefined || unfit) {
    throw new GichoError(
      'unavailable',
      `TensorFlow of ${python.executable} ${unfit}. Name another Python with --python PATH.`,
    )
  }
  if (choice.kind === 'ready') say(`Found TensorFlow ${wheel.version} of ${python.executable}`)
  if (isUntried(wheel, tested))
    say(`TensorFlow ${wheel.version} is newer than any that was tried (below ${tested.below}).`)
  return { python, wheel }
}
