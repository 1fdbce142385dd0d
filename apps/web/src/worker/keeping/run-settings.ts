import { checkKnown, GichoError, type OptimizerConfig, optimizers, type RunCard } from '@gicho/core'
import { courseSettings, limits, type Settings } from '../../settings.ts'

/**
 * The page's settings of a run, made here or by `gicho` in Node: with them it goes on as it began.
 *
 * @param where names the run in error messages
 * @throws GichoError `unsupported` for a run that the page's settings can't express
 */
export function settingsOfCard(card: RunCard, where: string): Settings {
  checkKnown(card, where)
  const { seed, optimizer, options } = card
  const what = optimizer === undefined ? undefined : beyondSettings(optimizer)
  if (what !== undefined) throw onlyInNode(where, what)
  if (options?.stepsPerEpoch !== undefined) throw onlyInNode(where, `epochs of ${options.stepsPerEpoch} steps`)
  const { name, learningRate } = optimizer ?? {}
  return {
    ...courseSettings(card),
    ...(name === undefined ? {} : { optimizer: name }),
    ...(learningRate === undefined ? {} : { learningRate }),
    seed,
    limit: options?.limit ?? 0,
  }
}

/** What of an optimizer the page has no setting for; undefined where it has all. */
function beyondSettings(optimizer: OptimizerConfig): string | undefined {
  const { name, learningRate } = optimizer
  const { low, high } = limits.learningRate
  if (learningRate < low || learningRate > high) return `a learning rate of ${learningRate}`
  const settable = new Map(Object.entries(optimizers[name]({ learningRate })))
  const other = Object.entries(optimizer).find(([field, value]) => settable.get(field) !== value)
  return other && `${name} with ${other[0]} ${other[1]}`
}

function onlyInNode(where: string, what: string): GichoError {
  const message = `${where}: this run was made with ${what}, which this page has no setting for. Go on with it in Node: npm run gicho -- resume`
  return new GichoError('unsupported', message)
}
