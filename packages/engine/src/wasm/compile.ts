import { GichoError, type Issue, type TrainingJob } from '@gicho/core'
import type { Graph } from '../graph/graph.ts'
import { readGraph } from '../graph/read-graph.ts'
import { checkInput } from '../session/check-fit.ts'
import { jobIssues, refuseIssues } from '../session/job-issues.ts'

/** Everything in a job that can't be compiled. */
export function findIssues(job: TrainingJob): Issue[] {
  return [...readGraph(job.model).issues, ...jobIssues(job)]
}

/** The graph of a job. @throws GichoError `unsupported` when it has issues, `bad-shape` when its samples don't fit the model */
export function compile(job: TrainingJob): Graph {
  const { graph, issues } = readGraph(job.model)
  refuseIssues('wasm', [...issues, ...jobIssues(job)])
  if (!graph) throw new GichoError('engine-failed', 'engine wasm: the model has neither a graph nor an issue.')
  checkInput(job, graph.nodes[0]?.shape ?? [])
  return graph
}
