/**
 * What a step costs. One structure serves a catalogue GPU and the mock:
 * the first fills it from data sheets, the second from a fit. What is absent costs nothing.
 */
export interface CostModel {
  readonly layers: number
  /** Matrix-product FLOPs of a token through the layers: 2 × the parameters that it meets. */
  readonly layerFlopsPerToken: number
  /** FLOPs of the output projection, only for rows that are sampled. */
  readonly projectionFlopsPerRow: number
  /** Weights that every step reads; experts come on top. */
  readonly layerWeightBytes: number
  readonly projectionWeightBytes: number
  readonly experts?: ExpertCost | undefined
  /** 4 × layers × heads × head dim: score and value product of one query with one key, in prefill. */
  readonly attentionFlopsPerPair: number
  /** The same in decode, where it differs (MLA); a step takes the longer of reading the KV and this. */
  readonly decodeAttentionFlopsPerPair?: number | undefined
  /** Of the layers that attend to everything. */
  readonly kvBytesPerToken: number
  readonly window?: WindowCost | undefined
  readonly allReduceMsPerToken?: number | undefined

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

/** Experts of which each token goes through a few. */
export interface ExpertCost {
  readonly count: number
  readonly perToken: number
  /** Weights of one expert in all its layers. */
  readonly weightBytes: number
}

/** Layers that attend to the last tokens only; beside `attentionFlopsPerPair` and `kvBytesPerToken` of the others. */
export interface WindowCost {
  readonly tokens: number
  readonly attentionFlopsPerPair: number
  readonly kvBytesPerToken: number
}

/** What a step does, summed over its sequences. What is about windows is 0 where the model has none. */
export interface StepLoad {
  prefillTokens: number
  /** Σ over prefill positions p of p + 1: query-key pairs under a causal mask. */
  prefillPairs: number
  /** Σ over prefill positions p of min(p + 1, window). */
  prefillWindowPairs: number
  /** Σ over prefill chunks of the tokens before them, whose KV is read once. */
  prefillContextTokens: number
  /** Σ over prefill chunks of the tokens before them that lie in the window. */
  prefillWindowTokens: number
  decodes: number
  /** Σ over decoding sequences of the tokens they attend to. */
  decodeContextTokens: number
  /** Σ over decoding sequences of the tokens they attend to in a layer with a window. */
  decodeWindowTokens: number
  /** Decoding sequences that have not filled their window. */
  growingWindows: number
  /** Rows whose logits are wanted: every decode, and chunks that end their prompt. */
  sampledRows: number
}

export function emptyLoad(): StepLoad {
  return {
    prefillTokens: 0,
    prefillPairs: 0,
    prefillWindowPairs: 0,
    prefillContextTokens: 0,
    prefillWindowTokens: 0,
    decodes: 0,
    decodeContextTokens: 0,
    decodeWindowTokens: 0,
    growingWindows: 0,
    sampledRows: 0,
  }
}

/** Duration of a step. */
export function stepMs(cost: CostModel, load: StepLoad): number {
  const tokens = load.prefillTokens + load.decodes
  const flops = tokens * cost.layerFlopsPerToken + load.sampledRows * cost.projectionFlopsPerRow
  return (
    Math.max(
      flops / cost.linearFlopsPerMs,
      touchedWeightBytes(cost, tokens, load.sampledRows) / cost.weightBytesPerMs,
    ) +
    attentionMs(cost, load.prefillPairs, load.prefillWindowPairs) +
    kvReadMs(cost, load) +
    tokens * (cost.allReduceMsPerToken ?? 0) +
    load.decodes * cost.decodeRowMs +
    cost.stepOverheadMs
  )
}

/** Weights that a step reads. Of E experts with k a token, T tokens touch E × (1 − (1 − k ÷ E)^T) on average. */
export function touchedWeightBytes(cost: CostModel, tokens: number, sampledRows: number): number {
  const dense = cost.layerWeightBytes + (sampledRows > 0 ? cost.projectionWeightBytes : 0)
  return cost.experts === undefined ? dense : dense + touchedExperts(cost.experts, tokens) * cost.experts.weightBytes
}

export function touchedExperts({ count, perToken }: ExpertCost, tokens: number): number {
  return count * (1 - (1 - perToken / count) ** tokens)
}

/** Attention of prefill over so many query-key pairs, in layers without and with a window. */
function attentionMs(cost: CostModel, pairs: number, windowPairs: number): number {
  const windowFlops = cost.window === undefined ? 0 : windowPairs * cost.window.attentionFlopsPerPair
  return (pairs * cost.attentionFlopsPerPair + windowFlops) / cost.attentionFlopsPerMs
}

function kvReadMs(cost: CostModel, load: StepLoad): number {
  const tokens = load.decodeContextTokens + load.prefillContextTokens
  const windowTokens = load.decodeWindowTokens + load.prefillWindowTokens
  const windowBytes = cost.window === undefined ? 0 : windowTokens * cost.window.kvBytesPerToken
  return (
    (tokens * cost.kvBytesPerToken + windowBytes) / cost.kvBytesPerMs +
    load.decodeContextTokens * decodeComputeMsPerToken(cost)
  )
}

/** By how much the FLOPs of decode attention outlast its reading, per token of context; 0 where reading is slower. */
function decodeComputeMsPerToken(cost: CostModel): number {
  if (cost.decodeAttentionFlopsPerPair === undefined) return 0
  const computeMs = cost.decodeAttentionFlopsPerPair / cost.attentionFlopsPerMs
  return Math.max(0, computeMs - cost.kvBytesPerToken / cost.kvBytesPerMs)
}

/**
 * Duration of a step in which only these sequences decode, one token each.
 * @param windowTokens what they attend to in layers with a window; left out, all are beyond it or all alike
 */
export function decodeStepMs(
  cost: CostModel,
  decodes: number,
  contextTokens: number,
  windowTokens = Math.min(contextTokens, decodes * (cost.window?.tokens ?? 0)),
): number {
  return stepMs(cost, {
    ...emptyLoad(),
    decodes,
    decodeContextTokens: contextTokens,
    decodeWindowTokens: windowTokens,
    sampledRows: decodes,
  })
}

/**
 * By how much a decode step grows when each of its sequences is one token longer.
 * @param growingWindows sequences that have not filled their window
 */
export function decodeGrowthMs(cost: CostModel, decodes: number, growingWindows = 0): number {
  const windowBytes = cost.window === undefined ? 0 : growingWindows * cost.window.kvBytesPerToken
  return (decodes * cost.kvBytesPerToken + windowBytes) / cost.kvBytesPerMs + decodes * decodeComputeMsPerToken(cost)
}

/** What a step does that computes prompt positions from..to of one sequence and nothing else. */
export function chunkLoad(cost: CostModel, from: number, to: number, isSampled: boolean): StepLoad {
  const load = emptyLoad()
  addChunk(load, from, to, cost.window?.tokens)
  if (isSampled) load.sampledRows = 1
  return load
}

/** Adds prompt positions from..to of one sequence to what a step does. */
export function addChunk(load: StepLoad, from: number, to: number, windowTokens: number | undefined): void {
  load.prefillTokens += to - from
  load.prefillPairs += causalPairs(from, to)
  load.prefillContextTokens += from
  if (windowTokens === undefined) return
  load.prefillWindowPairs += windowPairs(from, to, windowTokens)
  load.prefillWindowTokens += Math.min(from, windowTokens)
}

/**
 * Compute time of prompt positions from..to on a GPU that has other work in the step: linear and attention FLOPs and
 * all-reduce, without weights and overhead. These are c₂n + c₃n² of the break-even.
 */
export function prefillMs(cost: CostModel, from: number, to: number): number {
  const tokens = to - from
  return (
    (tokens * cost.layerFlopsPerToken) / cost.linearFlopsPerMs +
    prefillAttentionMs(cost, from, to) +
    tokens * (cost.allReduceMsPerToken ?? 0)
  )
}

/** FLOPs of the same positions, without all-reduce. */
export function prefillFlops(cost: CostModel, from: number, to: number): number {
  const { window } = cost
  const windowFlops = window === undefined ? 0 : windowPairs(from, to, window.tokens) * window.attentionFlopsPerPair
  return (to - from) * cost.layerFlopsPerToken + causalPairs(from, to) * cost.attentionFlopsPerPair + windowFlops
}

/** Attention's part of the time. */
export function prefillAttentionMs(cost: CostModel, from: number, to: number): number {
  return attentionMs(
    cost,
    causalPairs(from, to),
    cost.window === undefined ? 0 : windowPairs(from, to, cost.window.tokens),
  )
}

/** Query-key pairs of positions from..to: Σ (p + 1). */
export function causalPairs(from: number, to: number): number {
  return ((to - from) * (from + to + 1)) / 2
}

/** Query-key pairs of positions from..to in a layer with a window: Σ min(p + 1, window). */
export function windowPairs(from: number, to: number, windowTokens: number): number {
  const filled = Math.min(to, Math.max(from, windowTokens))
  return causalPairs(from, filled) + (to - filled) * windowTokens
}
