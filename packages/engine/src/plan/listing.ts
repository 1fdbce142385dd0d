/* A plan as text for people: what was fused, what runs in which stage, what that reads and writes, and what it costs. */
import type { GraphNode } from '../graph/graph.ts'
import type { Buffer } from '../ops/emitter.ts'
import type { FusedOp } from '../ops/op.ts'
import { operationsOf } from './operations.ts'
import type { Plan } from './plan.ts'
import type { Call } from './schedule.ts'

function kindOf({ layer }: GraphNode): string {
  return layer.kind === 'activation' ? layer.activation : layer.kind
}

/** `conv2d + relu + dropout 0.2`. */
function fusedParts({ node, relu, activation, dropout, pool, stem }: FusedOp): string {
  // Those that work in place on a copy are named below.
  const alone =
    node.layer.kind === 'dropout' || (node.layer.kind === 'activation' && (relu || activation !== undefined))
  return [
    ...(alone ? [] : [kindOf(node)]),
    ...(stem?.relu ? ['relu'] : []),
    ...(stem ? ['batchNorm', 'maxPool2d'] : []),
    ...(pool ? ['maxPool2d'] : []),
    ...(relu ? ['relu'] : []),
    ...(activation ? [activation.activation] : []),
    ...(dropout ? [`dropout ${dropout.rate}`] : []),
  ].join(' + ')
}

const size = (bytes: number): string =>
  bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`

const work = (operations: number): string => (operations === 0 ? '' : (operations / 1e6).toFixed(2))

function bytesOf(buffers: Iterable<Buffer>): number {
  return [...new Set(buffers)].reduce((total, { bytes }) => total + bytes, 0)
}

/** Names without those of the optimizer's record and of lists of offsets, which every call of their kind reads. */
function namesOf(buffers: readonly Buffer[]): string {
  const names = buffers.map(({ name }) => name).filter((name) => name !== 'optimizer' && !/segments$/i.test(name))
  return [...new Set(names)].join(', ')
}

function row(call: Call, stage: number): string[] {
  const { kernel, tiles, reads, writes } = call
  const moved = size(bytesOf([...reads, ...writes]))
  return [
    String(stage + 1),
    kernel,
    String(tiles),
    work(operationsOf(call)),
    moved,
    `${namesOf(reads)} -> ${namesOf(writes)}`,
  ]
}

/** Columns as wide as their widest cell; numbers, which are all but the second and last, to the right. */
function table(rows: readonly string[][]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? []
  return rows.map((cells) =>
    cells
      .map((cell, column) => {
        if (column === cells.length - 1) return cell
        return column === 1 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
      })
      .join('  ')
      .trimEnd(),
  )
}

/** A plan as a readable listing: the fused layers, every call by its stage, and totals of a step at the end. */
export function listPlan(plan: Plan): string {
  const calls = plan.stages.flat()
  const rows = plan.stages.flatMap((stage, index) => stage.map((call) => row(call, index)))
  const operations = calls.reduce((total, call) => total + operationsOf(call), 0)
  const own = new Set(
    calls.flatMap(({ reads, writes }) => [...reads, ...writes]).filter(({ address }) => address >= plan.begin),
  )
  const values = bytesOf(own)
  return [
    `${plan.mode}, batches of ${plan.batch}`,
    '',
    ...plan.ops.map((op) => `${op.node.name}: ${fusedParts(op)}`),
    '',
    ...table([['stage', 'kernel', 'tiles', 'MFLOP', 'touches', 'reads -> writes'], ...rows]),
    '',
    `${plan.stages.length} stages, ${calls.length} calls`,
    `${(operations / 1e6).toFixed(1)} MFLOP a step in products`,
    `${size(plan.end - plan.begin)} of memory, shared by ${size(values)} of values in turn`,
  ].join('\n')
}
