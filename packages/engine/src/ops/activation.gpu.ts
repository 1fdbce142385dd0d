/* Activations on the GPU: those that work in place are an op's finish (on a copy where they stand alone), the others kernels. */
import type { Activation } from '../graph/graph.ts'
import { ACTIVATIONS_OF_INPUT } from './activation.ts'
import { copyGpu } from './copy.gpu.ts'
import { finishOf, type GpuEmitter, type GpuOp } from './gpu-emitter.ts'
import type { FusedOp } from './op.ts'

/** One whose gradient isn't told from each output value. */
function ownKernel({ node }: FusedOp): Activation | undefined {
  const { layer } = node
  return layer.kind === 'activation' && ACTIVATIONS_OF_INPUT.has(layer.activation) ? layer.activation : undefined
}

function forward(op: FusedOp, emitter: GpuEmitter): void {
  const activation = ownKernel(op)
  const tensors = { x: emitter.output(op.inputs[0] ?? 0), y: emitter.output(op.output) }
  if (activation) emitter.call('activate', { ...tensors, activation, finish: finishOf(op, emitter) })
  else copyGpu.forward(op, emitter)
}

function backward(op: FusedOp, emitter: GpuEmitter): void {
  const activation = ownKernel(op)
  const input = op.inputs[0] ?? 0
  if (!activation) copyGpu.backward?.(op, emitter)
  else if (!emitter.isConstant(input)) {
    const v = emitter.output(activation === 'softmax' ? op.output : input)
    emitter.call('activateGrad', { v, dy: emitter.gradient(op.output), dx: emitter.gradient(input), activation })
  }
}

export const activationGpu: GpuOp = { forward, backward }
