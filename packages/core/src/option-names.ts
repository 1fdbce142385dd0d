import { GichoError } from './errors.ts'
import { nearestName } from './nearest-name.ts'

/**
 * Refuses options that a function doesn't know: a misspelt one would otherwise be without effect and without a word.
 *
 * @param where the function's name
 * @param options what was given; undefined passes
 * @param known all names that the function takes: a list, or an object that has them as keys, whose type can say that none
 *   is missing
 * @throws GichoError `bad-argument` with the nearest known name
 */
export function checkOptionNames(
  where: string,
  options: unknown,
  known: readonly string[] | Readonly<Record<string, unknown>>,
): void {
  if (options === undefined) return
  const names = Array.isArray(known) ? known.map(String) : Object.keys(known)
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const got = Array.isArray(options) ? 'a list' : (JSON.stringify(options) ?? `a ${typeof options}`)
    throw new GichoError(
      'bad-argument',
      `${where}: expected an object of options ({ ${names[0] ?? ''}: … }), got ${got.slice(0, 80)}.`,
    )
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown === undefined) return
  const guess = nearestName(unknown, names)
  const help = guess ? `Did you mean ${guess}?` : `Known are ${names.join(', ')}.`
  throw new GichoError('bad-argument', `${where}: there is no option ${unknown}. ${help}`)
}
