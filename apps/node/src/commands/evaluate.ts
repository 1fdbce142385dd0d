import { loadModel } from '@gicho/models'
import { evaluate as evaluateModel } from '@gicho/trainer'
import { defineCommand, type SubCommandsDef } from 'citty'
import { datasetNames, loadData } from '../data.ts'
import { tellOn } from '../engine-listeners.ts'
import { backendNames, chooseEngine } from '../engines.ts'
import { findModel } from '../find-model.ts'
import type { Io } from '../io.ts'
import { chooseLanguage } from '../language.ts'
import {
  backendOption,
  dataOption,
  jsonOption,
  languageOption,
  limitOption,
  modelArgument,
  outOption,
  trustOption,
} from '../options.ts'
import { phrases } from '../phrases.ts'
import { writeLine, writePairs, writeProse } from '../terminal/screen.ts'
import { MOST, oneOf, optionalCount } from '../usage.ts'

const args = {
  model: modelArgument,
  data: dataOption,
  trust: trustOption,
  backend: backendOption,
  limit: limitOption,
  out: outOption,
  json: jsonOption,
  lang: languageOption,
} as const

/** `gicho evaluate MODEL|RUN`: loss and accuracy on the validation images, of a run on as many as it was validated on. */
export const evaluate: SubCommandsDef[string] = defineCommand({
  meta: { name: 'evaluate', description: 'Measure a trained model on the validation images' },
  args,
  async run({ args: given, data }) {
    const io: Io = data
    const page = given.json ? io.stderr : io.stdout
    const say = phrases[chooseLanguage(given.lang, io.env)]
    const backend = oneOf('--backend', given.backend, backendNames)
    const asked = optionalCount('--limit', given.limit, MOST.images)
    const found = await findModel(given.model, given.out)
    const dataset = oneOf('dataset', found.dataset ?? 'mnist', datasetNames)
    const limit = asked ?? found.valid
    const engine = await chooseEngine({ engine: 'auto', backend, ...tellOn(io.stderr, say) })
    const { test } = await loadData(dataset, {
      path: given.data,
      trust: given.trust === true,
      limit,
      screen: page,
      say,
    })
    const { model, input } = await loadModel(found.model)
    const { loss, accuracy } = await evaluateModel(model, test, { engine, input })
    if (given.json) {
      io.event({ event: 'done', model: found.model, valid: test.length, val_loss: loss, val_accuracy: accuracy })
      return
    }
    writeLine(page, say.evaluated(test.length, found.name))
    if (asked === undefined && test.length < 10_000) writeProse(page, say.limitedLikeRun(test.length))
    writePairs(page, [
      ['val_loss', loss.toFixed(6)],
      ...(accuracy === undefined ? [] : [['val_accuracy', accuracy.toFixed(6)] as const]),
    ])
  },
})
