/*
 * Runs as zip files: what is inside is a run's folder as `gicho` in Node keeps it, so that each side opens the other's.
 */
import { decodeRunCard, encodeRunCard, GichoError, messageOf, type RunCard } from '@gicho/core'
import { type Allowance, collect, isZip, readZip } from '@gicho/datasets'
import { fileKind, fromFiles, type ModelFiles } from '@gicho/models'
import { decodeCheckpoint } from '@gicho/trainer'
import { zipSync } from 'fflate'
import { NamedError } from '../remote/named-error.ts'
import { folderOf, type KeptRun, type RunPlace, type RunStore } from './keeping/run-store.ts'

/** What everything given at once may take, packed and unpacked: a run with some twenty checkpoints has 110 MB. */
const MAX_BYTES = 1 << 28
const MAX_FILES = 200
/** What tells a file's kind stands in its first or last bytes. */
const PIECE_BYTES = 1 << 20
/** Of how many files it is said what they are. */
const MAX_SAID = 3

type Files = Map<string, Uint8Array<ArrayBuffer>>

/** A run as a zip: its card, its model and its newest checkpoint. */
export async function packRun(
  store: RunStore,
  run: KeptRun,
): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
  const { recipe, number, card } = run
  const name = `gicho-${recipe}-${number}`
  const files: Record<string, Uint8Array> = { [`${name}/run.json`]: encodeRunCard(card) }
  if (card.model !== undefined) {
    for (const [file, bytes] of await store.modelFiles(run)) files[`${name}/${card.model}/${file}`] = bytes
  }
  if (run.resumable) {
    const folder = `${folderOf(run)}/checkpoints`
    const newest = (await store.files.list(folder)).sort().at(-1)
    const bytes = newest && (await store.files.read(`${folder}/${newest}`))
    if (bytes) files[`${name}/checkpoints/${newest}`] = bytes
  }
  return { name: `${name}.zip`, bytes: new Uint8Array(zipSync(files, { level: 1 })) }
}

/**
 * Keeps a run or a model that the learner gave: a zip, or the files of its folder. Everything is read and checked before
 * anything is kept.
 *
 * @throws GichoError `bad-data` for what is neither, is damaged or too large; what reading a model throws
 */
export async function takeRun(store: RunStore, given: readonly File[]): Promise<RunPlace> {
  const files = await unpacked(given)
  const paths = [...files.keys()]
  const cardPath = paths.find((path) => /(^|\/)run\.json$/.test(path))
  const modelPath = paths.find((path) => /(^|\/)model\.json$/.test(path))
  if (cardPath === undefined && modelPath === undefined) throw await noRun(given)
  const card = cardPath === undefined ? undefined : readCard(files.get(cardPath) ?? new Uint8Array(), cardPath)
  const model = modelPath === undefined ? undefined : inFolder(files, modelPath)
  const cardForModel = model ? await checkedModel(model, card) : card
  if (cardForModel === undefined) throw new GichoError('bad-data', `${modelPath}: this model can't be read.`)
  // Their names have numbers of a fixed width: the newest comes last.
  const checkpoint = paths
    .filter((path) => /checkpoints\/epoch-\d+-step-\d+\.safetensors$/.test(path))
    .sort()
    .at(-1)
  const state = checkpoint && files.get(checkpoint)
  if (state) checkCheckpoint(state, checkpoint)
  const place = await store.newPlace(cardForModel.recipe)
  const folder = folderOf(place)
  if (model) for (const [name, bytes] of model) await store.files.write(`${folder}/model/${name}`, bytes)
  if (state) await store.files.write(`${folder}/checkpoints/${checkpoint.split('/').at(-1)}`, state)
  const { model: _, ...rest } = cardForModel
  await store.files.write(`${folder}/run.json`, encodeRunCard(model ? { ...rest, model: 'model' } : rest))
  return place
}

/** What was given in a run's or a model's place, as far as its content tells. */
async function noRun(given: readonly File[]): Promise<NamedError> {
  const said = await Promise.all(
    given.slice(0, MAX_SAID).map(async (file) => {
      const piece = async (from: number): Promise<Uint8Array> =>
        new Uint8Array(await file.slice(from, from + PIECE_BYTES).arrayBuffer())
      const kind = fileKind({ head: await piece(0), tail: await piece(Math.max(0, file.size - PIECE_BYTES)) })
      return `${file.name}: expected a run (run.json) or a model (model.json), got ${kind ? `${kind.what}. ${kind.advice}` : 'neither.'}`
    }),
  )
  return new NamedError('noRun', 'bad-data', said.join(' '))
}

