import type { Issue, TrainingJob } from '@gicho/core'
import { type ReadResult, readGraph } from '../graph/read-graph.ts'
import { lossRules } from '../ops/losses.ts'
import { isLoss, jobIssues } from './job-issues.ts'

/** The graph of a job, or everything in it that no compiled engine runs. */
export function readJob(job: TrainingJob): ReadResult {
  const takes = isLoss(job.loss) ? lossRules[job.loss].takes : undefined
  const { graph, issues } = readGraph(job.model, takes)
  const all = [...issues, ...jobIssues(job), ...augmentIssues(job)]
  return graph ? { graph, issues: all } : { issues: all }
}

function augmentIssues({ augment }: TrainingJob): Issue[] {
  const where = 'augment'
  const issues: Issue[] = []
  if (augment?.shiftsChannels) issues.push({ where, message: 'channel shifts are not compiled' })
  if (augment?.changesBrightness) issues.push({ where, message: 'changes of brightness are not compiled' })
  if (augment?.standardize) issues.push({ where, message: 'normalising behind the transformation is not compiled' })
  return issues
}
