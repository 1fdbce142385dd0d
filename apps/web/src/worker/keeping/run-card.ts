import { type EpochRecord, GichoError, messageOf, type RunCard } from '@gicho/core'

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'
const isNumber: Check = (value) => typeof value === 'number'
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What each field of a card has to be. */
const fields: Readonly<Record<string, Check>> = {
  recipe: (value) => isText(value) && /^[\w-]{1,40}$/.test(String(value)),
  dataset: (value) =>
    isRecord(value) && [value.name, value.source].every(isText) && [value.train, value.valid].every(isNumber),
  seed: isNumber,
  epochs: isNumber,
  batchSize: isNumber,
  engine: isText,
  device: isText,
  threads: isNumber,
  parameters: isNumber,
  versions: isRecord,
  startedAt: isText,
  seconds: isNumber,
  status: (value) => value === 'done' || value === 'interrupted' || value === 'failed',
  history: (value) => Array.isArray(value) && value.every(isEpoch),
  // A folder beside the card, never one elsewhere.
  model: (value) => value === undefined || (isText(value) && /^[\w-]{1,40}$/.test(String(value))),
  options: (value) => value === undefined || isRecord(value),
}

/**
 * Reads the card of a run, made here or by `gicho` in Node.
 *
 * @param where names the file in error messages
 * @throws GichoError `bad-data`, naming the field that is wrong
 */
export function readCard(bytes: Uint8Array, where: string): RunCard {
  const card = parse(bytes, where)
  if (!isRecord(card) || card.format !== 'gicho-run' || card.formatVersion !== 1) {
    throw new GichoError('bad-data', `${where}: expected "format": "gicho-run", version 1; this isn't a run's record.`)
  }
  checkFields(card, where)
  return { ...card, history: card.history.map(withNumbers) }
}

/** A card as the bytes of a run.json. */
export function cardBytes(card: RunCard): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(card, null, 2)}\n`)
}

function checkFields(card: Record<string, unknown>, where: string): asserts card is Record<string, unknown> & RunCard {
  for (const [name, check] of Object.entries(fields)) {
    if (check(card[name])) continue
    const got = JSON.stringify(card[name])?.slice(0, 60) ?? 'nothing'
    throw new GichoError('bad-data', `${where}: "${name}" isn't what a run's record has there: ${got}.`)
  }
}

function parse(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw new GichoError('bad-data', `${where}: can't be read as JSON (${messageOf(error)}).`, { cause: error })
  }
}

/** JSON has no NaN: it writes `null` for a loss that stopped being a number. */
function isEpoch(value: unknown): boolean {
  const measured: Check = (each) => each === null || isNumber(each)
  const maybe: Check = (each) => each === undefined || measured(each)
  return (
    isRecord(value) &&
    [value.epoch, value.seconds, value.msPerStep].every(isNumber) &&
    [value.loss, value.accuracy].every(measured) &&
    [value.val_loss, value.val_accuracy].every(maybe)
  )
}

function withNumbers(epoch: EpochRecord): EpochRecord {
  const { loss, accuracy, val_loss, val_accuracy, ...rest } = epoch
  return {
    ...rest,
    loss: loss ?? Number.NaN,
    accuracy: accuracy ?? Number.NaN,
    ...(val_loss === undefined ? {} : { val_loss: val_loss ?? Number.NaN }),
    ...(val_accuracy === undefined ? {} : { val_accuracy: val_accuracy ?? Number.NaN }),
  }
}
