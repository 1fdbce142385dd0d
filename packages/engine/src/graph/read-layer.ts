/*
 * Reads one layer of a topology into the compiler's own terms. A layer or option that the compiler doesn't know becomes an
 * issue that names it; the caller collects them all, so that a user sees everything at once.
 */
import { HALF_PIXEL_UP_SAMPLING, type Issue, inferShape, messageOf, type Shape, sizeOf } from '@gicho/core'
import { listAt, numberAt, numberWithin, pairAt, sizeAt, textAt } from './fields.ts'
import {
  checkWindow,
  type LayerSource,
  paddingOf,
  plain,
  type Reader,
  type ReadLayer,
  readsImage,
  refuseExtras,
} from './layer-source.ts'
import { activationReaders } from './read-activation.ts'
import { weightedReaders } from './read-weighted-layer.ts'

/** The place of the winner in a window is kept in a byte. */
const MAX_POOL_PLACES = 256

function poolOf(source: LayerSource, issues: Issue[]) {
  readsImage(source, issues)
  const poolSize = pairAt(source.config, 'pool_size', source.name, 2)
  checkWindow(source, issues, poolSize)
  const strides = source.config.strides == null ? poolSize : pairAt(source.config, 'strides', source.name)
  return { poolSize, strides, padding: paddingOf(source, issues) }
}

function globalPool(kind: 'globalAveragePool2d' | 'globalMaxPool2d'): Reader {
  return (source, issues) => {
    readsImage(source, issues)
    if (source.config.keepdims === true) issues.push({ where: source.name, message: "keepdims isn't compiled yet" })
    return plain({ kind })
  }
}

function dropRate(source: LayerSource, issues: Issue[]): number {
  const rate = numberAt(source.config, 'rate', source.name)
  if (!(rate >= 0 && rate < 1)) issues.push({ where: source.name, message: `expected a rate in [0, 1), got ${rate}` })
  return rate
}

/** Padding as one number, two, or two pairs. */
function borders(source: LayerSource): { rows: readonly [number, number]; columns: readonly [number, number] } {
  const { padding = 1 } = source.config
  if (Array.isArray(padding) && padding.length === 2 && padding.every(Array.isArray)) {
    const [rows, columns]: unknown[] = padding
    return {
      rows: pairAt({ padding: rows }, 'padding', source.name, undefined, 0),
      columns: pairAt({ padding: columns }, 'padding', source.name, undefined, 0),
    }
  }
  const [y, x] = pairAt({ padding }, 'padding', source.name, undefined, 0)
  return { rows: [y, y], columns: [x, x] }
}

/** False, and an issue, where a sample's values don't fill a shape. */
function fits(shape: Shape, source: LayerSource, issues: Issue[]): boolean {
  try {
    inferShape(shape, sizeOf(source.inputShape))
    return true
  } catch (error) {
    issues.push({ where: source.name, message: messageOf(error) })
    return false
  }
}

