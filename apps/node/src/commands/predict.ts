import { readFile } from 'node:fs/promises'
import { GichoError, isGichoError, messageOf, type Picture } from '@gicho/core'
import { loadModel, type SavedModel } from '@gicho/models'
import { type Prediction, predictPictures, seenBy } from '@gicho/recipes'
import { defineCommand, type SubCommandsDef } from 'citty'
import { tellOn } from '../engine-listeners.ts'
import { backendNames, chooseEngine, engineNames } from '../engines.ts'
import type { Io } from '../io.ts'
import { chooseLanguage } from '../language.ts'
import { backendOption, jsonOption, languageOption } from '../options.ts'
import { type Phrases, phrases } from '../phrases.ts'
import { findModel } from '../saved-run.ts'
import { pictureLines } from '../terminal/picture.ts'
import { bold, type Screen, writeLine, writePairs } from '../terminal/screen.ts'
import { oneOf, wholeNumber } from '../usage.ts'

const args = {
  model: { type: 'positional', required: true, description: "a run's or a model's folder" },
  'image...': { type: 'positional', required: true, description: 'PNG, JPEG or WebP files' },
  top: { type: 'string', valueHint: 'n', default: '3', description: 'How many classes are ranked' },
  engine: { type: 'string', valueHint: engineNames.join('|'), default: 'auto', description: 'What does the computing' },
  backend: backendOption,
  json: jsonOption,
  lang: languageOption,
} as const

/** `gicho predict MODEL IMAGE…`: what a trained model sees in images; those that can't be read leave the others alone. */
export const predict: SubCommandsDef[string] = defineCommand({
  meta: { name: 'predict', description: 'Ask a trained model what is in images' },
  args,
  async run({ args: given, data }) {
    const io: Io = data
    const page = given.json ? io.stderr : io.stdout
    const say = phrases[chooseLanguage(given.lang, io.env)]
    const choice = {
      engine: oneOf('--engine', given.engine, engineNames),
      backend: oneOf('--backend', given.backend, backendNames),
    }
    const top = wholeNumber('--top', given.top, 1, Number.MAX_SAFE_INTEGER)
    const [folder = '', ...images] = given._
    const found = await findModel(folder)
    const engine = await chooseEngine({ ...choice, ...tellOn(io.stderr, say) })
    const saved = await loadModel(found.model)
    const looks: Look[] = []
    for (const image of images) looks.push(await look(saved, image)) // one after the other: photos are large
    const seen = looks.flatMap((one) => one.seen ?? [])
    const predictions = seen.length === 0 ? [] : await predictPictures(saved, seen, { engine, top })
    const answers = new Map(predictions.map((prediction) => [prediction.seen.title, prediction]))
    for (const { image, error } of looks) {
      const answer = answers.get(image)
      if (answer === undefined) refuse(image, error, io, given.json === true)
      else if (given.json) io.event(predictionEvent(image, answer))
      else show(page, answer, say)
    }
    const failed = images.length - seen.length
    if (failed > 0 && images.length > 1) writeLine(io.stderr, say.unanswered(failed, images.length))
    return failed > 0 ? 1 : 0
  },
})

/** An image as the network sees it, or why it can't. */
interface Look {
  readonly image: string
  readonly seen?: Picture
  readonly error?: GichoError
}

async function look(saved: SavedModel, image: string): Promise<Look> {
  try {
    return { image, seen: await seenBy(saved, await read(image), image) }
  } catch (error) {
    if (isGichoError(error)) return { image, error }
    throw error
  }
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new GichoError('not-found', `${path}: expected an image file, but ${messageOf(cause)}.`, { cause })
  }
}

function refuse(image: string, error: GichoError | undefined, io: Io, json: boolean): void {
  const message = error?.message ?? `${image}: the engine gave no answer.`
  writeLine(io.stderr, `gicho: ${message}`)
  if (json) io.event({ event: 'error', image, code: error?.code ?? 'engine-failed', message })
}

function predictionEvent(image: string, { label, probability, top }: Prediction): Parameters<Io['event']>[0] {
  return { event: 'prediction', image, label, probability, top }
}

function show(page: Screen, { label, top, seen }: Prediction, say: Phrases): void {
  writeLine(page, `${seen.title}: ${bold(page, label)}`)
  writePairs(
    page,
    top.map((ranked) => [ranked.label, `${(100 * ranked.probability).toFixed(1).padStart(5)}%`]),
  )
  writeLine(page, say.sawThis(`${seen.shape[1]}x${seen.shape[0]}`))
  for (const line of pictureLines(page, seen, 'grey')) writeLine(page, line)
  writeLine(page)
}
