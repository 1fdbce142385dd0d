// Builds the AssemblyScript kernels: writes the constants of the kernel table, then compiles the four builds
// (relaxed or plain SIMD, shared or unshared memory) into modules that carry their bytes as base64. A task of its own, so that
// turbo takes them from its cache unless kernels changed. kernel-table.ts imports nothing: it is all that they hang on.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import { controlTable, HEADER_WORDS, kernelNames, kernelTable, updateTable } from '../src/ops/kernel-table.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const kernels = `${root}src/wasm/kernels/`
const out = `${root}src/wasm/builds/`

const namespace = (name, fields) =>
  `export namespace ${name} {\n${fields.map(([key, value, type]) => `  export const ${key}: ${type ?? 'usize'} = ${value};`).join('\n')}\n}\n`
const capital = (name) => name[0].toUpperCase() + name.slice(1)
const words = (names) => names.map((name, i) => [name, 4 * i])

const generated = [
  '// Written by scripts/build-kernels.mjs from kernel-table.ts.\n',
  namespace(
    'Op',
    kernelNames.map((name, i) => [name, i, 'i32']),
  ),
  namespace('Control', Object.entries(controlTable)),
  namespace('Update', words(updateTable)),
  ...kernelNames
    .filter((name) => kernelTable[name].length > 0)
    .map((name) => namespace(capital(name), words(kernelTable[name]))),
].join('\n')
if (HEADER_WORDS !== 4) throw new Error('index.ts steps over four header words')
await writeFile(`${kernels}generated.ts`, generated)
await mkdir(out, { recursive: true })

for (const relaxed of [true, false]) {
  for (const shared of [true, false]) {
    const name = `${relaxed ? 'relaxed' : 'plain'}-${shared ? 'shared' : 'unshared'}`
    const options = [
      `${kernels}index.ts`,
      '--outFile',
      `${out}${name}.wasm`,
      '-O3',
      '--runtime',
      'stub',
      '--noAssert',
      '--uncheckedBehavior',
      'always',
      '--disableWarning',
      '201',
      '--disableWarning',
      '112',
      '--importMemory',
      '--noExportMemory',
      '--initialMemory',
      '1',
      '--maximumMemory',
      '65536',
      '--enable',
      ['simd', 'threads', ...(relaxed ? ['relaxed-simd'] : [])].join(','),
      ...(shared ? ['--sharedMemory'] : []),
    ]
    const { error, stderr } = await asc.main(options, { stderr: asc.createMemoryStream() })
    if (error) throw new Error(`${error.message}\n${stderr}`)
    const bytes = await readFile(`${out}${name}.wasm`)
    if (!WebAssembly.validate(bytes)) throw new Error(`${name}.wasm is not a valid module`)
    await writeFile(
      `${out}${name}.ts`,
      `/** The kernels, ${relaxed ? 'with' : 'without'} relaxed SIMD, for ${shared ? 'shared' : 'unshared'} memory: ${bytes.length} bytes, base64. */\nexport const base64: string =\n  '${bytes.toString('base64')}'\n`,
    )
    process.stdout.write(`kernels ${name}: ${bytes.length} bytes\n`)
  }
}
