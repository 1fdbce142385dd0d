/*
 * A run's card as a file, run.json. Cards come from other programs, other versions and other people: every field is checked before
 * anybody believes it. What a newer version has added is kept as it is, so that a card can be carried through an older one.
 */
import { GichoError, messageOf } from './errors.ts'
import type { EpochRecord } from './history.ts'
import { isJsonObject, JsonFields, type JsonObject, type RefuseField } from './json-fields.ts'
import { readOptimizer } from './read-optimizer.ts'
import type { RunCard, RunOptions } from './run.ts'

const FORMAT = 'gicho-run'
const VERSION = 1
/** A folder beside the card, never one elsewhere. */
const PLAIN_NAME = /^[\w-]{1,40}$/
const LARGEST_SEED = 0xffffffff
/** More than any run has of epochs, threads, or images in a batch: whoever draws or computes with a card counts up to them. */
const LARGEST_COUNT = 1_000_000

/** A card as the bytes of a run.json. JSON has no NaN: a loss that stopped being a number is written as `null`. */
export function encodeRunCard(card: RunCard): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(card, null, 2)}\n`)
}

/**
 * The card in a run.json's bytes. Fields that this version doesn't know stay in it; {@link checkKnown} refuses them.
 *
 * @param where names the file in error messages
 * @throws GichoError `bad-data` for what isn't a card, naming the file and the first field that is wrong
 */
export function decodeRunCard(bytes: Uint8Array, where = 'run.json'): RunCard {
  const content = parse(bytes, where)
  const { format, formatVersion } = content
  if (format !== FORMAT || formatVersion !== VERSION) {
    const got = `got ${shown(format)} and ${shown(formatVersion)}`
    const hint =
      format === FORMAT ? 'Another version of gicho wrote it: update this one.' : "This isn't a run's record."
    const expected = `expected "format": "${FORMAT}" and "formatVersion": ${VERSION}`
    throw new GichoError('bad-data', `${where}: ${expected}, ${got}. ${hint}`)
  }
  const known = readCard(new JsonFields(content, refusing(where)))
  return {
    ...content,
    ...known,
    ...(known.optimizer ? { optimizer: { ...objectAt(content, 'optimizer'), ...known.optimizer } } : {}),
    ...(known.options ? { options: { ...objectAt(content, 'options'), ...known.options } } : {}),
  }
}

/**
 * Refuses a card that says more than this version knows: who goes on with its run would go on differently.
 *
 * @param where names the run in error messages
 * @throws GichoError `unsupported`, naming the fields
 */
export function checkKnown(card: RunCard, where: string): void {
  const known = readCard(new JsonFields({ ...card }, refusing(where)))
  const unknown = [
    ...strange(card, known, ''),
    ...strange(card.optimizer, known.optimizer, 'optimizer.'),
    ...strange(card.options, known.options, 'options.'),
  ]
  if (unknown.length === 0) return
  const message = `${where}: this run was made with ${unknown.join(', ')}, which this version of gicho doesn't know: it would go on differently. Update gicho, or go on where the run was made.`
  throw new GichoError('unsupported', message)
}

function refusing(where: string): RefuseField {
  return (path, expected, got) =>
    new GichoError('bad-data', `${where}: "${path}": expected ${expected}, got ${shown(got)}.`)
}

function strange(all: object = {}, known: object = {}, path: string): string[] {
  return Object.keys(all).flatMap((name) => (Object.hasOwn(known, name) ? [] : [`${path}${name}`]))
}

/** Every field that a card of this version has. */
function readCard(card: JsonFields): RunCard {
  const dataset = card.record('dataset')
  const text = (name: string): string => card.text(name)
  const plain = (name: string): string => card.text(name, PLAIN_NAME, 'a plain name (letters, digits, - and _)')
  return {
    format: FORMAT,
    formatVersion: VERSION,
    recipe: plain('recipe'),
    dataset: {
      name: dataset.text('name'),
      source: dataset.text('source'),
      train: dataset.whole('train', 0),
      valid: dataset.whole('valid', 0),
    },
    seed: card.whole('seed', 0, LARGEST_SEED),
    epochs: card.whole('epochs', 0, LARGEST_COUNT),
    batchSize: card.whole('batchSize', 1, LARGEST_COUNT),
    ...card.there(['optimizer'], (name) => readOptimizer(card.record(name))),
    engine: text('engine'),
    device: text('device'),
    threads: card.whole('threads', 0, LARGEST_COUNT),
    parameters: card.whole('parameters', 0),
    versions: readVersions(card.record('versions')),
    startedAt: text('startedAt'),
    seconds: card.number('seconds'),
    status: card.oneOf('status', ['done', 'interrupted', 'failed']),
    history: card.records('history', 'epochs').map(readEpoch),
    ...card.there(['model'], plain),
    ...card.there(['options'], (name) => readOptions(card.record(name))),
  }
}

function readVersions(versions: JsonFields): Record<string, string> {
  return Object.fromEntries(Object.keys(versions.values).map((name) => [name, versions.text(name)]))
}

function readOptions(options: JsonFields): RunOptions {
  const count = (name: string): number => options.whole(name, 1)
  return {
    engine: options.text('engine'),
    backend: options.text('backend'),
    language: options.text('language'),
    ...options.there(['threads', 'stepsPerEpoch', 'limit'], count),
    ...options.there(['data'], (name) => options.text(name)),
    ...options.there(['trust'], (name) => options.flag(name)),
  }
}

function readEpoch(epoch: JsonFields): EpochRecord {
  const measured = (name: string): number => {
    const value = epoch.values[name]
    if (value === null) return Number.NaN
    return typeof value === 'number' ? value : epoch.refuse(name, 'a number or null')
  }
  return {
    epoch: epoch.whole('epoch', 1, LARGEST_COUNT),
    loss: measured('loss'),
    ...epoch.there(['accuracy', 'val_loss', 'val_accuracy'], measured),
    seconds: epoch.number('seconds'),
    msPerStep: epoch.number('msPerStep'),
  }
}

function parse(bytes: Uint8Array, where: string): JsonObject {
  let content: unknown
  try {
    content = JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw new GichoError('bad-data', `${where}: can't be read as JSON (${messageOf(error)}).`, { cause: error })
  }
  if (isJsonObject(content)) return content
  throw new GichoError('bad-data', `${where}: expected a JSON object, got ${shown(content)}.`)
}

function objectAt(content: JsonObject, name: string): JsonObject {
  const value = content[name]
  return isJsonObject(value) ? value : {}
}

/** A value in an error message; one that is nested too deep for JSON.stringify is only named. */
function shown(value: unknown): string {
  try {
    return JSON.stringify(value)?.slice(0, 60) ?? 'nothing'
  } catch {
    return 'a value nested too deep to be shown'
  }
}
