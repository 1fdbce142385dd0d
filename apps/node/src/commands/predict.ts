import { type GichoError, isGichoError, type Picture } from '@gicho/core'
import { loadModel, type SavedModel } from '@gicho/models'
import { decodeImage } from '@gicho/preprocess'
import { type ImageOrientation, type OpenPredictor, openPredictor, type Prediction, seenBy } from '@gicho/recipes'
import { defineCommand, type SubCommandsDef } from 'citty'
import { tellOn } from '../engine-listeners.ts'
import { backendNames, chooseEngine, engineNames } from '../engines.ts'
import { findModel } from '../find-model.ts'
import type { Io } from '../io.ts'
import { chooseLanguage } from '../language.ts'
import { type NamedPicture, namedPictures } from '../named-pictures.ts'
import { asStoredOption, backendOption, jsonOption, languageOption, modelArgument, outOption } from '../options.ts'
import { type Phrases, phrases } from '../phrases.ts'
import { readPicture, STANDARD_INPUT } from '../read-picture.ts'
import { pictureLines } from '../terminal/picture.ts'
import { oneLine } from '../terminal/printable.ts'
import { bold, dim, type Screen, writeLine, writeMessage, writePairs } from '../terminal/screen.ts'
import { MOST, oneOf, UsageError, wholeNumber } from '../usage.ts'

const args = {
  model: modelArgument,
  'image...': {
    type: 'positional',
    required: true,
    description: 'PNG, JPEG or WebP files, folders of them, quoted patterns, or - for standard input',
  },
  top: { type: 'string', valueHint: 'n', default: '3', description: 'How many classes are ranked' },
  engine: { type: 'string', valueHint: engineNames.join('|'), default: 'auto', description: 'What does the computing' },
  backend: backendOption,
  'as-stored': asStoredOption,
  out: outOption,
  json: jsonOption,
  lang: languageOption,
} as const

/** `gicho predict MODEL IMAGE…`: what a trained model sees in images; those that can't be read leave the others alone. */
export const predict: SubCommandsDef[string] = defineCommand({
  meta: { name: 'predict', description: 'Ask a trained model what is in images' },
  args,
  async run({ args: given, data }) {
    const io: Io = data
    const say = phrases[chooseLanguage(given.lang, io.env)]
    const json = given.json === true
    const choice = {
      engine: oneOf('--engine', given.engine, engineNames),
      backend: oneOf('--backend', given.backend, backendNames),
    }
    const top = wholeNumber('--top', given.top, 1, MOST.ranks)
    const [name = '', ...images] = given._
    if (images.filter((image) => image === STANDARD_INPUT).length > 1) {
      throw new UsageError('predict: expected - once, got it twice. Standard input holds one picture.')
    }
    const found = await findModel(name, given.out)
    if (found.name !== name) writeLine(io.stderr, dim(io.stderr, say.foundModel(found.model)))
    const engine = await chooseEngine({ ...choice, ...tellOn(io.stderr, say) })
    const saved = await loadModel(found.model)
    const predictor = await openPredictor(saved, { engine, top })
    const imageOrientation = given['as-stored'] === true ? 'none' : 'from-image'
    let [asked, failed] = [0, 0]
    try {
      for await (const picture of namedPictures(images)) {
        const answer = await answerTo(picture, { saved, predictor, imageOrientation })
        asked++
        if ('error' in answer) {
          failed++
          refuse(picture.image, answer.error, io, json)
        } else if (json) io.event(predictionEvent(picture.image, answer))
        else show(io.stdout, answer, say)
      }
    } finally {
      await predictor.dispose()
    }
    if (failed > 0 && asked > 1) writeLine(io.stderr, say.unanswered(failed, asked))
    return failed > 0 ? 1 : 0
  },
})

/** What answers, and how. */
interface Asked {
  readonly saved: SavedModel
  readonly predictor: OpenPredictor
  readonly imageOrientation: ImageOrientation
}

/** What the model says of a picture, and how that lay. */
interface Answer {
  readonly prediction: Prediction
  readonly orientation: number
  readonly turned: boolean
}

async function answerTo(
  { image, error }: NamedPicture,
  { saved, predictor, imageOrientation }: Asked,
): Promise<Answer | { readonly error: GichoError }> {
  if (error) return { error }
  try {
    const title = image === STANDARD_INPUT ? 'standard input' : image
    const photo = await decodeImage(await readPicture(image), title)
    const seen: Picture = await seenBy(saved, photo, title, { imageOrientation })
    const { orientation } = photo
    const turned = orientation !== 1 && imageOrientation === 'from-image'
    return { prediction: await predictor.predict(seen), orientation, turned }
  } catch (refusal) {
    if (isGichoError(refusal)) return { error: refusal }
    throw refusal
  }
}

function refuse(image: string, { code, message }: GichoError, io: Io, json: boolean): void {
  writeMessage(io.stderr, `gicho: ${oneLine(message)}`)
  if (json) io.event({ event: 'error', image, code, message })
}

function predictionEvent(image: string, { prediction, turned }: Answer): Parameters<Io['event']>[0] {
  const { label, probability, top } = prediction
  return { event: 'prediction', image, label, probability, top, turned }
}

function show(page: Screen, { prediction, orientation, turned }: Answer, say: Phrases): void {
  const { label, top, seen } = prediction
  const lay =
    orientation === 1 ? '' : `  ${dim(page, `(${turned ? say.turned(orientation) : say.leftLying(orientation)})`)}`
  writeLine(page, `${oneLine(seen.title)}: ${bold(page, oneLine(label))}${lay}`)
  writePairs(
    page,
    top.map((ranked) => [ranked.label, `${(100 * ranked.probability).toFixed(1).padStart(5)}%`]),
  )
  writeLine(page, say.sawThis(`${seen.shape[1]}x${seen.shape[0]}`))
  for (const line of pictureLines(page, seen, 'grey')) writeLine(page, line)
  writeLine(page)
}
