import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GichoError } from '@gicho/core'
import { PARTS, packageName } from '../setup-folder.node.ts'
import { sizeOf } from '../setup-record.node.ts'
import { type RunOptions, runCommand } from './run-command.node.ts'
import type { Tested } from './tested.node.ts'

/** Stands for packages that only tfjs-node's installer and tests need: they stay away. */
const EMPTY = 'nothing'

/** What tfjs-node finds in the place of packages that it would bring along. */
const SHIMS: Readonly<Record<string, { name: string; code: string }>> = {
  tfjs: {
    name: '@tensorflow/tfjs',
    code: "module.exports = globalThis[Symbol.for('@gicho/tensorflow')]\n",
  },
  'node-pre-gyp': {
    name: '@mapbox/node-pre-gyp',
    code: `exports.find = () => require('node:path').join(__dirname, '../../${PARTS.native}/tfjs_binding.node')\n`,
  },
  [EMPTY]: { name: EMPTY, code: '' },
}

/** Which of them stands where. */
const REPLACED: Readonly<Record<string, string>> = {
  '@tensorflow/tfjs': 'tfjs',
  '@mapbox/node-pre-gyp': 'node-pre-gyp',
  'adm-zip': EMPTY,
  'https-proxy-agent': EMPTY,
  rimraf: EMPTY,
  tar: EMPTY,
}

/**
 * Installs tfjs-node's own package into the setup's folder, without its installer and without its old dependencies;
 * core and layers are the caller's, by a shim. npm takes the user's own registry and checks every package's hash.
 *
 * @throws GichoError `unavailable` when npm fails
 */
export async function installPackages(
  folder: string,
  tested: Tested,
  gpu: boolean,
  options: RunOptions,
): Promise<void> {
  await rm(join(folder, PARTS.packages), { recursive: true, force: true })
  await rm(join(folder, PARTS.packageLock), { force: true })
  for (const [shim, { name, code }] of Object.entries(SHIMS)) {
    const place = join(folder, PARTS.shims, shim)
    await mkdir(place, { recursive: true })
    await writeFile(join(place, 'package.json'), `${JSON.stringify({ name, version: '0.0.0', main: 'index.js' })}\n`)
    await writeFile(join(place, 'index.js'), code)
  }
  await writeFile(join(folder, PARTS.packageFile), `${JSON.stringify(packageFile(tested, gpu), null, 2)}\n`)
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--install-links=false']
  const { code, output } = await runNpm(args, { ...options, cwd: folder })
  if (code !== 0) {
    const said = code === undefined ? 'npm is not there: it comes with Node' : output.trim().split('\n').at(-1)
    throw new GichoError(
      'unavailable',
      `npm could not install ${packageName(gpu)} ${tested.tfjsNode} into ${folder} (${said}). ` +
        'Check the connection and the registry that npm is set to (npm ping), then run it again.',
    )
  }
  const core = join(folder, PARTS.packages, '@tensorflow', 'tfjs-core')
  await symlink(join('..', '..', PARTS.shims, 'tfjs'), core, 'dir')
}

function packageFile({ tfjsNode, nodeApiHeaders, googleProtobuf, progress }: Tested, gpu: boolean): object {
  const replaced = Object.entries(REPLACED).map(([name, shim]) => [name, `file:./${PARTS.shims}/${shim}`])
  return {
    private: true,
    description: 'Made by gicho-tensorflow; removed by: npx --no gicho-tensorflow remove',
    dependencies: { [packageName(gpu)]: tfjsNode, 'node-api-headers': nodeApiHeaders },
    overrides: { ...Object.fromEntries(replaced), 'google-protobuf': googleProtobuf, progress },
  }
}

function runNpm(args: readonly string[], options: RunOptions): ReturnType<typeof runCommand> {
  const path = process.env.npm_execpath
  const isNpm = path !== undefined && /npm-cli\.c?js$/.test(path) && sizeOf(path) !== undefined
  return isNpm ? runCommand(process.execPath, [path, ...args], options) : runCommand('npm', args, options)
}
