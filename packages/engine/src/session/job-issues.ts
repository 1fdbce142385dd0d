import { GichoError, type Issue, type OptimizerConfig, type TrainingJob } from '@gicho/core'

const OPTIMIZERS: readonly OptimizerConfig['name'][] = ['rmsprop', 'sgd', 'adam']

/** What an engine can't run of a job besides its model: another loss or optimizer than the known ones. */
export function jobIssues({ loss, optimizer }: TrainingJob): Issue[] {
  const issues: Issue[] = []
  if (loss !== 'categoricalCrossentropy')
    issues.push({ where: 'loss', message: `expected categoricalCrossentropy, got ${String(loss)}.` })
  if (!OPTIMIZERS.includes(optimizer.name))
    issues.push({ where: 'optimizer', message: `expected rmsprop, sgd or adam, got ${String(optimizer.name)}.` })
  return issues
}

/** Refuses a job with issues. @throws GichoError `unsupported`, naming them all */
export function refuseIssues(engine: string, issues: readonly Issue[]): void {
  if (issues.length === 0) return
  const list = issues.map(({ where, message }) => `${where}: ${message}`).join('\n')
  throw new GichoError('unsupported', `engine ${engine} can't train this model.\n${list}`)
}
