import { GichoError, type Issue, type LossName, type OptimizerConfig, type TrainingJob } from '@gicho/core'

const OPTIMIZERS: readonly OptimizerConfig['name'][] = ['rmsprop', 'sgd', 'adam', 'adamw']

/** What an engine that has `losses` can't run of a job besides its model: another loss, another optimizer than the known ones. */
export function jobIssues({ loss, optimizer }: TrainingJob, losses: readonly LossName[]): Issue[] {
  const issues: Issue[] = []
  if (!losses.includes(loss))
    issues.push({ where: 'loss', message: `expected ${losses.join(' or ')}, got ${String(loss)}.` })
  if (!OPTIMIZERS.includes(optimizer.name)) {
    const message = `expected rmsprop, sgd, adam or adamw, got ${String(optimizer.name)}.`
    issues.push({ where: 'optimizer', message })
  }
  return issues
}

/** Refuses a job with issues. @throws GichoError `unsupported`, naming them all */
export function refuseIssues(engine: string, issues: readonly Issue[]): void {
  if (issues.length === 0) return
  const list = issues.map(({ where, message }) => `${where}: ${message}`).join('\n')
  throw new GichoError('unsupported', `engine ${engine} can't train this model.\n${list}`)
}
