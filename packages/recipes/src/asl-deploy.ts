/*
 * Lesson 5: the trained network reads a photo.
 * A recipe is a script: read the steps from top to bottom, copy them out, change them. What they tell the learner
 * stands in asl-deploy.prose.ts.
 */
import { formatShape, GichoError, type Recipe } from '@gicho/core'
import { summarize } from '@gicho/models'
import { argmax, decodeImage, lumaGrey, reshape, resizeNearest, treat, turnUpright } from '@gicho/preprocess'
import { predict } from '@gicho/trainer'
import * as prose from './asl-deploy.prose.ts'
import { type Lesson, need } from './lesson.ts'
import { predictImage } from './predict-image.ts'
import { predictLetter } from './predict-letter.ts'
import { greyShape, photoPicture, topTable } from './steps/photo.ts'

/** Lesson 5: opens the model that lesson 4 saved, makes of a colour photo what the network knows, and reads the letter. */
export const aslDeploy: Recipe<Lesson> = {
  id: 'asl-deploy',
  title: { en: 'Out into the world', ko: '세상 밖으로' },
  summary: {
    en: 'Open the model that lesson 4 saved and let it read a colour photo of a hand. All the work is in turning the photo into exactly what the network was trained on; in the end one function does it all.',
    ko: '수업 4에서 저장한 모델을 열어 손을 찍은 컬러 사진을 읽게 합니다. 사진을 신경망이 학습 때 보던 것과 똑같은 모양으로 바꾸는 일이 핵심이고, 마지막에는 이 모두를 함수 하나로 해냅니다.',
  },
  dataset: 'sign-language',
  reference: [],

  steps: [
    {
      id: 'open',
      ...prose.open,
      async run(lesson) {
        const { context } = lesson
        if (context.openModel === undefined) throw unavailable('opens saved models')
        lesson.opened = await context.openModel('asl_model')
        const { model, input, classNames, where } = lesson.opened
        return [
          {
            kind: 'values',
            rows: [
              { name: 'asl_model', value: where },
              { name: 'input.shape', value: formatShape(input.shape) },
              { name: 'classNames', value: classNames.join(' ') },
            ],
          },
          { kind: 'summary', summary: summarize(model) },
        ]
      },
    },

    {
      id: 'photo',
      ...prose.photo,
      async run(lesson) {
        const { context } = lesson
        if (context.photo === undefined) throw unavailable('gives a photo')
        const { name, bytes, imageOrientation = 'from-image' } = await context.photo()
        const taken = await decodeImage(bytes, name)
        const { orientation } = taken // how the camera was held
        lesson.photo = imageOrientation === 'none' ? { ...taken, orientation: 1 } : turnUpright(taken)
        const { width, height, channels, format } = lesson.photo
        return [
          {
            kind: 'values',
            rows: [
              { name: 'file', value: `${name} (${format})` },
              { name: 'shape', value: formatShape([height, width, channels]) },
            ],
          },
          { kind: 'pictures', title: name, columns: 1, pictures: [photoPicture(lesson.photo)], colours: 'grey' },
          ...(orientation === 1 ? [] : [{ kind: 'note', text: prose.lay(orientation, imageOrientation) } as const]),
        ]
      },
    },

    {
      id: 'grey',
      ...prose.grey,
      async run(lesson) {
        const photo = need(lesson, 'photo')
        const pixels = lumaGrey(photo.pixels, photo)
        lesson.grey = { ...photo, pixels, channels: 1 }
        return [
          { kind: 'values', rows: [{ name: 'grey.shape', value: formatShape([photo.height, photo.width]) }] },
          { kind: 'pictures', title: 'grey', columns: 1, pictures: [photoPicture(lesson.grey)], colours: 'grey' },
        ]
      },
    },

    {
      id: 'resize',
      ...prose.resize,
      async run(lesson) {
        const grey = need(lesson, 'grey')
        const shape = greyShape(need(lesson, 'opened').input.shape)
        const [height, width] = shape
        const small = resizeNearest(grey.pixels, grey, { height, width }) // [28, 28]
        lesson.seen = { title: formatShape([height, width]), pixels: small, shape }
        return [
          { kind: 'pictures', title: 'small', columns: 1, pictures: [lesson.seen], colours: 'grey' },
          { kind: 'matrix', title: 'small', shape: [height, width], values: small, digits: 0 },
        ]
      },
    },

    {
      id: 'input',
      ...prose.input,
      async run(lesson) {
        const { pixels, shape } = need(lesson, 'seen')
        const { input } = need(lesson, 'opened')
        const x = reshape(treat(pixels, input), [-1, ...input.shape]) // [1, 28, 28, 1]
        return [
          {
            kind: 'values',
            rows: [
              { name: 'small.shape', value: formatShape(shape.slice(0, 2)) },
              { name: 'x.shape', value: formatShape(x.shape) },
              { name: 'x.min()', value: x.values.reduce((low, value) => Math.min(low, value), 1).toFixed(3) },
              { name: 'x.max()', value: x.values.reduce((high, value) => Math.max(high, value), 0).toFixed(3) },
            ],
          },
          { kind: 'matrix', title: 'x[0]', shape: shape.slice(0, 2), values: x.values, digits: 2 },
        ]
      },
    },

    {
      id: 'predict',
      ...prose.predict,
      async run(lesson) {
        const { model, input, classNames } = need(lesson, 'opened')
        const { engine } = lesson.context
        const options = engine === undefined ? { input } : { input, engine }
        const probabilities = await predict(model, need(lesson, 'seen').pixels, options) // [1, 24]
        lesson.probabilities = probabilities
        return [
          { kind: 'matrix', title: 'predictions', shape: [1, probabilities.length], values: probabilities, digits: 3 },
          topTable(probabilities, classNames, 3),
        ]
      },
    },

    {
      id: 'letter',
      ...prose.letter,
      async run(lesson) {
        const probabilities = need(lesson, 'probabilities')
        const [index = 0] = argmax(probabilities, probabilities.length)
        return [
          {
            kind: 'values',
            rows: [
              { name: 'argmax(predictions)', value: String(index) },
              { name: `classNames[${index}]`, value: need(lesson, 'opened').classNames[index] ?? '' },
            ],
          },
        ]
      },
    },

    {
      id: 'one-function',
      ...prose.oneFunction,
      async run(lesson) {
        const photo = need(lesson, 'photo')
        const model = need(lesson, 'opened')
        const { engine } = lesson.context
        const options = engine === undefined ? {} : { engine }
        const readsLetters = model.classNames.every((name) => /^\p{Letter}$/u.test(name))
        const answer = readsLetters
          ? { name: 'predictLetter(photo)', value: await predictLetter(photo, { model, ...options }) }
          : { name: 'predictImage(photo).label', value: (await predictImage(model, photo, options)).label }
        return [{ kind: 'values', rows: [answer] }]
      },
    },
  ],

  verdict: () => ({ text: prose.trainsNothing }),
}

function unavailable(what: string): GichoError {
  return new GichoError(
    'unavailable',
    `asl-deploy: expected an app that ${what}, this one doesn't. ` +
      'In a program of your own, use loadModel of @gicho/models and predictLetter.',
  )
}
