import type { TrainingJob } from '@gicho/core'
import { listPlan } from '../plan/listing.ts'
import { checkJob } from '../session/check-fit.ts'
import { compile } from './compile.ts'
import { PlanMaker } from './plan-maker.ts'

/**
 * What a training step of a job becomes, as text: fused layers, kernel calls by stage, bytes and operations. Starts no thread and
 * needs no data.
 *
 * @param options.batchSize default: the job's
 * @example
 * console.log(explainPlan({ model: await readModel(model), loss: 'categoricalCrossentropy', optimizer: rmsprop(), … }))
 * @throws GichoError `unsupported`, naming every layer and option that can't be compiled; `bad-shape`, `bad-argument`
 */
export function explainPlan(job: TrainingJob, options: { readonly batchSize?: number } = {}): string {
  const sized = { ...job, batchSize: options.batchSize ?? job.batchSize }
  checkJob(sized)
  const maker = new PlanMaker(sized, compile(sized), 1, sized.batchSize)
  maker.placeData('train', 1)
  return listPlan(maker.make('train', 'train', sized.batchSize, false).plan)
}
