/* What becomes of values behind an op: relu or another activation, then dropout; and the way back. */
import type { Activation, ActivationForm } from '../../graph/graph.ts'
import type { Mask, Tensor } from '../../ops/emitter.ts'
import { isPlain } from '../../ops/gpu-emitter.ts'
import type { Dropping, Finish } from '../../ops/gpu-table.ts'
import { at, float, loaded } from './shader.ts'
import { dropoutText } from './threefry.ts'

interface Formula {
  /** f(v) of a vector v; `alpha` is the layer's. */
  readonly value: (alpha: string) => string
  /** f' told from y = f(v). */
  readonly slope: (alpha: string) => string
  /** False where padding channels would become something. */
  readonly keepsZero: boolean
}

const SELU_SCALE = 1.05070098735548
const SELU_ALPHA = 1.67326324235437
const positive = 'vec4f(1.0f)'

/** Those that work in place. NaN has to stay NaN, so comparisons choose what is replaced. */
const formulas: Readonly<Partial<Record<Activation, Formula>>> = {
  relu: {
    value: () => 'select(v, vec4f(), v < vec4f())',
    slope: () => `select(${positive}, vec4f(), y <= vec4f())`,
    keepsZero: true,
  },
  relu6: {
    value: () => 'select(select(v, vec4f(), v < vec4f()), vec4f(6.0f), v > vec4f(6.0f))',
    slope: () => `select(${positive}, vec4f(), (y <= vec4f()) | (y >= vec4f(6.0f)))`,
    keepsZero: true,
  },
  leakyRelu: {
    value: (alpha) => `select(v, v * ${alpha}, v < vec4f())`,
    slope: (alpha) => `select(${positive}, vec4f(${alpha}), y <= vec4f())`,
    keepsZero: true,
  },
  elu: {
    value: (alpha) => `select(v, ${alpha} * (exp(min(v, vec4f())) - 1.0f), v < vec4f())`,
    slope: (alpha) => `select(${positive}, y + ${alpha}, y <= vec4f())`,
    keepsZero: true,
  },
  selu: {
    value: () =>
      `select(v * ${float(SELU_SCALE)}, ${float(SELU_SCALE * SELU_ALPHA)} * (exp(min(v, vec4f())) - 1.0f), v < vec4f())`,
    slope: () => `select(vec4f(${float(SELU_SCALE)}), y + ${float(SELU_SCALE * SELU_ALPHA)}, y <= vec4f())`,
    keepsZero: true,
  },
  sigmoid: { value: () => '1.0f / (1.0f + exp(-v))', slope: () => 'y * (1.0f - y)', keepsZero: false },
  hardSigmoid: {
    value: (alpha) => `clamp(v * ${alpha} + 0.5f, vec4f(), vec4f(1.0f))`,
    slope: (alpha) => `select(vec4f(${alpha}), vec4f(), (y <= vec4f()) | (y >= vec4f(1.0f)))`,
    keepsZero: false,
  },
  // Beyond 15 it is 1 in float32; some devices overflow there.
  tanh: { value: () => 'tanh(clamp(v, vec4f(-15.0f), vec4f(15.0f)))', slope: () => '1.0f - y * y', keepsZero: true },
  softplus: {
    value: () => 'max(v, vec4f()) + log(1.0f + exp(-abs(v)))',
    slope: () => '1.0f - exp(-y)',
    keepsZero: false,
  },
}

function formOf({ relu, activation }: Finish): ActivationForm | undefined {
  return relu ? { activation: 'relu', alpha: 0 } : activation
}

function formulaOf({ activation }: ActivationForm): Formula {
  const formula = formulas[activation]
  if (!formula) throw new TypeError(`the activation ${activation} has no formula on a GPU`)
  return formula
}

/** `fn kept(v, group)`: v with zeros in the padding of the last group of channels. */
export function keptText(tensor: Tensor): string {
  return `fn kept(value: vec4f, group: u32) -> vec4f {
  var v = value;
${cleared(tensor)}  return v;
}`
}

/** Clears the padding of the last group of channels. */
function cleared({ channels, columns }: Tensor): string {
  if (channels === columns) return ''
  const kept = [0, 1, 2, 3].map((lane) => `${columns - 4 + lane < channels}`).join(', ')
  return `  if (group == ${columns / 4 - 1}u) { v = select(vec4f(), v, vec4<bool>(${kept})); }\n`
}

/** The number of a group of four values among those of a mask. */
function counter({ wholeChannels }: Dropping, { height, width, columns }: Tensor): string {
  return `pixel${wholeChannels ? ` / ${height * width}u` : ''} * ${columns / 4}u + group`
}

/** `fn finished(v, pixel, group)` for the values of `y`. */
export function finishText(finish: Finish, y: Tensor): string {
  if (isPlain(finish)) return 'fn finished(v: vec4f, pixel: u32, group: u32) -> vec4f { return v; }'
  const form = formOf(finish)
  const formula = form && formulaOf(form)
  const lines = [
    form && formula ? `  v = ${formula.value(float(form.alpha))};\n` : '',
    formula && !formula.keepsZero ? cleared(y) : '',
    finish.dropout ? `  v = dropped(v, ${counter(finish.dropout, y)});\n` : '',
  ].join('')
  return `${finish.dropout ? `${dropoutText(finish.dropout)}\n` : ''}fn finished(value: vec4f, pixel: u32, group: u32) -> vec4f {
  var v = value;
${lines}  return v;
}`
}

/** `fn unfinished(dy, y, pixel, group)`: the gradient before the finish. Behind a relu, zeros tell what was dropped. */
export function unfinishText(finish: Finish, y: Tensor): string {
  const form = formOf(finish)
  const slope = form ? formulaOf(form).slope(float(form.alpha)) : ''
  const head = 'fn unfinished(dy: vec4f, y: vec4f, pixel: u32, group: u32) -> vec4f {'
  if (finish.relu) return `${head} return select(dy * ${float(finish.dropout?.keep ?? 1)}, vec4f(), y <= vec4f()); }`
  if (form) return `${head} return dy * (${slope}); }`
  if (!finish.dropout) return `${head} return dy; }`
  return `${dropoutText(finish.dropout)}\n${head} return dropped(dy, ${counter(finish.dropout, y)}); }`
}

/** `fn masked(v, place)`: a gradient through the relu (and dropout) before a tensor, at a place of the gradient. */
export function maskText(mask: Mask | undefined, dx: Tensor): string {
  if (!mask) return 'fn masked(v: vec4f, place: u32) -> vec4f { return v; }'
  // A tensor and its gradient have one layout.
  const move = at(mask.tensor.at) - at(dx.at)
  const from = move < 0 ? `place - ${-move}u` : `place + ${move}u`
  const value = mask.keep === 1 ? 'v' : `v * ${float(mask.keep)}`
  return `fn masked(v: vec4f, place: u32) -> vec4f { return select(vec4f(), ${value}, ${loaded(mask.tensor, from)} > vec4f()); }`
}
