import { GichoError, type Issue, type TrainingJob } from '@gicho/core'
import type { Graph } from '../graph/graph.ts'
import { type ReadResult, readGraph } from '../graph/read-graph.ts'
import { lossRules } from '../ops/losses.ts'
import { checkInput } from '../session/check-fit.ts'
import { isLoss, jobIssues, refuseIssues } from '../session/job-issues.ts'

/** Everything in a job that can't be compiled. */
export function findIssues(job: TrainingJob): Issue[] {
  return [...read(job).issues]
}

/** The graph of a job. @throws GichoError `unsupported` when it has issues, `bad-shape` when its samples don't fit the model */
export function compile(job: TrainingJob): Graph {
  const { graph, issues } = read(job)
  refuseIssues('wasm', issues)
  if (!graph) throw new GichoError('engine-failed', 'engine wasm: the model has neither a graph nor an issue.')
  checkInput(job, graph.nodes[0]?.shape ?? [])
  return graph
}

function read(job: TrainingJob): ReadResult {
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