const plainReaders: Readonly<Record<string, Reader>> = {
  MaxPooling2D(source, issues) {
    const pool = poolOf(source, issues)
    if (pool.poolSize[0] * pool.poolSize[1] > MAX_POOL_PLACES)
      issues.push({ where: source.name, message: `pools of more than ${MAX_POOL_PLACES} places aren't compiled` })
    return plain({ kind: 'maxPool2d', ...pool })
  },
  AveragePooling2D(source, issues) {
    return plain({ kind: 'averagePool2d', ...poolOf(source, issues) })
  },
  GlobalAveragePooling2D: globalPool('globalAveragePool2d'),
  GlobalMaxPooling2D: globalPool('globalMaxPool2d'),
  ZeroPadding2D(source, issues) {
    readsImage(source, issues)
    return plain({ kind: 'zeroPadding2d', ...borders(source) })
  },
  UpSampling2D(source, issues) {
    readsImage(source, issues)
    const interpolation = textAt(source.config, 'interpolation', source.name, 'nearest')
    if (interpolation !== 'nearest' && interpolation !== 'bilinear') {
      const message = `interpolation "${interpolation}" isn't compiled: only nearest and bilinear`
      issues.push({ where: source.name, message })
    }
    const size = pairAt(source.config, 'size', source.name, 2)
    return plain({ kind: 'upSampling2d', size, interpolation: interpolation === 'bilinear' ? 'bilinear' : 'nearest' })
  },
  [HALF_PIXEL_UP_SAMPLING](source, issues) {
    readsImage(source, issues)
    const size = pairAt(source.config, 'size', source.name, 2)
    return plain({ kind: 'upSampling2d', size, interpolation: 'halfPixel' })
  },
  Dropout(source, issues, streams) {
    refuseExtras(source, issues, ['noise_shape'])
    return plain({ kind: 'dropout', rate: dropRate(source, issues), stream: streams.next++ })
  },
  SpatialDropout2D(source, issues, streams) {
    readsImage(source, issues)
    return plain({ kind: 'spatialDropout2d', rate: dropRate(source, issues), stream: streams.next++ })
  },
  GaussianNoise(source, _issues, streams) {
    return plain({
      kind: 'gaussianNoise',
      stddev: numberWithin(source.config, 'stddev', source.name, { least: 0 }),
      stream: streams.next++,
    })
  },
  Flatten() {
    return plain({ kind: 'flatten' })
  },
  Reshape(source, issues) {
    const shape = listAt(source.config, 'target_shape', source.name).map((size) =>
      size === null || size === -1 ? -1 : sizeAt({ target_shape: size }, 'target_shape', source.name),
    )
    if (shape.length !== 1 && shape.length !== 3)
      issues.push({ where: source.name, message: `a shape of ${shape.length} axes isn't compiled: only 1 or 3` })
    return fits(shape, source, issues) ? plain({ kind: 'reshape', shape }) : undefined
  },
  Add(source, issues) {
    const [first = [], ...others] = source.inputShapes.map((shape) => shape.join('x'))
    if (others.some((shape) => shape !== first))
      issues.push({ where: source.name, message: `inputs of different shapes (${[first, ...others].join(', ')})` })
    return plain({ kind: 'add' })
  },
  Concatenate(source, issues) {
    const { inputShape, inputShapes, name } = source
    const given = numberAt(source.config, 'axis', name, -1)
    const axis = given < 0 ? inputShape.length + given : given - 1
    const fits = inputShapes.every(
      (shape) => shape.length === inputShape.length && shape.every((size, i) => i === axis || size === inputShape[i]),
    )
    if (!fits || inputShape[axis] === undefined)
      issues.push({ where: name, message: `inputs that can't be joined along axis ${given}` })
    return plain({ kind: 'concatenate', axis })
  },
}

const readers: Readonly<Record<string, Reader>> = { ...plainReaders, ...activationReaders, ...weightedReaders }
const JOINING: ReadonlySet<string> = new Set(['Add', 'Concatenate'])

const NESTED =
  "it is a model inside the model, which isn't compiled yet: take the eager engine (tfjsEngine), which runs it, or add its layers themselves"

/** True for a model that is used as a layer. */
export function isNested(className: string): boolean {
  return ['Sequential', 'Functional', 'Model'].includes(className)
}

/** True for the layers that the compiler knows by name; their options may still be unknown. */
export function isKnown(className: string): boolean {
  return className === 'InputLayer' || Object.hasOwn(readers, className)
}

/** The layer, or an issue more in `issues`. */
export function readLayer(source: LayerSource, issues: Issue[], streams: { next: number }): ReadLayer | undefined {
  if (isNested(source.className)) {
    issues.push({ where: source.name, message: NESTED })
    return undefined
  }
  const reader = Object.hasOwn(readers, source.className) ? readers[source.className] : undefined
  if (!reader) {
    issues.push({ where: source.name, message: `${source.className} layers aren't compiled yet` })
    return undefined
  }
  if (source.inputShapes.length > 1 && !JOINING.has(source.className))
    issues.push({ where: source.name, message: `expected one input, got ${source.inputShapes.length}` })
  return reader(source, issues, streams)
}
