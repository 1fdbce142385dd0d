import { join } from 'node:path'
import { type EpochRecord, GichoError, type RunCard } from '@gicho/core'
import { isRecord, readRunRecord } from './saved-run.ts'

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'
const isNumber: Check = (value) => typeof value === 'number'
const isStatus: Check = (value) => value === 'done' || value === 'interrupted' || value === 'failed'

/** What each field of a card has to be, and how to say it. */
const fields: readonly (readonly [name: string, expected: string, check: Check])[] = [
  ['recipe', 'a text', isText],
  ['dataset', 'an object with name, source, train and valid', isDataset],
  ['seed', 'a number', isNumber],
  ['epochs', 'a number', isNumber],
  ['batchSize', 'a number', isNumber],
  ['engine', 'a text', isText],
  ['device', 'a text', isText],
  ['threads', 'a number', isNumber],
  ['parameters', 'a number', isNumber],
  ['versions', 'an object', isRecord],
  ['startedAt', 'a text', isText],
  ['seconds', 'a number', isNumber],
  ['status', 'done, interrupted or failed', isStatus],
  ['history', 'a list of epochs', (value) => Array.isArray(value) && value.every(isEpoch)],
  ['options', 'an object or nothing', (value) => value === undefined || isRecord(value)],
  ['model', 'a text or nothing', (value) => value === undefined || isText(value)],
]

/**
 * Reads and checks the card of a run.
 *
 * @throws GichoError `bad-data` for a run.json that isn't one, naming the field that is wrong
 */
export async function readRunCard(folder: string): Promise<RunCard> {
  const record = await readRunRecord(folder)
  checkCard(record, join(folder, 'run.json'))
  return { ...record, history: record.history.map(withNumbers) }
}

function checkCard(record: Record<string, unknown>, path: string): asserts record is Record<string, unknown> & RunCard {
  for (const [name, expected, check] of fields) {
    if (check(record[name])) continue
    const got = JSON.stringify(record[name])?.slice(0, 60) ?? 'nothing'
    throw new GichoError('bad-data', `${path}: "${name}": expected ${expected}, got ${got}.`)
  }
}

function isDataset(value: unknown): boolean {
  return isRecord(value) && isText(value.name) && isText(value.source) && isNumber(value.train) && isNumber(value.valid)
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
