import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { softwareWebGpuEnvironment } from '../../../packages/engine/test/software-webgpu.ts'
import { gicho } from './gicho.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-webgpu-'))
})
afterAll(() => rm(folder, { recursive: true }))

const lesson = ['train', 'mnist', '--limit', '96', '--epochs', '1', '--lang', 'en']

test('lesson 1 trains on a software GPU that is asked for by name, and is warned about', async () => {
  const args = [...lesson, '--engine', 'webgpu', '--profile', '--out', folder]
  const { code, stdout, stderr } = await gicho(args, softwareWebGpuEnvironment())
  expect(code, stderr).toBe(0)
  expect(stdout).toMatch(/is a GPU in software/)
  expect(stdout).toMatch(/Training with the webgpu engine on .*swiftshader.*software/is)
  expect(stdout).toMatch(/kernel +calls +ms +ms a call +share\n.*(product|update) dense/)
  expect(stdout).toMatch(/Epoch 1\/1: .*loss: \d/)
}, 120_000)

test('a software GPU is never chosen by itself, and another engine’s backend is refused', async () => {
  const args = [...lesson, '--json', '--out', folder]
  const { stdout } = await gicho(args, softwareWebGpuEnvironment())
  expect(stdout).toContain('"engine":"wasm"')
  const { code, stderr } = await gicho([...lesson, '--engine', 'webgpu', '--backend', 'cpu'])
  expect(code).toBe(2)
  const timed = await gicho([...lesson, '--profile'])
  expect(timed).toMatchObject({ code: 2, stderr: expect.stringContaining('Add --engine webgpu') })
  expect(stderr).toContain('--backend cpu belongs to the tfjs engine')
}, 60_000)
