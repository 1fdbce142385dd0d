import { GichoError, type Issue, type LossName, type TrainingJob } from '@gicho/core'
import type { Graph } from '../graph/graph.ts'
import { type ReadResult, readGraph } from '../graph/read-graph.ts'
import { lossRules } from '../ops/losses.ts'
import { checkInput } from '../session/check-fit.ts'
import { jobIssues, refuseIssues } from '../session/job-issues.ts'

const LOSSES = Object.keys(lossRules).filter(isLoss)

function isLoss(name: string): name is LossName {
  return Object.hasOwn(lossRules, name)
}

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
  const all = [
    ...issues,
    ...jobIssues(job, LOSSES),
    ...smoothingIssues(job),
    ...gradientIssues(job),
    ...augmentIssues(job),
  ]
  return graph ? { graph, issues: all } : { issues: all }
}

function smoothingIssues({ loss, labelSmoothing = 0 }: TrainingJob): Issue[] {
  const where = 'labelSmoothing'
  if (!(labelSmoothing >= 0 && labelSmoothing < 1))
    return [{ where, message: `expected a number in [0, 1), got ${labelSmoothing}` }]
  if (labelSmoothing > 0 && isLoss(loss) && lossRules[loss].takes === 'linear')
    return [{ where, message: `${loss} knows no label smoothing` }]
  return []
}

function gradientIssues({ optimizer }: TrainingJob): Issue[] {
  const { clipNorm, globalClipNorm, clipValue, accumulationSteps = 1 } = optimizer
  const where = 'optimizer'
  const clips = [clipNorm, globalClipNorm, clipValue].flatMap((clip) => (clip === undefined ? [] : [clip]))
  const issues: Issue[] = []
  if (clips.length > 1)
    issues.push({ where, message: 'expected at most one of clipNorm, globalClipNorm and clipValue' })
  const wrong = clips.find((clip) => !(clip > 0 && Number.isFinite(clip)))
  if (wrong !== undefined) issues.push({ where, message: `expected a clip above 0, got ${wrong}` })
  if (!Number.isInteger(accumulationSteps) || accumulationSteps < 1)
    issues.push({ where, message: `expected whole accumulationSteps >= 1, got ${accumulationSteps}` })
  return issues
}

function augmentIssues({ augment }: TrainingJob): Issue[] {
  const where = 'augment'
  const issues: Issue[] = []
  if (augment?.shiftsChannels) issues.push({ where, message: 'channel shifts are not compiled' })
  if (augment?.changesBrightness) issues.push({ where, message: 'changes of brightness are not compiled' })
  if (augment?.standardize) issues.push({ where, message: 'normalising behind the transformation is not compiled' })
  return issues
}
