/**
 * What a step costs, in the terms of design.md, "Cost of a step". One structure serves a catalogue GPU and the mock:
 * the first fills it from data sheets, the second from a fit.
 */
export interface CostModel {
  /** Matrix-product FLOPs of a token through the layers: 2 × their parameters. */
  readonly layerFlopsPerToken: number
  /** FLOPs of the output projection, only for rows that are sampled. */
  readonly projectionFlopsPerRow: number
  readonly layerWeightBytes: number
  readonly projectionWeightBytes: number
  /** 4 × layers × heads × head dim: score and value product of one query with one key. */
  readonly attentionFlopsPerPair: number
  readonly kvBytesPerToken: number

  /** Effective rates: peak × MFU and the like. */
  readonly linearFlopsPerMs: number
  readonly attentionFlopsPerMs: number
  readonly weightBytesPerMs: number
  readonly kvBytesPerMs: number
  /** Each step. */
  readonly stepOverheadMs: number
  /** Each decoding sequence of a step, beyond its FLOPs and bytes; 0 where batching is free of it. */
  readonly decodeRowMs: number
}

/** What a step does, summed over its sequences. */
export interface StepLoad {
  prefillTokens: number
  /** Σ over prefill positions p of p + 1: query-key pairs under a causal mask. */
  prefillPairs: number
  /** Σ over prefill chunks of the tokens before them, whose KV is read once. */
  prefillContextTokens: number
  decodes: number
  /** Σ over decoding sequences of the tokens they attend to. */
  decodeContextTokens: number
  /** Rows whose logits are wanted: every decode, and chunks that end their prompt. */
  sampledRows: number
}

/** Duration of a step. */
export function stepMs(cost: CostModel, load: StepLoad): number {
  const tokens = load.prefillTokens + load.decodes
  const flops = tokens * cost.layerFlopsPerToken + load.sampledRows * cost.projectionFlopsPerRow
  const weightBytes = cost.layerWeightBytes + (load.sampledRows > 0 ? cost.projectionWeightBytes : 0)
  return (
    Math.max(flops / cost.linearFlopsPerMs, weightBytes / cost.weightBytesPerMs) +
    (load.prefillPairs * cost.attentionFlopsPerPair) / cost.attentionFlopsPerMs +
    ((load.decodeContextTokens + load.prefillContextTokens) * cost.kvBytesPerToken) / cost.kvBytesPerMs +
    load.decodes * cost.decodeRowMs +
    cost.stepOverheadMs
  )
}

/** Duration of a step in which only these sequences decode, one token each. */
export function decodeStepMs(cost: CostModel, decodes: number, contextTokens: number): number {
  return stepMs(cost, {
    prefillTokens: 0,
    prefillPairs: 0,
    prefillContextTokens: 0,
    decodes,
    decodeContextTokens: contextTokens,
    sampledRows: decodes,
  })
}

/** By how much a decode step grows when each of its sequences is one token longer. */
export function decodeGrowthMs(cost: CostModel, decodes: number): number {
  return (decodes * cost.kvBytesPerToken) / cost.kvBytesPerMs
}

/**
 * Compute time of prompt positions from..to on a GPU that has other work in the step: linear and attention FLOPs,
 * without weights and overhead. c₂n + c₃n² of design.md, "break-even".
 */
export function prefillMs(cost: CostModel, from: number, to: number): number {
  return (
    ((to - from) * cost.layerFlopsPerToken) / cost.linearFlopsPerMs +
    (causalPairs(from, to) * cost.attentionFlopsPerPair) / cost.attentionFlopsPerMs
  )
}

/** Query-key pairs of positions from..to: Σ (p + 1). */
export function causalPairs(from: number, to: number): number {
  return ((to - from) * (from + to + 1)) / 2
}
