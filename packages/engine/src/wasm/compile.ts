import { GichoError, type Issue, type TrainingJob } from '@gicho/core'
import type { Graph } from '../graph/graph.ts'
import { checkInput } from '../session/check-fit.ts'
import { refuseIssues } from '../session/job-issues.ts'
import { readJob } from '../session/read-job.ts'

/** Everything in a job that can't be compiled. */
export function findIssues(job: TrainingJob): Issue[] {
  return [...readJob(job).issues]
}

/** The graph of a job. @throws GichoError `unsupported` when it has issues, `bad-shape` when its samples don't fit the model */
export function compile(job: TrainingJob): Graph {
  const { graph, issues } = readJob(job)
  refuseIssues('wasm', issues)
  if (!graph) throw new GichoError('engine-failed', 'engine wasm: the model has neither a graph nor an issue.')
  checkInput(job, graph.nodes[0]?.shape ?? [])
  return graph
}
