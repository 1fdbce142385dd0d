/*
 * The pictures in a run's folder. What draws them is loaded when there is something to draw: most commands never need it.
 */
import { basename } from 'node:path'
import type { Engine, History, ImageDataset, Recipe, StepOutput } from '@gicho/core'
import { argmax } from '@gicho/preprocess'
import type { Lesson } from '@gicho/recipes'
import { predict } from '@gicho/trainer'
import type { Language } from './language.ts'
import { writeDrawing } from './run-folder.ts'
import { picturesProse } from './run-pictures.prose.ts'

/** A run to be drawn, and where. */
export interface DrawnRun {
  /** The run's folder. */
  readonly folder: string
  readonly recipe: Pick<Recipe<Lesson>, 'id' | 'title' | 'reference' | 'band'>
  readonly history: History
  readonly language: Language
}

const MISTAKES = 24

/**
 * Draws a finished run: curves.svg; confusion.svg and mistakes.svg too, where the lesson has a trained model and
 * validation images, from the model's predictions on all of them.
 *
 * @throws GichoError `io` when they can't be written; what `predict` throws
 */
export async function drawRun(run: DrawnRun, lesson: Lesson, engine: Engine): Promise<void> {
  await drawCurves(run)
  const { model, input, test, fitResult } = lesson
  if (!model || !input || !test || !fitResult) return
  await drawPredictions(run, test, await predict(model, test.images, { input, engine }))
}

/** Writes curves.svg, where at least one epoch was finished. @throws GichoError `io` when it can't be written */
export async function drawCurves({ folder, recipe, history, language }: DrawnRun): Promise<void> {
  if (history.length === 0) return
  const { curvesPlot } = await import('@gicho/plots')
  const { reference, band } = recipe
  const svg = curvesPlot({
    title: titleOf(recipe, folder, language),
    history,
    reference,
    ...(band?.metric === 'val_accuracy' ? { band } : {}),
    words: picturesProse[language].curves,
  })
  await writeDrawing(folder, 'curves', svg)
}

/**
 * Writes confusion.svg and mistakes.svg.
 *
 * @param probabilities [n, classes] for the n images of `data`
 * @throws GichoError `io` when they can't be written, `bad-shape` when the probabilities don't fit the data
 */
export async function drawPredictions(
  { folder, recipe, language }: Omit<DrawnRun, 'history'>,
  data: ImageDataset,
  probabilities: Float32Array,
): Promise<void> {
  const { confusionMatrix, confusionPlot, mistakesPlot, worstMistakes } = await import('@gicho/plots')
  const { classNames, labels, images, shape } = data
  const words = picturesProse[language]
  const title = titleOf(recipe, folder, language)
  const classes = classNames.length
  const matrix = confusionMatrix(labels, argmax(probabilities, classes), classes)
  await writeDrawing(folder, 'confusion', confusionPlot({ title, matrix, classNames, words: words.confusion }))
  const mistakes = worstMistakes(labels, probabilities, classes, MISTAKES)
  const drawing = { ...words.mistakes, title: `${title}: ${words.mistakes.title}`, mistakes, images, shape, classNames }
  await writeDrawing(folder, 'mistakes', mistakesPlot(drawing))
}

/** Writes a step's pictures as one grid, <name>.svg. @throws GichoError `io` when it can't be written */
export async function drawPictures(
  folder: string,
  name: string,
  output: Extract<StepOutput, { kind: 'pictures' }>,
): Promise<void> {
  const { pictureGridPlot } = await import('@gicho/plots')
  const { kind: _, ...grid } = output
  await writeDrawing(folder, name, pictureGridPlot(grid))
}

/** "Reading handwritten digits (mnist/3)": the folder's name is the run's number. */
function titleOf(recipe: Pick<Recipe<Lesson>, 'id' | 'title'>, folder: string, language: Language): string {
  return `${recipe.title[language]} (${recipe.id}/${basename(folder)})`
}
