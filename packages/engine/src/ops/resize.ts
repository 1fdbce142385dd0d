/*
 * ZeroPadding2D: x with zeros around it; dx = the inside of dy. UpSampling2D: every pixel size[0] x size[1] times, dx = the sum of
 * dy over each pixel's places; or between the pixels (bilinear), dx = the shares of dy that came from each.
 */
import { type Emitter, tensorArguments } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'
import { copyTensor, moved } from './tensor.ts'

function corner(op: FusedOp): [number, number] {
  const { layer } = op.node
  if (layer.kind !== 'zeroPadding2d') throw new TypeError(`${op.node.name} pads nothing`)
  return [layer.rows[0], layer.columns[0]]
}

function padForward(op: FusedOp, emitter: Emitter): void {
  const x = inputOf(op, emitter)
  const y = emitter.output(op.output)
  const rowBytes = y.width * y.pixel
  emitter.call('fillZero', emitter.batch, { y: y.at, yImage: y.image, yRow: y.row, height: y.height, rowBytes })
  copyTensor(emitter, x, { ...moved(y, ...corner(op), 0), height: x.height, width: x.width })
}

function padBackward(op: FusedOp, emitter: Emitter): void {
  const input = op.inputs[0] ?? 0
  if (emitter.isConstant(input)) return
  copyTensor(emitter, moved(emitter.gradient(op.output), ...corner(op), 0), emitter.gradient(input))
}

export const zeroPadding: Op = { forward: padForward, backward: padBackward }

function multiples(op: FusedOp, emitter: Emitter) {
  const { layer } = op.node
  if (layer.kind !== 'upSampling2d') throw new TypeError(`${op.node.name} repeats nothing`)
  const { height, width, columns } = inputOf(op, emitter)
  const sizes = { height, width, columns, sizeY: layer.size[0], sizeX: layer.size[1] }
  return { sizes, interpolation: layer.interpolation, centers: layer.interpolation === 'halfPixel' ? 1 : 0 }
}

function repeatForward(op: FusedOp, emitter: Emitter): void {
  const tensors = { ...tensorArguments('x', inputOf(op, emitter)), ...tensorArguments('y', emitter.output(op.output)) }
  const { sizes, interpolation, centers } = multiples(op, emitter)
  if (interpolation === 'nearest') emitter.call('upSample', emitter.batch, { ...tensors, ...sizes })
  else emitter.call('upSampleBilinear', emitter.batch, { ...tensors, ...sizes, centers })
}

function repeatBackward(op: FusedOp, emitter: Emitter): void {
  const input = op.inputs[0] ?? 0
  if (emitter.isConstant(input)) return
  const tensors = {
    ...tensorArguments('dy', emitter.gradient(op.output)),
    ...tensorArguments('dx', emitter.gradient(input)),
  }
  const { sizes, interpolation, centers } = multiples(op, emitter)
  if (interpolation === 'nearest') emitter.call('upSampleGrad', emitter.batch, { ...tensors, ...sizes })
  else emitter.call('upSampleBilinearGrad', emitter.batch, { ...tensors, ...sizes, centers })
}

export const upSampling: Op = { forward: repeatForward, backward: repeatBackward }
