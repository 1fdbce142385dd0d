import { formatShape, GichoError, type ModelSummary, type SummaryRow } from '@gicho/core'
import type * as tfl from '@tensorflow/tfjs-layers'

/**
 * A model's layers and parameter counts, as Keras' `summary()` lists them.
 *
 * @throws GichoError `bad-argument` for a model without layers, or whose shapes aren't known yet
 */
export function summarize(model: tfl.LayersModel): ModelSummary {
  const rows = model.layers.map(rowOf)
  if (rows.length === 0) throw noShape(`model ${model.name}`)
  const trainable = model.trainableWeights.reduce((total, weight) => total + elements(weight.shape), 0)
  return {
    name: model.name,
    rows,
    totalParameters: model.weights.reduce((total, weight) => total + elements(weight.shape), 0),
    trainableParameters: trainable,
  }
}

function rowOf(layer: tfl.layers.Layer): SummaryRow {
  // The first use of the layer and its first output; one line a layer is all that Keras prints too.
  const outputShape = layer.inboundNodes[0]?.outputShapes[0]
  if (!Array.isArray(outputShape) || !outputShape.every(isSize)) throw noShape(`layer ${layer.name}`)
  return { name: layer.name, type: layer.getClassName(), outputShape, parameters: layer.countParams() }
}

function noShape(what: string): GichoError {
  const hint = 'Add a first layer with an inputShape, or call the model once.'
  return new GichoError(
    'bad-argument',
    `summarize: expected a model of known shapes, but ${what} has none yet. ${hint}`,
  )
}

function isSize(value: unknown): value is number | null {
  return value === null || typeof value === 'number'
}

function elements(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((product, size) => product * (size ?? 1), 1)
}

const words = {
  en: {
    model: 'Model',
    columns: ['Layer (type)', 'Output Shape', 'Param #'],
    totals: ['Total params', 'Trainable params', 'Non-trainable params'],
  },
  ko: {
    model: '모델',
    columns: ['층 (종류)', '출력 형태', '매개변수 수'],
    totals: ['전체 매개변수', '학습하는 매개변수', '학습하지 않는 매개변수'],
  },
} as const

const lines = {
  box: { top: '┏━┳┓', head: '┃', middle: '┡━╇┩', row: '│', between: '├─┼┤', bottom: '└─┴┘' },
  ascii: { top: '+-++', head: '|', middle: '+=++', row: '|', between: '+-++', bottom: '+-++' },
} as const

/**
 * A summary as the table that Keras 3 prints: layers with output shapes and parameters, then the totals.
 *
 * @param language of the headings; layer names and types stay as they are
 * @param options `ascii`: draw with `+`, `-`, `|` for terminals without box characters
 * @returns lines joined by a newline, none at the end
 */
export function formatSummary(
  summary: ModelSummary,
  language: 'en' | 'ko' = 'en',
  options: { readonly ascii?: boolean } = {},
): string {
  const text = words[language]
  const line = options.ascii ? lines.ascii : lines.box
  const cells = summary.rows.map((row) => [
    `${row.name} (${row.type})`,
    formatShape(row.outputShape),
    row.parameters.toLocaleString('en-US'),
  ])
  const widths = text.columns.map(
    (head, i) => Math.max(...[head, ...cells.map((c) => c[i] ?? '')].map(displayWidth)) + 2,
  )
  const rule = ([left, fill, cross, right]: string) =>
    `${left}${widths.map((width) => fill?.repeat(width)).join(cross)}${right}`
  const row = (values: readonly string[], bar: string) =>
    `${bar}${values.map((value, i) => pad(value, widths[i] ?? 0, i === 2)).join(bar)}${bar}`
  const body = cells.map((values) => row(values, line.row)).join(`\n${rule(line.between)}\n`)
  const { totalParameters: total, trainableParameters: trainable } = summary
  const totals = [total, trainable, total - trainable].map((n, i) => ` ${text.totals[i]}: ${formatParameters(n)}`)
  const table = [
    rule(line.top),
    row(text.columns, line.head),
    rule(line.middle),
    ...(body ? [body] : []),
    rule(line.bottom),
  ]
  return [`${text.model}: "${summary.name}"`, ...table, ...totals].join('\n')
}

/** With the memory of as many float32, as Keras says it: `669,706 (2.55 MB)`. */
function formatParameters(n: number): string {
  const units = ['B', 'KB', 'MB', 'GB']
  const power = n === 0 ? 0 : Math.min(Math.floor(Math.log2(n * 4) / 10), units.length - 1)
  return `${n.toLocaleString('en-US')} (${((n * 4) / 1024 ** power).toFixed(2)} ${units[power]})`
}

function pad(value: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - 2 - displayWidth(value)))
  return right ? ` ${space}${value} ` : ` ${value}${space} `
}

/** Columns in a terminal: Hangul takes two. */
function displayWidth(text: string): number {
  return [...text].reduce((width, character) => width + (/\p{Script=Hangul}/u.test(character) ? 2 : 1), 0)
}
