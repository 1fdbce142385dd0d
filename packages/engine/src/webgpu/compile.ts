import { GichoError, type Issue, type TrainingJob } from '@gicho/core'
import type { Graph } from '../graph/graph.ts'
import { checkInput } from '../session/check-fit.ts'
import { refuseIssues } from '../session/job-issues.ts'
import { readJob } from '../session/read-job.ts'

/** Everything in a job that can't be compiled for a GPU. */
export function findGpuIssues(job: TrainingJob): Issue[] {
  return [...readJob(job).issues]
}

/** The graph of a job. @throws GichoError `unsupported` when it has issues, `bad-shape` when its samples don't fit the model */
export function compileForGpu(job: TrainingJob): Graph {
  const { graph, issues } = readJob(job)
  refuseIssues('webgpu', issues)
  if (!graph) throw new GichoError('engine-failed', 'engine webgpu: the model has neither a graph nor an issue.')
  checkInput(job, graph.nodes[0]?.shape ?? [])
  return graph
}
