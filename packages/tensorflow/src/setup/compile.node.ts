import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { GichoError } from '@gicho/core'
import { packagePath } from '../package-path.node.ts'
import { PARTS, packageName } from '../setup-folder.node.ts'
import type { Wheel } from '../setup-record.node.ts'
import { type RunOptions, runCommand } from './run-command.node.ts'

/** What comes out, from which sources; tfjs' own lie in its package, ours beside this one's `dist`. */
interface Addon {
  readonly name: string
  readonly sources: readonly string[]
  readonly usesTensorflow: boolean
}

function addons(folder: string, gpu: boolean): Addon[] {
  const binding = join(folder, PARTS.packages, packageName(gpu), 'binding')
  const own = packagePath('native')
  return [
    { name: 'standard-error', sources: [join(own, 'standard-error.cc')], usesTensorflow: false },
    { name: 'placement', sources: [join(own, 'placement.cc')], usesTensorflow: true },
    {
      name: 'tfjs_binding',
      sources: ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(binding, file)),
      usesTensorflow: true,
    },
  ]
}

/**
 * Builds the binding, and what we add to it, against a wheel's libraries and headers. Each is built under another name
 * and renamed, so that an interrupted build leaves nothing that looks finished.
 *
 * @returns the compiler's name and version
 * @throws GichoError `unavailable` when there is no compiler, or it fails
 */
export async function compileAddons(folder: string, wheel: Wheel, gpu: boolean, options: RunOptions): Promise<string> {
  const compiler = await findCompiler(options)
  const place = join(folder, PARTS.native)
  await rm(place, { recursive: true, force: true })
  await mkdir(place)
  for (const addon of addons(folder, gpu)) {
    const file = join(place, `${addon.name}.node`)
    const args = compilerArguments(folder, wheel, addon, `${file}.part`)
    const { code, output } = await runCommand(compiler.command, args, options)
    if (code !== 0) {
      const error = /(?:fatal )?error:.*/.exec(output)?.[0] ?? output.trim().split('\n').at(-1) ?? ''
      throw new GichoError(
        'unavailable',
        `${compiler.version} could not build ${addon.name} against TensorFlow ${wheel.version} (${error.slice(0, 200)}). ` +
          (/no space left/i.test(output)
            ? 'The disk is full: make room, then run it again.'
            : 'A compiler with C++17 is needed: GCC 8, Clang 7 or newer; CXX=PATH names another.'),
      )
    }
    await rename(`${file}.part`, file)
  }
  return compiler.version
}

/** The compiler's command, and what it calls itself. @throws GichoError `unavailable` where there is none */
async function findCompiler(options: RunOptions): Promise<{ command: string; version: string }> {
  const named = process.env.CXX
  for (const command of named ? [named] : ['c++', 'g++', 'clang++']) {
    const { code, stdout } = await runCommand(command, ['--version'], { signal: options.signal })
    if (code === 0) return { command, version: stdout.split('\n', 1)[0]?.trim() || command }
  }
  throw new GichoError(
    'unavailable',
    `${named ? `CXX=${named}: expected a C++ compiler, and it doesn't run` : 'no C++ compiler was found (c++, g++, clang++)'}. ` +
      'Debian and Ubuntu: sudo apt install g++. Fedora: sudo dnf install gcc-c++. macOS: xcode-select --install.',
  )
}

function compilerArguments(folder: string, wheel: Wheel, addon: Addon, out: string): string[] {
  const mac = process.platform === 'darwin'
  const headers = join(folder, PARTS.packages, 'node-api-headers', 'include')
  const common = [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', '-w'],
    ...['-DNAPI_VERSION=8', `-DNODE_GYP_MODULE_NAME=${addon.name.replace('-', '_')}`],
    ...(mac ? ['-undefined', 'dynamic_lookup'] : []),
    ...[`-I${headers}`, ...addon.sources, '-o', out],
  ]
  if (!addon.usesTensorflow) return common
  const libraries = mac
    ? ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'].map((name) => join(wheel.folder, name))
    : [`-L${wheel.folder}`, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2']
  return [`-I${join(wheel.folder, 'include')}`, ...common, ...libraries, `-Wl,-rpath,${wheel.folder}`]
}
