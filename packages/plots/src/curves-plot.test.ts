import type { EpochLogs, EpochRecord } from '@gicho/core'
import { expect, test } from 'vitest'
import { readSvg } from '../test/read-svg.ts'
import { curvesPlot } from './curves-plot.ts'
import './node-document.node.ts'
import { colours } from './palette.ts'

function history(epochs: number, change: (epoch: number) => Partial<EpochLogs> = () => ({})): EpochRecord[] {
  return Array.from({ length: epochs }, (_, i) => {
    const accuracy = 1 - 0.1 / (i + 1)
    const logs = { loss: 1 / (i + 1), accuracy, val_loss: 1.1 / (i + 1), val_accuracy: accuracy - 0.01 }
    return { epoch: i + 1, ...logs, seconds: 1, msPerStep: 1, ...change(i + 1) }
  })
}

const reference = history(5)
const band = { low: 0.9, high: 1 }

/** The paths of solid lines of a colour, loss before accuracy. */
function solidLines(svg: string, colour: string): string[] {
  const groups = svg.matchAll(/<g aria-label="line"([^>]*)><path d="([^"]*)"/g)
  return Array.from(groups, ([, style = '', path = '']) =>
    style.includes(`stroke="${colour}"`) && !style.includes('dasharray') ? path : '',
  ).filter((path) => path !== '')
}

test('two panels show the run, the recorded run behind it and the accepted band, each named', () => {
  const svg = curvesPlot({ title: 'mnist & 1', history: history(5), reference, band })
  const { texts, width, height } = readSvg(svg)
  expect(texts.slice(0, 6)).toEqual([
    'mnist &amp; 1',
    'training',
    'validation',
    'training in the course',
    'validation in the course',
    'accepted validation accuracy',
  ])
  for (const label of ['loss', 'accuracy', 'epoch']) expect(texts).toContain(label)
  expect([width, height]).toEqual([892, 375])
  expect(svg.match(/stroke-dasharray="5 4"/g)).toHaveLength(2 + 4) // in the legend, and two curves a panel
  expect(svg.match(/<g aria-label="rect"/g)).toHaveLength(1) // the band belongs to accuracy alone
  expect(svg.match(/<circle/g)).toHaveLength(2 + 4 * 5)
})

test('the same run gives the same characters', () => {
  const draw = (): string => curvesPlot({ title: 'again', history: history(5), reference, band })
  expect(draw()).toBe(draw())
})

test('what is not there has no place in the legend', () => {
  const bare = history(3).map(({ val_loss, val_accuracy, ...rest }) => rest)
  const { texts } = readSvg(curvesPlot({ title: '', history: bare }))
  expect(texts[0]).toBe('training')
  expect(texts).not.toContain('validation')
})

test('a run of which the loss alone was measured has one panel', () => {
  const losses = history(3).map(({ accuracy: _, val_accuracy: __, ...rest }) => rest)
  const { texts, width, height } = readSvg(curvesPlot({ title: '', history: losses }))
  expect(texts).toContain('validation')
  expect(texts).toContain('loss')
  expect(texts).not.toContain('accuracy')
  expect([width, height]).toEqual([452, 348]) // no title
})

test('one epoch is a dot in the middle of its panel, one recorded epoch a ring', () => {
  const svg = curvesPlot({ title: 'one', history: history(1), reference: history(1) })
  readSvg(svg)
  expect(svg).not.toContain('stroke-dasharray="5 4"><path')
  expect(svg.match(/<circle/g)).toHaveLength(2 + 8)
})

test('a value that is missing or not finite leaves a gap, and the rest of the curve stays', () => {
  const broken = history(6, (epoch) =>
    epoch === 3 ? { loss: Number.NaN, val_accuracy: Number.POSITIVE_INFINITY } : {},
  )
  const svg = curvesPlot({ title: 'gaps', history: broken })
  readSvg(svg)
  const moves = (colour: string): number[] => solidLines(svg, colour).map((path) => path.split('M').length - 1)
  expect(moves(colours.train)).toEqual([2, 1])
  expect(moves(colours.validation)).toEqual([1, 2])
})

test('a run in which nothing is a number is still drawn, as empty panels', () => {
  const nothing = { loss: Number.NaN, accuracy: Number.NaN, val_loss: Number.NaN, val_accuracy: Number.NaN }
  const svg = curvesPlot({ title: 'nothing', history: history(2, () => nothing) })
  expect(readSvg(svg).texts).toContain('epoch')
  expect(solidLines(svg, colours.train)).toEqual([])
})

test.each([1, 2, 5, 20, 33, 120, 700])('with %i epochs the ticks are whole epochs and few', (epochs) => {
  const { texts } = readSvg(curvesPlot({ title: '', history: history(epochs), reference }))
  const from = texts.indexOf('loss') + 1
  const ticks = texts.slice(from, texts.indexOf('epoch')).map(Number)
  expect(ticks.every((tick) => Number.isInteger(tick) && tick >= 1 && tick <= Math.max(epochs, 5))).toBe(true)
  expect(ticks.length).toBeGreaterThanOrEqual(1)
  expect(ticks.length).toBeLessThanOrEqual(11)
})

test('a long run has lines without dots', () => {
  expect(curvesPlot({ title: '', history: history(100) }).match(/<circle/g)).toHaveLength(2) // those of the legend
})

test('the words can be in another language', () => {
  const words = { train: '학습', loss: '손실' }
  const { texts } = readSvg(curvesPlot({ title: '', history: history(2), words }))
  expect(texts).toContain('학습')
  expect(texts).toContain('손실')
  expect(texts).toContain('validation')
})

test('a run without epochs is refused', () => {
  expect(() => curvesPlot({ title: '', history: [] })).toThrow('expected a history of at least one epoch, got none')
})

test('epochs of any number, and any number of them, are drawn at once with a handful of ticks', () => {
  const far = history(2).map((epoch, i) => (i === 1 ? { ...epoch, epoch: 2 ** 53 - 1 } : epoch))
  const drawn = curvesPlot({ title: '', history: far })
  expect(readSvg(drawn).texts.length).toBeLessThan(60)
  const equal = curvesPlot({ title: '', history: Array.from({ length: 40_000 }, () => history(1)).flat() })
  expect(readSvg(equal).texts.length).toBeLessThan(60)
})
