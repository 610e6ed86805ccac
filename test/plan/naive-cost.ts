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
  let attentionFlops = 0
  let readMs = 0
  let tokens = 0
  const kvTokenMs = cost.kvBytesPerToken / cost.kvBytesPerMs
  const window = cost.window ?? { tokens: 0, attentionFlopsPerPair: 0, kvBytesPerToken: 0 }
  for (const { from, to, isDecode, isSampled } of rows) {
    tokens += to - from
    flops += (to - from) * cost.layerFlopsPerToken + (isSampled ? cost.projectionFlopsPerRow : 0)
    const before = isDecode ? to : from
    const computeMs = ((cost.decodeAttentionFlopsPerPair ?? 0) * before) / cost.attentionFlopsPerMs
    readMs += isDecode ? Math.max(before * kvTokenMs, computeMs) : before * kvTokenMs
    readMs += (Math.min(before, window.tokens) * window.kvBytesPerToken) / cost.kvBytesPerMs
    if (!isDecode) attentionFlops += attentionFlopsOf(cost, from, to)
  }
  const isSampled = rows.some((row) => row.isSampled)
  let weightBytes = cost.layerWeightBytes + (isSampled ? cost.projectionWeightBytes : 0)
  if (cost.experts !== undefined) {
    let untouched = 1
    for (let token = 0; token < tokens; token++) untouched *= 1 - cost.experts.perToken / cost.experts.count
    weightBytes += cost.experts.weightBytes * cost.experts.count * (1 - untouched)
  }
  return (
    Math.max(flops / cost.linearFlopsPerMs, weightBytes / cost.weightBytesPerMs) +
    attentionFlops / cost.attentionFlopsPerMs +
    readMs +
    tokens * (cost.allReduceMsPerToken ?? 0) +
    rows.filter(({ isDecode }) => isDecode).length * cost.decodeRowMs +
    cost.stepOverheadMs
  )
}

/** Compute time of some positions beside other work: no weights, no overhead. */
export function prefillAloneMs(cost: CostModel, from: number, to: number): number {
  const linearMs = ((to - from) * cost.layerFlopsPerToken) / cost.linearFlopsPerMs
  const allReduceMs = (to - from) * (cost.allReduceMsPerToken ?? 0)
  return linearMs + allReduceMs + attentionFlopsOf(cost, from, to) / cost.attentionFlopsPerMs
}

function attentionFlopsOf(cost: CostModel, from: number, to: number): number {
  let flops = 0
  for (let position = from; position < to; position++) {
    flops += (position + 1) * cost.attentionFlopsPerPair
    if (cost.window !== undefined)
      flops += Math.min(position + 1, cost.window.tokens) * cost.window.attentionFlopsPerPair
  }
  return flops
}
