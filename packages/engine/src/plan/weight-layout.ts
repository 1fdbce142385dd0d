/*
 * How weights lie in the arena. Kernels of products lie in panels of 8 columns, [columns / 8][rows][8], padded with zeros: that is
 * the form in which the products read them, so nothing is packed in a step. Rows follow the input's layout, whose channels are
 * padded to fours; a Flatten in front spreads its padding over the rows of the Dense layer behind it. All trainable weights lie in
 * one region, and each of the optimizer's slots, and the gradients, in further regions of the same layout.
 */
import { GichoError, type NamedArray, type Shape, sizeOf } from '@gicho/core'
import type { Graph, GraphNode } from '../graph/graph.ts'
import { isView } from '../graph/views.ts'
import { paddedColumns } from '../ops/tensor.ts'

/** One weight: where it lies in its region, and which stored word belongs to which of its values. */
export interface WeightSlot {
  readonly name: string
  readonly shape: Shape
  readonly trainable: boolean
  /** Bytes from the start of the region. */
  readonly offset: number
  readonly bytes: number
  readonly panelBytes: number
  /** For each value, row-major, its word within the slot. */
  readonly words: Uint32Array
}

export interface WeightLayout {
  readonly slots: ReadonlyMap<string, WeightSlot>
  /** Size of the region of trainable weights; the others follow in a region of their own. */
  readonly trainableBytes: number
  readonly fixedBytes: number
}

const ALIGN = 64

/** Rows of a kernel matrix as stored, for each row of the weight. */
function rowMap(rows: number, channels: number, packed: boolean): { map: Uint32Array; stored: number } {
  if (packed) return { map: Uint32Array.from({ length: rows }, (_, i) => i), stored: rows }
  const columns = paddedColumns(channels)
  const map = Uint32Array.from({ length: rows }, (_, i) => Math.floor(i / channels) * columns + (i % channels))
  return { map, stored: Math.ceil(rows / channels) * columns }
}

interface Words {
  readonly words: Uint32Array
  readonly bytes: number
  readonly panelBytes: number
}

function panelWords(rows: number, columns: number, channels: number, packed: boolean): Words {
  const { map, stored } = rowMap(rows, channels, packed)
  // Panels a multiple of the page size apart would meet in the same cache sets.
  const panelBytes = stored * 32 + (stored % 64 === 0 ? ALIGN : 0)
  const words = new Uint32Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      words[row * columns + column] = (column >> 3) * (panelBytes / 4) + (map[row] ?? 0) * 8 + (column & 7)
    }
  }
  return { words, bytes: Math.ceil(columns / 8) * panelBytes, panelBytes }
}

/** A depthwise kernel: [place][output channel], channels padded. */
function placeWords(shape: Shape): Words {
  const [kernelY = 1, kernelX = 1, inputs = 1, multiplier = 1] = shape
  const channels = inputs * multiplier
  const columns = paddedColumns(channels)
  const words = Uint32Array.from(
    { length: sizeOf(shape) },
    (_, i) => Math.floor(i / channels) * columns + (i % channels),
  )
  return { words, bytes: ((kernelY * kernelX * columns + 7) & ~7) * 4, panelBytes: 0 }
}

function vectorWords(size: number): Words {
  return { words: Uint32Array.from({ length: size }, (_, i) => i), bytes: ((size + 7) & ~7) * 4, panelBytes: 0 }
}

/** The channels by which the rows of a node's kernel repeat: its input's, through a Flatten that is a view those of the image before it. */
function inputChannels(graph: Graph, node: GraphNode): { channels: number; packed: boolean } {
  let index = node.inputs[0] ?? 0
  const own = graph.nodes[index]
  while (['dropout', 'activation'].includes(graph.nodes[index]?.layer.kind ?? ''))
    index = graph.nodes[index]?.inputs[0] ?? 0
  const flatten = graph.nodes[index]
  if (!isView(graph, index)) return { channels: own?.shape.at(-1) ?? 1, packed: isPacked(graph, node.inputs[0] ?? 0) }
  const source = flatten?.inputs[0] ?? 0
  return { channels: graph.nodes[source]?.shape.at(-1) ?? 1, packed: isPacked(graph, source) }
}

/** A lone channel of the input image stays packed when only products read it: their rows are then contiguous. */
export function isPacked(graph: Graph, index: number): boolean {
  const node = graph.nodes[index]
  if (node?.layer.kind !== 'input' || node.shape.at(-1) !== 1) return false
  return graph.nodes.every(
    (other) => !other.inputs.includes(index) || ['conv2d', 'dense', 'flatten'].includes(other.layer.kind),
  )
}

/** Lays out every weight of the graph. @throws GichoError `bad-shape` when a weight of a layer is missing */
export function layOutWeights(graph: Graph, weights: readonly NamedArray[]): WeightLayout {
  const slots = new Map<string, WeightSlot>()
  const byName = new Map(weights.map((weight) => [weight.name, weight]))
  const ends = { trainable: 0, fixed: 0 }
  for (const node of graph.nodes) {
    for (const [role, name] of Object.entries(node.weights)) {
      const weight = byName.get(name)
      if (!weight)
        throw new GichoError('bad-shape', `weights: expected ${name}, which the topology names, got none of that name.`)
      const trainable = node.trainable && !role.startsWith('moving_')
      const { channels, packed } = inputChannels(graph, node)
      const columns = weight.shape.at(-1) ?? 1
      const words =
        role === 'kernel'
          ? panelWords(sizeOf(weight.shape) / columns, columns, channels, packed)
          : role === 'depthwise_kernel'
            ? placeWords(weight.shape)
            : vectorWords(sizeOf(weight.shape))
      const region = trainable ? 'trainable' : 'fixed'
      slots.set(name, { name, shape: weight.shape, trainable, offset: ends[region], ...words })
      ends[region] += (words.bytes + ALIGN - 1) & ~(ALIGN - 1)
    }
  }
  return { slots, trainableBytes: ends.trainable, fixedBytes: ends.fixed }
}

/** Values of a weight into its stored words (padding untouched). */
export function packWeight(slot: WeightSlot, values: Float32Array, target: Float32Array): void {
  slot.words.forEach((word, i) => {
    target[word] = values[i] ?? 0
  })
}

/** Values of a weight from its stored words. */
export function unpackWeight(slot: WeightSlot, stored: Float32Array): Float32Array {
  return Float32Array.from(slot.words, (word) => stored[word] ?? 0)
}
