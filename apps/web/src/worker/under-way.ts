import { NamedError } from '../remote/named-error.ts'
import { folderOf, type RunPlace } from './keeping/run-store.ts'

/** Held while a tab trains: two at once would halve each other's speed and mix up their runs. */
const TRAINING = 'gicho-training'
/** Before the folder of a run: held while it is in training, so that every tab can see it. */
const RUN = 'gicho-run '
/** Runs in training in this tab, for browsers without locks. */
const here = new Set<string>()

/**
 * Does work that only one tab of this site may do at a time.
 *
 * @throws GichoError `unavailable` when another tab is at it
 */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  const manager = locks()
  if (!manager) return work()
  return manager.request(TRAINING, { ifAvailable: true }, (lock) => {
    if (lock) return work()
    throw new NamedError('anotherTab', 'unavailable', 'Another tab of this page is training.')
  })
}

/** Does a run's training; meanwhile the run is among those of {@link runsUnderWay}, in every tab. */
export async function underWay<T>(place: RunPlace, work: () => Promise<T>): Promise<T> {
  const folder = folderOf(place)
  here.add(folder)
  try {
    return await (locks()?.request(RUN + folder, work) ?? work())
  } finally {
    here.delete(folder)
  }
}

/** The folders of all runs that are in training in some tab. */
export async function runsUnderWay(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await locks()?.query()) ?? {}
  const names = held.map(({ name = '' }) => name).filter((name) => name.startsWith(RUN))
  return new Set([...here, ...names.map((name) => name.slice(RUN.length))])
}

/** Plain http has none. */
function locks(): LockManager | undefined {
  return navigator.locks
}
