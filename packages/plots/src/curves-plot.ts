import { checkOptionNames, type EpochLogs, GichoError, type History, range } from '@gicho/core'
import { dot, line, type Markish, rect } from '@observablehq/plot'
import { type LegendEntry, legend } from './legend.ts'
import { colours } from './palette.ts'
import { plotDrawing } from './plot-drawing.ts'
import { sheetText } from './sheet.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof CurvesPlotOptions, true>> = {
  title: true,
  history: true,
  reference: true,
  band: true,
  words: true,
}

/** The words on a drawing of curves, for other languages. */
export interface CurvesWords {
  readonly epoch: string
  readonly loss: string
  readonly accuracy: string
  readonly train: string
  readonly validation: string
  readonly referenceTrain: string
  readonly referenceValidation: string
  readonly band: string
}

const english: CurvesWords = {
  epoch: 'epoch',
  loss: 'loss',
  accuracy: 'accuracy',
  train: 'training',
  validation: 'validation',
  referenceTrain: 'training in the course',
  referenceValidation: 'validation in the course',
  band: 'accepted validation accuracy',
}

/** Options of {@link curvesPlot}. */
export interface CurvesPlotOptions {
  readonly title: string
  /** The run; what is missing in it or isn't finite leaves a gap. */
  readonly history: History
  /** A recorded run to compare with, drawn pale behind the run; its first entry is epoch 1. */
  readonly reference?: readonly EpochLogs[]
  /** The validation accuracies that count as a success, shaded; both ends belong to it. */
  readonly band?: { readonly low: number; readonly high: number }
  readonly words?: Partial<CurvesWords>
}

type Metric = keyof EpochLogs

interface Point {
  readonly epoch: number
  /** NaN where there is none: the line has a gap there. */
  readonly value: number
}

interface Series {
  readonly points: readonly Point[]
  readonly colour: string
  readonly recorded: boolean
}

const WIDTH = 420
const HEIGHT = 290
const GAP = 20
const LEGEND_HEIGHT = 26
/** With more epochs dots would touch one another. */
const MOST_DOTS = 40

/**
 * Loss and accuracy over the epochs as a standalone SVG, 892 pixels wide: training and validation of a run, before
 * the recorded run that it is held against. Of runs without accuracies, as with a mean error, the loss alone, 452 pixels wide.
 *
 * @throws GichoError `bad-argument` for a run without epochs
 */
export function curvesPlot(options: CurvesPlotOptions): string {
  checkOptionNames('curvesPlot', options, NAMES)
  if (options.history.length === 0) {
    throw new GichoError('bad-argument', 'curvesPlot: expected a history of at least one epoch, got none.')
  }
  const words = { ...english, ...options.words }
  const measured = [...options.history, ...(options.reference ?? [])].some(({ accuracy }) => accuracy !== undefined)
  const parts = [
    { x: 0, y: 0, node: legend(legendEntries(options, words)) },
    { x: 0, y: LEGEND_HEIGHT, node: panel(options, ['loss', 'val_loss'], words) },
    ...(measured
      ? [{ x: WIDTH + GAP, y: LEGEND_HEIGHT, node: panel(options, ['accuracy', 'val_accuracy'], words) }]
      : []),
  ]
  const width = measured ? 2 * WIDTH + GAP : WIDTH
  return sheetText({ title: options.title, width, height: LEGEND_HEIGHT + HEIGHT, parts })
}

function legendEntries(options: CurvesPlotOptions, words: CurvesWords): LegendEntry[] {
  const { history, reference = [], band } = options
  const validates = (logs: readonly EpochLogs[]): boolean => logs.some((epoch) => epoch.val_loss !== undefined)
  return [
    { kind: 'line', colour: colours.train, text: words.train },
    ...(validates(history) ? [{ kind: 'line', colour: colours.validation, text: words.validation } as const] : []),
    ...(reference.length > 0 ? [{ kind: 'dashes', colour: colours.train, text: words.referenceTrain } as const] : []),
    ...(validates(reference)
      ? [{ kind: 'dashes', colour: colours.validation, text: words.referenceValidation } as const]
      : []),
    ...(band ? [{ kind: 'area', colour: colours.band, text: words.band } as const] : []),
  ]
}

