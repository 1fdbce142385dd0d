/* The WGSL of the lessons' training steps, to be reviewed as a diff. Needs no device. */
import { rmsprop, unitRange } from '@gicho/core'
import { expect, test } from 'vitest'
import { compileForGpu } from '../src/webgpu/compile.ts'
import { shaderOfCall } from '../src/webgpu/kernels/index.ts'
import { GpuPlanMaker } from '../src/webgpu/plan-maker.ts'
import { plainAugmentation } from './augmented-input.ts'
import { lessonLayers } from './lesson-layers.ts'
import { jobFor } from './samples.ts'
import { drawnSpec } from './wasm-samples.ts'

/** What every shader begins with. */
const SHARED = /^struct Step[\s\S]*?var<uniform> run: Step;\n/m

async function listing(number: 1 | 3 | 4, subgroups = false): Promise<string> {
  const shape = number === 1 ? [784] : [28, 28, 1]
  const spec = await drawnSpec(shape, lessonLayers(number))
  const augment = number === 4 ? { augment: plainAugmentation } : {}
  const job = jobFor(spec, { optimizer: rmsprop(), batchSize: 32, input: unitRange(shape), ...augment })
  const maker = new GpuPlanMaker(job, compileForGpu(job), 32)
  maker.placeData('train', [28, 28, 1])
  const { calls } = maker.make('train', 'train', 32, false)
  const shaders = calls.map((call) => shaderOfCall(call, { subgroups }))
  const bindings = SHARED.exec(shaders[0]?.code ?? '')?.[0] ?? ''
  const texts = shaders.map(
    ({ code, workgroups }, i) => `// ${i + 1}: workgroups ${workgroups.join(' x ')}\n${code.replace(bindings, '')}`,
  )
  return [`// ${calls.length} dispatches a step of 32 images; each begins with:\n${bindings}`, ...texts].join('\n')
}

test.each([1, 3] as const)('lesson %d', async (number) => {
  await expect(await listing(number)).toMatchFileSnapshot(`./__snapshots__/lesson${number}.wgsl`)
})

test('lesson 4 differs in its first kernel', async () => {
  const drawn = await listing(4)
  const part = drawn.slice(drawn.indexOf('// 1: '), drawn.indexOf('// 2: '))
  await expect(part).toMatchFileSnapshot('./__snapshots__/lesson4.wgsl')
})

test('with subgroups the kernels that sum over a workgroup differ', async () => {
  const shadersOf = (text: string): string[] => text.split(/^(?=\/\/ \d+: )/m)
  const plain = shadersOf(await listing(3))
  const other = shadersOf(await listing(3, true)).filter((shader, i) => shader !== plain[i])
  await expect(other.join('')).toMatchFileSnapshot('./__snapshots__/lesson3-subgroups.wgsl')
})
