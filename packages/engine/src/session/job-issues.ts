import {
  describeValue,
  GichoError,
  type GradientOptions,
  type Issue,
  type LossName,
  type OptimizerConfig,
  type TrainingJob,
} from '@gicho/core'

const OPTIMIZERS: readonly OptimizerConfig['name'][] = ['rmsprop', 'sgd', 'adam', 'adamw']
/** Every loss, and whether labels can be smoothed for it. */
const LOSSES: Readonly<Record<LossName, boolean>> = {
  categoricalCrossentropy: true,
  sparseCategoricalCrossentropy: true,
  binaryCrossentropy: true,
  meanSquaredError: false,
  meanAbsoluteError: false,
}

/** True for the losses that both engines compute. */
export function isLoss(name: string): name is LossName {
  return Object.hasOwn(LOSSES, name)
}

/** What no engine here can run of a job besides its model: an unknown loss or optimizer, numbers out of range. */
export function jobIssues(job: TrainingJob): Issue[] {
  const { loss, optimizer } = job
  const issues: Issue[] = []
  if (!isLoss(loss)) {
    const message = `expected ${Object.keys(LOSSES).join(' or ')}, got ${String(loss)}.`
    issues.push({ where: 'loss', message })
  }
  if (!OPTIMIZERS.includes(optimizer?.name)) {
    const hint = ' A job takes what toOptimizer of @gicho/core makes of a name or of an optimizer of tfjs.'
    const got = typeof optimizer?.name === 'string' ? `${optimizer.name}.` : `${describeValue(optimizer)}.${hint}`
    const message = `expected rmsprop, sgd, adam or adamw, got ${got}`
    issues.push({ where: 'optimizer', message })
  }
  return [...issues, ...smoothingIssues(job), ...gradientIssues(optimizer ?? {}), ...frozenIssues(job)]
}

function frozenIssues({ model: { partlyFrozen = [] } }: TrainingJob): Issue[] {
  const message =
    'some of its weights are frozen and others not. Freeze or train the whole layer: set its trainable to false or true.'
  return partlyFrozen.map((where) => ({ where, message }))
}

function smoothingIssues({ loss, labelSmoothing = 0 }: TrainingJob): Issue[] {
  const where = 'labelSmoothing'
  if (!(labelSmoothing >= 0 && labelSmoothing < 1))
    return [{ where, message: `expected a number in [0, 1), got ${labelSmoothing}` }]
  if (labelSmoothing > 0 && isLoss(loss) && !LOSSES[loss])
    return [{ where, message: `${loss} knows no label smoothing` }]
  return []
}

function gradientIssues({ clipNorm, globalClipNorm, clipValue, accumulationSteps = 1 }: GradientOptions): Issue[] {
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

/** Refuses a job with issues. @throws GichoError `unsupported`, naming them all */
export function refuseIssues(engine: string, issues: readonly Issue[]): void {
  if (issues.length === 0) return
  const list = issues.map(({ where, message }) => `${where}: ${message}`).join('\n')
  throw new GichoError('unsupported', `engine ${engine} can't run this model.\n${list}`)
}
