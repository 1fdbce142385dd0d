/*
 * y = f(x) for the activations other than relu, as they stand in Keras (hardSigmoid: clip(alpha x + 0.5, 0, 1), alpha being
 * 0.2 in Keras 2 and tfjs, 1/6 in Keras 3; gelu: the exact one, x times the normal distribution; selu: G. Klambauer et al., 2017; swish: x sigmoid(x)).
 * Gradient: dx = dy f', told from the output where that says it, else from the input, which is then kept.
 */
import type { Activation, ActivationForm } from '../graph/graph.ts'
import { type Emitter, type Tensor, tensorArguments } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'
import { copyTensor } from './tensor.ts'

/** Those whose gradient needs more than each output value: a pass of their own, from their input or over all channels. */
export const ACTIVATIONS_OF_INPUT: ReadonlySet<Activation> = new Set(['swish', 'gelu', 'softmax'])

/** Numbers of the kinds in kernels/activation.ts. */
const KINDS: Readonly<Record<Exclude<Activation, 'linear' | 'softmax'>, number>> = {
  relu: 0,
  relu6: 1,
  leakyRelu: 2,
  elu: 3,
  selu: 4,
  sigmoid: 5,
  hardSigmoid: 6,
  tanh: 7,
  softplus: 8,
  swish: 9,
  gelu: 10,
}

function kindOf(activation: Activation): number {
  return activation === 'linear' || activation === 'softmax' ? 0 : KINDS[activation]
}

/** y = f(x); both may be one tensor. */
export function emitActivation(emitter: Emitter, { activation, alpha }: ActivationForm, x: Tensor, y: Tensor): void {
  const { height, width, channels, columns } = y
  emitter.call('activate', emitter.batch, {
    ...tensorArguments('x', x),
    ...tensorArguments('y', y),
    height,
    width,
    channels,
    columns,
    kind: kindOf(activation),
    alphaf: alpha,
  })
}

/** dz = dy f'(v), where v is the output, or the input of those that need it. */
export function emitActivationGradient(
  emitter: Emitter,
  { activation, alpha }: ActivationForm,
  { v, dy, dz }: { readonly v: Tensor; readonly dy: Tensor; readonly dz: Tensor },
): void {
  const { height, width, columns } = v
  emitter.call('activateGrad', emitter.batch, {
    ...tensorArguments('v', v),
    ...tensorArguments('dy', dy),
    ...tensorArguments('dz', dz),
    height,
    width,
    columns,
    kind: kindOf(activation),
    alphaf: alpha,
  })
}

function formOf(op: FusedOp): ActivationForm {
  if (op.node.layer.kind !== 'activation') throw new TypeError(`${op.node.name} is not an activation`)
  return op.node.layer
}

function forward(op: FusedOp, emitter: Emitter): void {
  const form = formOf(op)
  const x = inputOf(op, emitter)
  const y = emitter.output(op.output)
  if (form.activation === 'softmax') {
    const { height, width, channels, columns } = y
    const sizes = { height, width, channels, columns }
    emitter.call('softmaxPixels', emitter.batch, { ...tensorArguments('x', x), ...tensorArguments('y', y), ...sizes })
  } else if (ACTIVATIONS_OF_INPUT.has(form.activation)) emitActivation(emitter, form, x, y)
  // The rest works in place, on a copy where the input is wanted elsewhere too.
  else copyTensor(emitter, x, y)
}

function backward(op: FusedOp, emitter: Emitter): void {
  const input = op.inputs[0] ?? 0
  if (emitter.isConstant(input)) return
  const form = formOf(op)
  const dy = emitter.gradient(op.output)
  const dx = emitter.gradient(input)
  if (form.activation === 'softmax') {
    const y = emitter.output(op.output)
    emitter.call('softmaxPixelsGrad', emitter.batch, {
      ...tensorArguments('y', y),
      ...tensorArguments('dy', dy),
      ...tensorArguments('dx', dx),
      height: y.height,
      width: y.width,
      columns: y.columns,
    })
  } else if (ACTIVATIONS_OF_INPUT.has(form.activation))
    emitActivationGradient(emitter, form, { v: inputOf(op, emitter), dy, dz: dx })
  else copyTensor(emitter, dy, dx)
}

export const activation: Op = { forward, backward }
