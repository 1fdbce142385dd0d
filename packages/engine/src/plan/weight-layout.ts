/*
 * How weights lie in the arena. Kernels of products lie in panels of 8 columns, [columns / 8][rows][8], padded with zeros: that is
 * the form in which the products read them, so nothing is packed in a step. Rows follow the input's layout, whose channels are
 * padded to fours; a Flatten in front spreads its padding over the rows of the Dense layer behind it. All trainable weights lie in
 * one region, and each of the optimizer's slots, and the gradients, in further regions of the same layout.
 */
import { type Shape, sizeOf } from '@gicho/core'
import type { Graph, GraphNode } from '../graph/graph.ts'
import { isPacked, layoutSource } from '../graph/views.ts'
import { expectedWeights } from '../graph/weight-shapes.ts'
import { paddedColumns } from '../ops/tensor.ts'
import { alignToLine } from './align.ts'

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
  return { words, bytes: Math.ceil((kernelY * kernelX * columns) / 8) * 32, panelBytes: 0 }
}

function vectorWords(size: number): Words {
  return { words: Uint32Array.from({ length: size }, (_, i) => i), bytes: Math.ceil(size / 8) * 32, panelBytes: 0 }
}

/** The channels by which the rows of a node's kernel repeat: its input's, through a Flatten that is a view those of the image before it. */
function inputChannels(graph: Graph, node: GraphNode): { channels: number; packed: boolean } {
  const index = layoutSource(graph, node.inputs[0] ?? 0)
  return { channels: graph.nodes[index]?.shape.at(-1) ?? 1, packed: isPacked(graph, index) }
}

/** Lays out every weight of the graph. */
export function layOutWeights(graph: Graph): WeightLayout {
  const slots = new Map<string, WeightSlot>()
  const shapes = new Map(expectedWeights(graph).map(({ name, shape }) => [name, shape]))
  const ends = { trainable: 0, fixed: 0 }
  for (const node of graph.nodes) {
    for (const [role, name] of Object.entries(node.weights)) {
      const shape = shapes.get(name) ?? []
      const trainable = node.trainable && !role.startsWith('moving_')
      const { channels, packed } = inputChannels(graph, node)
      const columns = shape.at(-1) ?? 1
      const words =
        role === 'kernel'
          ? panelWords(sizeOf(shape) / columns, columns, channels, packed)
          : role === 'depthwise_kernel'
            ? placeWords(shape)
            : vectorWords(sizeOf(shape))
      const region = trainable ? 'trainable' : 'fixed'
      slots.set(name, { name, shape, trainable, offset: ends[region], ...words })
      ends[region] += alignToLine(words.bytes)
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
