// What readers of layers share: the layer as the topology says it, and issues for what isn't compiled.
import { formatShape, type Issue, type Shape } from '@gicho/core'
import { type Fields, isFields, MOST_SIDE, numberAt, textAt } from './fields.ts'
import type { ActivationForm, Layer, WeightRule } from './graph.ts'

/** A layer, and the activation that it applies itself. */
export interface ReadLayer {
  readonly layer: Layer
  readonly activation: ActivationForm
  readonly rules?: Readonly<Record<string, WeightRule>>
  /** A layer of its own that comes first: the depthwise half of a separable convolution. */
  readonly before?: {
    readonly layer: Layer
    readonly rules?: Readonly<Record<string, WeightRule>>
  }
  /** What the names of weights call their roles, where that is something else. */
  readonly roles?: Readonly<Record<string, string>>
}

export interface LayerSource {
  readonly className: string
  readonly name: string
  readonly config: Fields
  readonly inputShape: Shape
  readonly inputShapes: readonly Shape[]
}

export type Reader = (source: LayerSource, issues: Issue[], streams: { next: number }) => ReadLayer | undefined

export const LINEAR: ActivationForm = { activation: 'linear', alpha: 0 }

/** A layer without an activation of its own. */
export function plain(layer: Layer): ReadLayer {
  return { layer, activation: LINEAR }
}

/** An issue for each of the options that is set at all. */
export function refuseExtras(source: LayerSource, issues: Issue[], keys: readonly string[]): void {
  for (const key of keys) {
    const value = source.config[key]
    if (value !== undefined && value !== null) issues.push({ where: source.name, message: `${key} isn't compiled yet` })
  }
}

export function paddingOf(source: LayerSource, issues: Issue[]): 'same' | 'valid' {
  const value = textAt(source.config, 'padding', source.name, 'valid')
  if (value !== 'same' && value !== 'valid')
    issues.push({ where: source.name, message: `padding "${value}" isn't compiled` })
  return value === 'same' ? 'same' : 'valid'
}

/** Places that a window may have. */
const MOST_PLACES = 2 ** 16

/** Issues for windows that are larger than any image. */
export function checkWindow(
  { name }: LayerSource,
  issues: Issue[],
  [y, x]: readonly [number, number],
  [dilationY, dilationX]: readonly [number, number] = [1, 1],
): void {
  if (y * x > MOST_PLACES)
    issues.push({ where: name, message: `windows of more than ${MOST_PLACES} places aren't compiled, got ${y}x${x}` })
  const reach = Math.max((y - 1) * dilationY, (x - 1) * dilationX) + 1
  if (reach > MOST_SIDE)
    issues.push({ where: name, message: `its windows reach over ${reach} pixels, which no image has` })
}

/** Issues unless the layer reads an image with its channels last. */
export function readsImage(source: LayerSource, issues: Issue[]): void {
  const format = source.config.data_format ?? 'channels_last'
  if (format !== 'channels_last' && format !== 'channelsLast')
    issues.push({ where: source.name, message: `data format ${String(format)} isn't compiled` })
  if (source.inputShape.length !== 3)
    issues.push({
      where: source.name,
      message: `expected images, got samples of shape ${formatShape(source.inputShape)}`,
    })
}

/** Penalties and constraints of weights, by role; `keys` gives each role's prefix in the configuration. */
export function rulesOf(
  source: LayerSource,
  issues: Issue[],
  keys: Readonly<Record<string, string>>,
): Record<string, WeightRule> {
  const rules: Record<string, WeightRule> = {}
  for (const [role, prefix] of Object.entries(keys)) {
    const penalty = penaltyOf(source, issues, `${prefix}_regularizer`)
    const maxNorm = maxNormOf(source, issues, `${prefix}_constraint`, role)
    if (penalty.l1 !== 0 || penalty.l2 !== 0 || maxNorm !== undefined)
      rules[role] = maxNorm === undefined ? penalty : { ...penalty, maxNorm }
  }
  return rules
}

function penaltyOf(source: LayerSource, issues: Issue[], key: string): { l1: number; l2: number } {
  const value = source.config[key]
  if (value === undefined || value === null) return { l1: 0, l2: 0 }
  const config = isFields(value) && isFields(value.config) ? value.config : undefined
  const type = isFields(value) ? value.class_name : value
  if (!config || (type !== 'L1L2' && type !== 'L1' && type !== 'L2')) {
    issues.push({ where: source.name, message: `${key} ${String(type)} isn't compiled: only L1 and L2` })
    return { l1: 0, l2: 0 }
  }
  return { l1: numberAt(config, 'l1', source.name, 0), l2: numberAt(config, 'l2', source.name, 0) }
}

/** Norms run over all axes of a kernel but the last, as MaxNorm(axis=0) says for Dense and axis=[0, 1, 2] for Conv2D; over all of a bias. */
function maxNormOf(source: LayerSource, issues: Issue[], key: string, role: string): number | undefined {
  const value = source.config[key]
  if (value === undefined || value === null) return undefined
  const type = isFields(value) ? value.class_name : value
  const config = isFields(value) && isFields(value.config) ? value.config : undefined
  if (!config || type !== 'MaxNorm') {
    issues.push({ where: source.name, message: `${key} ${String(type)} isn't compiled: only MaxNorm` })
    return undefined
  }
  const rank = role !== 'kernel' ? 1 : source.className === 'Dense' ? 2 : 4
  const wanted = rank === 4 ? '[0,1,2]' : '[0]'
  const axis = config.axis ?? 0
  if (JSON.stringify(sortedAxes(axis, rank)) !== wanted) {
    const message = `${key}: MaxNorm over axis ${JSON.stringify(axis)} isn't compiled: only over ${wanted}`
    issues.push({ where: source.name, message })
  }
  return numberAt(config, 'max_value', source.name, 2)
}

/** Axes as Keras takes them, one or several, negative ones from the end, of a weight with `rank` axes. */
function sortedAxes(axis: unknown, rank: number): number[] {
  const axes = (Array.isArray(axis) ? axis : [axis]).map(Number)
  return axes.map((one) => (one < 0 ? one + rank : one)).sort((a, b) => a - b)
}
