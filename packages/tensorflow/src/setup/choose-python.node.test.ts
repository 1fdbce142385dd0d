import { afterEach, expect, test, vi } from 'vitest'
import { fakePython, fakeWheel, onlyCommands } from '../../test/fake-machine.ts'
import { choosePython, type PythonChoice } from './choose-python.node.ts'
import { testedVersions } from './tested.node.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const said: string[] = []
function choose(options: { named?: string; gpu?: boolean } = {}): Promise<PythonChoice> {
  said.length = 0
  return choosePython({
    named: options.named,
    gpu: options.gpu ?? false,
    tested: testedVersions(),
    env: process.env,
    say: (line) => said.push(line),
  })
}

test('a Python with a fitting TensorFlow is built against', async () => {
  onlyCommands({ python3: fakePython({ tensorflow: { version: '2.21.0', folder: fakeWheel() } }) })
  expect(await choose()).toMatchObject({ kind: 'ready', python: { tensorflow: { version: '2.21.0' } } })
})

test.each([
  ['2.9.1', 'is 2.9.1; 2.16 or newer is needed'],
  ['2.22.0.dev20261101', 'is a nightly or a pre-release (2.22.0.dev20261101)'],
  ['2.21.0rc1', 'is a nightly or a pre-release (2.21.0rc1)'],
])('a TensorFlow %s is passed over with the reason, and another installed', async (version, reason) => {
  onlyCommands({ python3: fakePython({ tensorflow: { version, folder: fakeWheel() } }) })
  expect(await choose()).toMatchObject({ kind: 'base', maker: 'venv' })
  expect(said[0]).toContain(reason)
})

test('a wheel without headers, without its library, or without CUDA where a GPU is asked for, is passed over', async () => {
  const whole = { version: '2.21.0', folder: fakeWheel() }
  for (const [tensorflow, gpu, reason] of [
    [{ ...whole, folder: fakeWheel({ headers: false }) }, false, 'comes without its headers'],
    [{ ...whole, folder: fakeWheel({ library: false }) }, false, 'has no libtensorflow_cc to link with'],
    [whole, true, 'is built for the CPU alone, and --gpu needs CUDA'],
  ] as const) {
    onlyCommands({ python3: fakePython({ tensorflow }) })
    expect((await choose({ gpu })).kind).toBe('base')
    expect(said[0]).toContain(reason)
  }
})

test('no Python at all: the command that installs one is named', async () => {
  onlyCommands({})
  await expect(choose()).rejects.toThrow('got none. Debian and Ubuntu: sudo apt install python3 python3-venv')
})

test('a Python that is too old is named with its version', async () => {
  onlyCommands({ python3: fakePython({ version: [3, 7] }) })
  await expect(choose()).rejects.toThrow(
    'expected is Python 3.9 or newer, of 64 bits; got /fake/python3 is 3.7, 64 bits',
  )
})

test('a Python without venv and ensurepip: what is missing is named, and uv is taken where it is', async () => {
  onlyCommands({ python3: fakePython({ venv: false }) })
  await expect(choose()).rejects.toThrow("can't make environments: it comes without venv or ensurepip")
  onlyCommands({ python3: fakePython({ venv: false }), uv: 'echo uv 0.9.0' })
  expect(await choose()).toMatchObject({ kind: 'base', maker: 'uv' })
  onlyCommands({ uv: 'echo uv 0.9.0' })
  expect(await choose()).toEqual({ kind: 'none', maker: 'uv' })
})

test('a Python that was named is taken or refused, never another', async () => {
  const folder = onlyCommands({
    python3: fakePython({ tensorflow: { version: '2.21.0', folder: fakeWheel() } }),
    broken: 'exit 1',
    talks: 'echo hello',
  })
  for (const name of ['broken', 'talks', 'missing'])
    await expect(choose({ named: `${folder}/${name}` })).rejects.toThrow(
      "expected a Python 3, and it doesn't run as one",
    )
})