/** @throws GichoError `bad-data`; as another version's where it is one */
function readCard(bytes: Uint8Array, path: string): RunCard {
  try {
    return decodeRunCard(bytes, path)
  } catch (error) {
    throw isNewer(bytes) ? new NamedError('otherVersion', 'bad-data', messageOf(error)) : error
  }
}

/** True for a run's card or a model.json of a later version of gicho. */
function isNewer(json: Uint8Array): boolean {
  return Number(/"formatVersion": ?(\d+)/.exec(new TextDecoder().decode(json))?.[1] ?? 1) > 1
}

/** Reads the model once, so that what is kept can be opened; one without a run gets a card of its own. */
async function checkedModel(files: ModelFiles, card: RunCard | undefined): Promise<RunCard> {
  const { model, classNames } = await fromFiles(files, 'model').catch((error: unknown) => {
    const isOther = isNewer(files.get('model.json') ?? new Uint8Array())
    throw isOther ? new NamedError('otherVersion', 'unsupported', messageOf(error)) : error
  })
  const parameters = model.countParams()
  try {
    for (const weight of model.getWeights()) checkFinite(await weight.data(), 'model')
  } finally {
    model.dispose()
  }
  return card ?? modelCard(classNames, parameters)
}

/** Reads the checkpoint once, as the model. */
function checkCheckpoint(bytes: Uint8Array<ArrayBuffer>, where: string): void {
  for (const { values } of decodeCheckpoint(bytes, where).weights) checkFinite(values, where)
}

/** A network with such weights answers nothing. @throws GichoError `not-finite` */
function checkFinite(values: ArrayLike<number>, where: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue
    const message = `${where}: expected weights that are numbers, got ${values[i]}. Train it again with a smaller learning rate.`
    throw new NamedError('modelNotFinite', 'not-finite', message)
  }
}

function modelCard(classNames: readonly string[], parameters: number): RunCard {
  const digits = classNames.join('') === '0123456789'
  return {
    format: 'gicho-run',
    formatVersion: 1,
    recipe: digits ? 'mnist' : 'asl-deploy',
    dataset: { name: digits ? 'mnist' : 'sign-language', source: 'unknown', train: 0, valid: 0 },
    seed: 0,
    epochs: 0,
    batchSize: 1,
    engine: 'unknown',
    device: 'unknown',
    threads: 0,
    parameters,
    versions: {},
    startedAt: new Date().toISOString(),
    seconds: 0,
    status: 'done',
    history: [],
  }
}

/** The files beside another one. */
function inFolder(files: Files, path: string): ModelFiles {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const beside = [...files].filter(([name]) => name.startsWith(folder) && !name.slice(folder.length).includes('/'))
  return new Map(beside.map(([name, bytes]) => [name.slice(folder.length), bytes]))
}

/** The files given, and those in the zips among them: all of a drop together have one limit. */
async function unpacked(given: readonly File[]): Promise<Files> {
  const files: Files = new Map()
  const total = given.reduce((sum, { size }) => sum + size, 0)
  if (total > MAX_BYTES) throw tooLarge(total)
  const allowance = { leftBytes: MAX_BYTES - total }
  for (const file of given) {
    const bytes = new Uint8Array(await file.arrayBuffer())
    if (isZip(bytes)) await unzip(bytes, file.name, files, allowance)
    else files.set(file.webkitRelativePath || file.name, bytes)
  }
  return files
}

/** Members that no run and no model has are left packed. */
async function unzip(bytes: Uint8Array, where: string, files: Files, allowance: Allowance): Promise<void> {
  const members = readZip(bytes, where)
  const wanted = members.filter(({ path }) => /\.(json|bin|safetensors)$/.test(path))
  const size = wanted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  if (size > allowance.leftBytes || files.size + members.length > MAX_FILES) throw tooLarge(size)
  for (const member of wanted) {
    files.set(member.path, new Uint8Array(await collect(member.pieces(), member.where, allowance)))
  }
}

function tooLarge(bytes: number): NamedError {
  const megabytes = Math.round(bytes / 1e6)
  return new NamedError(
    'tooLarge',
    'bad-data',
    `Expected a run or a model of at most ${MAX_BYTES / 1e6} MB, got ${megabytes} MB or too many files.`,
  )
}
