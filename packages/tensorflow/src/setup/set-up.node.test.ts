import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { fakePython, fakeWheel, onlyCommands, temporaryFolder } from '../../test/fake-machine.ts'
import { checkSystem } from './check-machine.node.ts'
import { compareVersions } from './check-wheel.node.ts'
import { findCudaLibraries } from './cuda-libraries.node.ts'
import { removeTensorflow } from './remove.node.ts'
import { reportTensorflow } from './report.node.ts'
import { setUpTensorflow } from './set-up.node.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const ready = (): string => fakePython({ tensorflow: { version: '2.21.0', folder: fakeWheel() } })

/** npm that makes the folders of what it would install. */
const NPM = 'mkdir -p node_modules/@tensorflow'

test('npm that fails is named with its words, and leaves no setup', async () => {
  const folder = temporaryFolder()
  onlyCommands({ python3: ready(), npm: 'echo "npm error code E404" >&2; exit 1' })
  await expect(setUpTensorflow({ folder })).rejects.toThrow('npm could not install @tensorflow/tfjs-node 4.22.0')
  expect(existsSync(join(folder, 'setup.json'))).toBe(false)
  expect(existsSync(join(folder, 'setup.lock'))).toBe(false)
})

test('no compiler: the command that installs one is named', async () => {
  onlyCommands({ python3: ready(), npm: NPM, mkdir: 'exec /bin/mkdir "$@"' })
  await expect(setUpTensorflow({ folder: temporaryFolder() })).rejects.toThrow(
    'no C++ compiler was found (c++, g++, clang++). Debian and Ubuntu: sudo apt install g++',
  )
  vi.stubEnv('CXX', '/not/there')
  await expect(setUpTensorflow({ folder: temporaryFolder() })).rejects.toThrow(
    'CXX=/not/there: expected a C++ compiler',
  )
})

test('a compiler that fails is quoted with its first error', async () => {
  const cxx =
    'if [ "$1" = --version ]; then echo "c++ 4.8"; else echo "a.cc:1: error: unrecognized option -std=c++17" >&2; exit 1; fi'
  onlyCommands({ python3: ready(), npm: NPM, mkdir: 'exec /bin/mkdir "$@"', 'c++': cxx })
  await expect(setUpTensorflow({ folder: temporaryFolder() })).rejects.toThrow(
    /c\+\+ 4\.8 could not build standard-error against TensorFlow 2\.21\.0 \(error: unrecognized option -std=c\+\+17\)/,
  )
})

test('a folder with something else in it is not touched', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'thesis.txt'), 'mine')
  await expect(setUpTensorflow({ folder })).rejects.toThrow('there is "thesis.txt" in it. Name another with --dir DIR.')
  await expect(setUpTensorflow({ folder: join(folder, 'thesis.txt') })).rejects.toThrow("can't be written")
  expect(readdirSync(folder)).toEqual(['thesis.txt'])
})

test('two setups at once: the second is told; what a dead one left is no hindrance', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'setup.lock'), String(process.pid))
  await expect(setUpTensorflow({ folder })).rejects.toThrow(`Another setup (process ${process.pid}) is at work there`)
  writeFileSync(join(folder, 'setup.lock'), '999999999')
  onlyCommands({})
  await expect(setUpTensorflow({ folder })).rejects.toThrow('expected is Python 3.9 or newer')
})

test('a setup that was aborted is no setup', async () => {
  const folder = temporaryFolder()
  const control = new AbortController()
  onlyCommands({ python3: ready(), npm: 'exec /bin/sleep 30' })
  const running = setUpTensorflow({ folder, signal: control.signal, onStep: () => control.abort(new Error('stopped')) })
  await expect(running).rejects.toThrow('stopped')
  expect(existsSync(join(folder, 'setup.lock'))).toBe(false)
})

test.each([
  ['win32-x64', false, 'Use WSL (Linux in Windows)'],
  ['linux-arm', false, 'expected Linux on x64 or arm64, or macOS on Apple silicon'],
  ['darwin-x64', false, 'expected Linux on x64 or arm64'],
  ['linux-x64', true, "TensorFlow's wheels need glibc"],
])('%s (musl: %s) is told what to use', (platform, musl, words) => {
  expect(() => checkSystem(false, platform, musl)).toThrow(words)
})

test('a Mac has no CUDA', () => {
  expect(() => checkSystem(true, 'darwin-arm64', false)).toThrow('--engine webgpu')
  expect(() => checkSystem(false, 'darwin-arm64', false)).not.toThrow()
})

test('versions are compared by their numbers', () => {
  expect(compareVersions('2.9.1', '2.16')).toBeLessThan(0)
  expect(compareVersions('2.16.0', '2.16')).toBe(0)
  expect(compareVersions('2.21.0', '2.16.2')).toBeGreaterThan(0)
})

test('removing takes what is ours alone, and nothing of a foreign folder', async () => {
  const folder = join(temporaryFolder(), 'setup')
  expect(await removeTensorflow(folder)).toMatchObject({ removed: false })
  mkdirSync(join(folder, 'venv'), { recursive: true })
  writeFileSync(join(folder, 'setup.json'), '{')
  writeFileSync(join(folder, 'thesis.txt'), 'mine')
  expect(await removeTensorflow(folder)).toMatchObject({ removed: true })
  expect(readdirSync(folder)).toEqual(['thesis.txt'])
  writeFileSync(join(folder, 'package.json'), '{}')
  await expect(removeTensorflow(folder)).rejects.toThrow("it isn't one. Nothing was removed.")
  expect(readdirSync(folder).sort()).toEqual(['package.json', 'thesis.txt'])
})

test('the report says that nothing is set up, or what is wrong with it', async () => {
  const folder = temporaryFolder()
  expect(await reportTensorflow(folder)).toEqual([
    { part: 'setup', ok: false, text: 'not set up. For tfjs on TensorFlow: npx --no gicho-tensorflow setup' },
  ])
  writeFileSync(join(folder, 'setup.json'), '[]')
  expect((await reportTensorflow(folder))[0]?.text).toContain(
    'expected an object. Run: npx --no gicho-tensorflow setup',
  )
})

test('CUDA’s libraries are found beside the wheel and in LD_LIBRARY_PATH, and the others named', () => {
  const wheel = fakeWheel()
  const cudnn = join(wheel, '..', 'nvidia', 'cudnn', 'lib')
  mkdirSync(cudnn, { recursive: true })
  writeFileSync(join(cudnn, 'libcudnn.so.9'), '')
  const other = temporaryFolder()
  writeFileSync(join(other, 'libnccl.so.2'), '')
  const found = findCudaLibraries(wheel, { LD_LIBRARY_PATH: other })
  expect(found.find(({ name }) => name === 'libcudnn')?.path).toBe(join(cudnn, 'libcudnn.so.9'))
  expect(found.find(({ name }) => name === 'libnccl')?.path).toBe(join(other, 'libnccl.so.2'))
  expect(found.find(({ name }) => name === 'libcublasLt')?.path).toBeUndefined()
})
