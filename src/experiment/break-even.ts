import { type CostModel, prefillMs } from '../plan/cost-model.ts'
import type { LinkSpec } from '../warehouse/link.ts'
import type { Deployment } from './scale/deployment.ts'

/** Where a fetch of a context takes as long as computing it. Plain data, for a report. */
export interface BreakEven {
  /** Contexts longer than this are fetched faster; "always": all are, "never": none is. */
  readonly contextTokens: number | 'always' | 'never'
  /** Of the replica's link, at the deployment's context; "never": latency alone takes longer than computing. */
  readonly bandwidthBytesPerMs: number | 'never'
  /**
   * Share of peak of the matrix products, with attention as much faster or slower, at the deployment's context; above 1 no
   * GPU reaches it; "always": a fetch wins against any; undefined where the cost model is not one of a catalogue's GPU.
   */
  readonly mfu: number | 'always' | undefined
  readonly curve: readonly { readonly contextTokens: number; readonly fetchMs: number; readonly recomputeMs: number }[]
}

/**
 * Fetch: latency + c₁n. Recompute: c₂n + c₃n² + window, where layers with a window of W add w(n² + n) ÷ 2 up to W tokens
 * and w(Wn − W(W − 1) ÷ 2) beyond.
 */
interface Coefficients {
  readonly latencyMs: number
  readonly fetchMsPerToken: number
  readonly computeMsPerToken: number
  readonly computeMsPerTokenSquared: number
  readonly windowMsPerPair: number
  readonly windowTokens: number
}

const curvePoints = 32
const curveFromTokens = 256

/** Break-even of one replica's link with nothing else on it, against prefill on a GPU that has other work in its steps. */
export function breakEvenOf(deployment: Deployment, link: LinkSpec): BreakEven {
  const { cost, contextTokens, maxContextTokens } = deployment
  const recomputeMs = prefillMs(cost, 0, contextTokens)
  const bytes = contextTokens * cost.kvBytesPerToken
  return {
    contextTokens: breakEvenTokens(cost, link),
    bandwidthBytesPerMs: recomputeMs > link.latencyMs ? bytes / (recomputeMs - link.latencyMs) : 'never',
    mfu: breakEvenMfu(deployment, link.latencyMs + bytes / link.readBytesPerMs),
    curve: geometric(Math.min(curveFromTokens, maxContextTokens), maxContextTokens).map((tokens) => ({
      contextTokens: tokens,
      fetchMs: link.latencyMs + (tokens * cost.kvBytesPerToken) / link.readBytesPerMs,
      recomputeMs: prefillMs(cost, 0, tokens),
    })),
  }
}

/**
 * The context length beyond which a fetch is faster. Recompute − fetch is convex and not above 0 at 0 tokens, so it
 * crosses 0 at most once.
 */
export function breakEvenTokens(cost: CostModel, link: LinkSpec): number | 'always' | 'never' {
  const c = coefficients(cost, link)
  const slope = c.computeMsPerToken - c.fetchMsPerToken
  const { latencyMs, computeMsPerTokenSquared: square, windowMsPerPair: window, windowTokens } = c
  const inside = crossing(square + window / 2, slope + window / 2, latencyMs)
  if (inside === 'always' || (typeof inside === 'number' && inside <= windowTokens)) return inside
  if (window === 0) return inside
  const beyond = crossing(
    square,
    slope + window * windowTokens,
    latencyMs + (window * windowTokens * (windowTokens - 1)) / 2,
  )
  return beyond
}

/** The n > 0 from which on square × n² + slope × n exceeds a constant that is not negative. */
export function crossing(square: number, slope: number, constant: number): number | 'always' | 'never' {
  if (constant === 0 && slope >= 0 && (square > 0 || slope > 0)) return 'always'
  if (square === 0) return slope > 0 ? constant / slope : 'never'
  const root = Math.sqrt(slope * slope + 4 * square * constant)
  // The form that subtracts nothing of like size.
  return slope > 0 ? (2 * constant) / (slope + root) : (root - slope) / (2 * square)
}

function coefficients(cost: CostModel, link: LinkSpec): Coefficients {
  const pairMs = cost.attentionFlopsPerPair / cost.attentionFlopsPerMs
  return {
    latencyMs: link.latencyMs,
    fetchMsPerToken: cost.kvBytesPerToken / link.readBytesPerMs,
    computeMsPerToken: cost.layerFlopsPerToken / cost.linearFlopsPerMs + (cost.allReduceMsPerToken ?? 0) + pairMs / 2,
    computeMsPerTokenSquared: pairMs / 2,
    windowMsPerPair: (cost.window?.attentionFlopsPerPair ?? 0) / cost.attentionFlopsPerMs,
    windowTokens: cost.window?.tokens ?? 0,
  }
}

/** All-reduce does not depend on how fast a GPU computes; what is left of the fetch must suffice for everything else. */
function breakEvenMfu({ cost, contextTokens, gemmMfu }: Deployment, fetchMs: number): BreakEven['mfu'] {
  if (gemmMfu === undefined) return undefined
  const allReduceMs = contextTokens * (cost.allReduceMsPerToken ?? 0)
  const computeMs = prefillMs(cost, 0, contextTokens) - allReduceMs
  return fetchMs > allReduceMs ? (gemmMfu * computeMs) / (fetchMs - allReduceMs) : 'always'
}

/** Whole lengths from..to, each the same factor longer than the one before. */
function geometric(from: number, to: number): number[] {
  const lengths = Array.from({ length: curvePoints }, (_, i) =>
    Math.round(from * (to / from) ** (i / (curvePoints - 1))),
  )
  return [...new Set(lengths)]
}