function panel(
  { history, reference = [], band: given }: CurvesPlotOptions,
  [train, validation]: readonly ['loss' | 'accuracy', Metric],
  words: CurvesWords,
): Element {
  const recorded = reference.map((logs, index) => ({ ...logs, epoch: index + 1 }))
  const series: readonly Series[] = [
    { points: points(recorded, train), colour: colours.train, recorded: true },
    { points: points(recorded, validation), colour: colours.validation, recorded: true },
    { points: points(history, train), colour: colours.train, recorded: false },
    { points: points(history, validation), colour: colours.validation, recorded: false },
  ]
  const band = train === 'accuracy' ? given : undefined
  const values = series.flatMap((each) => each.points.map(({ value }) => value)).filter(Number.isFinite)
  const epochs = series.flatMap((each) => each.points.map(({ epoch }) => epoch))
  const x = epochDomain(epochs)
  const y = train === 'loss' ? lossDomain(values) : accuracyDomain(band ? [...values, band.low] : values)
  return plotDrawing({
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 46,
    marginRight: 12,
    insetLeft: 8,
    insetRight: 8,
    marginTop: 28,
    marginBottom: 40,
    x: {
      domain: x,
      label: words.epoch,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: epochTicks(x),
      tickFormat: 'd',
    },
    y: { domain: y, nice: true, grid: true, label: words[train], labelArrow: 'none', ticks: 6 },
    marks: [
      ...(band ? [bandMark(band)] : []),
      ...series.filter(({ points }) => points.some(({ value }) => Number.isFinite(value))).flatMap(seriesMarks),
    ],
  })
}

function points(logs: readonly (EpochLogs & { readonly epoch: number })[], metric: Metric): Point[] {
  return logs.map((epoch) => {
    const value = epoch[metric] ?? Number.NaN
    return { epoch: epoch.epoch, value: Number.isFinite(value) ? value : Number.NaN }
  })
}

/** Over the whole width: which epochs it is meant for is the lesson's to say. */
function bandMark({ low, high }: { readonly low: number; readonly high: number }): Markish {
  return rect([{ low, high }], { y1: 'low', y2: 'high', fill: colours.band, fillOpacity: 0.13 })
}

function seriesMarks({ points, colour, recorded }: Series): Markish[] {
  const channels = { x: 'epoch', y: 'value' } as const
  if (recorded) {
    const pale = { stroke: colour, strokeOpacity: 0.55, strokeWidth: 1.5 }
    // One epoch makes no line: a ring stands for it.
    if (points.length === 1) return [dot(points, { ...channels, ...pale, r: 3.5 })]
    return [line(points, { ...channels, ...pale, strokeDasharray: '5 4' })]
  }
  const drawn = line(points, { ...channels, stroke: colour, strokeWidth: 2 })
  return points.length > MOST_DOTS ? [drawn] : [drawn, dot(points, { ...channels, fill: colour, r: 3 })]
}

function epochDomain(epochs: readonly number[]): [number, number] {
  const { min: first, max: last } = range(epochs)
  return first === last ? [first - 0.5, last + 0.5] : [first, last]
}

/** Whole epochs, at most about ten of them, and always multiples of one step. */
function epochTicks([from, to]: readonly [number, number]): number[] {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, (to - from) / 10)))
  const step = [1, 2, 5].map((factor) => factor * power).find((size) => (to - from) / size <= 10) ?? 10 * power
  const ticks: number[] = []
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) ticks.push(tick)
  return ticks
}

function lossDomain(values: readonly number[]): [number, number] {
  const highest = range(values).max
  return [0, highest > 0 && Number.isFinite(highest) ? highest : 1]
}

/** From a little below the lowest value to 1. */
function accuracyDomain(values: readonly number[]): [number, number] {
  const lowest = Math.min(1, range(values).min)
  return [Math.max(0, lowest - (1 - lowest) * 0.08 - 0.002), 1]
}
