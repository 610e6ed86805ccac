import type { CostModel } from '../../src/plan/cost-model.ts'

/** Positions of one sequence that a step computes. */
export interface CostedRow {
  readonly from: number
  readonly to: number
  readonly isDecode: boolean
  readonly isSampled: boolean
}

/** design.md, "Cost of a step", position by position. */
export function stepDurationMs(cost: CostModel, rows: readonly CostedRow[]): number {
  let flops = 0
  let pairs = 0
  let kvTokens = 0
  for (const { from, to, isDecode, isSampled } of rows) {
    flops += (to - from) * cost.layerFlopsPerToken + (isSampled ? cost.projectionFlopsPerRow : 0)
    kvTokens += isDecode ? to : from
    if (!isDecode) pairs += pairsOf(from, to)
  }
  const isSampled = rows.some((row) => row.isSampled)
  const weightBytes = cost.layerWeightBytes + (isSampled ? cost.projectionWeightBytes : 0)
  return (
    Math.max(flops / cost.linearFlopsPerMs, weightBytes / cost.weightBytesPerMs) +
    (pairs * cost.attentionFlopsPerPair) / cost.attentionFlopsPerMs +
    (kvTokens * cost.kvBytesPerToken) / cost.kvBytesPerMs +
    rows.filter(({ isDecode }) => isDecode).length * cost.decodeRowMs +
    cost.stepOverheadMs
  )
}

/** Compute time of some positions beside other work: no weights, no overhead. */
export function prefillAloneMs(cost: CostModel, from: number, to: number): number {
  const linearMs = ((to - from) * cost.layerFlopsPerToken) / cost.linearFlopsPerMs
  return linearMs + (pairsOf(from, to) * cost.attentionFlopsPerPair) / cost.attentionFlopsPerMs
}

function pairsOf(from: number, to: number): number {
  let pairs = 0
  for (let position = from; position < to; position++) pairs += position + 1
  return pairs
}
