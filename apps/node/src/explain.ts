import { GichoError } from '@gicho/core'
import { startLesson } from '@gicho/recipes'
import { loadData } from './data.ts'
import { chooseEngine } from './engines.ts'
import type { Io } from './io.ts'
import { phrases } from './phrases.ts'
import { writeLine } from './terminal/screen.ts'
import type { TrainOptions } from './train-options.ts'
import { UsageError } from './usage.ts'

/**
 * Prints what the compiled engine makes of one training step of a lesson: walks the recipe without a word up to its network.
 *
 * @throws GichoError `unsupported`, naming what can't be compiled; UsageError when another engine was asked for
 */
export async function explainLesson(options: TrainOptions, io: Io): Promise<void> {
  const { recipe, engine, backend, seed, epochs, data, limit, dataset, language, json } = options
  const batchSize = options.batchSize ?? recipe.fit?.batchSize ?? 1
  if (engine === 'tfjs' || engine === 'webgpu' || backend !== 'auto')
    throw new UsageError('--explain: only the compiled engine has a plan. Leave --engine and --backend out.')
  await chooseEngine({ engine: 'wasm', backend })
  const { readModel } = await import('@gicho/engine/tfjs')
  const { explainPlan } = await import('@gicho/engine/wasm')
  const load = () =>
    loadData(dataset, { path: data, limit, trust: options.trust, screen: io.stderr, say: phrases[language] })
  const lesson = startLesson(recipe, {
    load,
    seed,
    epochs,
    batchSize,
    ...(options.optimizer ? { optimizer: options.optimizer } : {}),
  })
  for (const step of recipe.steps) {
    if (lesson.model && lesson.input && lesson.compile) break
    await step.run(lesson)
  }
  const { model, input, compile } = lesson
  if (!model || !input || !compile) throw new GichoError('not-found', `--explain: ${recipe.id} builds no network.`)
  const { loss, optimizer } = compile
  const plan = explainPlan({ model: await readModel(model), loss, optimizer, batchSize, seed, input })
  if (json) io.event({ event: 'plan', plan })
  else writeLine(io.stdout, plan)
}
