import { nonNegativeLeastSquares } from '../../calibration/fit.ts'
import type { MeasuredPoint } from '../../catalog/points.ts'
import { badInput } from '../../errors.ts'
import {
  addChunk,
  type CostModel,
  decodeStepMs,
  emptyLoad,
  type StepLoad,
  touchedWeightBytes,
} from '../../plan/cost-model.ts'
import { quantile } from '../../statistics/quantile.ts'
import { type Deployment, targetMaxBatchedTokens } from './deployment.ts'
import { contextPrefillMs } from './scale-model.ts'

/** A cost model whose rates come from the user's measurements, as far as those go. */
export interface MeasuredCost {
  readonly cost: CostModel
  /** Median of |fitted − measured| ÷ measured over prefill and decode points; undefined without any. */
  readonly fitErrorRelative: number | undefined
  /** Median rate of the copies from host memory, of one GPU. */
  readonly hostReadBytesPerMs: number | undefined
  /** Of the copies inside a GPU, counting reads and writes. */
  readonly deviceCopyBytesPerMs: number | undefined
}

/** A rate that stands for "costs nothing". */
const free = 1e18

/**
 * Fits the rates of a cost model to measured points by least squares on relative errors, with non-negative coefficients.
 * Decode points give the rates of reading weights and KV, prefill points those of matrix products and attention, and from
 * four lengths on the overhead of a step. Of one length only, all its rates are scaled alike.
 * A fit of points that hold the all-reduces takes them into its rates.
 */
export function measuredCost(base: CostModel, points: readonly MeasuredPoint[]): MeasuredCost {
  const prefills = points.filter(({ kind }) => kind === 'prefill')
  const decodes = points.filter(({ kind }) => kind === 'decode')
  const steps = [...prefills, ...decodes]
  const withAllReduce = prefills.filter(({ hasAllReduce }) => hasAllReduce).length
  if (withAllReduce > 0 && withAllReduce < prefills.length)
    throw badInput('--points', 'some prefills hold the all-reduces and some do not', 'Give one kind.')
  const kept = withAllReduce > 0 ? { ...base, allReduceMsPerToken: 0 } : base
  const read = decodes.length === 0 ? kept : fitDecodes(kept, decodes)
  const cost = prefills.length === 0 ? read : fitPrefills(read, prefills)
  // All-reduces were not in these points: they are compared without.
  const compared = { ...cost, allReduceMsPerToken: 0 }
  const errors = steps.map((point) => Math.abs(pointMs(compared, point) / point.ms - 1)).sort((a, b) => a - b)
  return {
    cost,
    fitErrorRelative: errors.length === 0 ? undefined : quantile(errors, 0.5),
    hostReadBytesPerMs: medianRate(points, 'h2d', 1),
    deviceCopyBytesPerMs: medianRate(points, 'd2d', 2),
  }
}

/** A deployment with measured rates in the place of the catalogue's. */
export function withMeasuredCost(deployment: Deployment, { cost }: Pick<MeasuredCost, 'cost'>): Deployment {
  const faster = cost.linearFlopsPerMs / deployment.cost.linearFlopsPerMs
  return { ...deployment, cost, gemmMfu: deployment.gemmMfu === undefined ? undefined : deployment.gemmMfu * faster }
}

function fitDecodes(base: CostModel, points: readonly MeasuredPoint[]): CostModel {
  const terms = points.map(({ batch, contextTokens }) => [
    touchedWeightBytes(base, batch, batch) / base.weightBytesPerMs,
    (batch * (contextTokens * base.kvBytesPerToken + windowBytes(base, contextTokens))) / base.kvBytesPerMs,
  ])
  const lengths = new Set(points.map(({ batch, contextTokens }) => batch * contextTokens)).size
  const left = points.map(({ ms }) => Math.max(ms - base.stepOverheadMs, ms / 2))
  const [weights, kv] = factors(terms, left, lengths >= 2)
  return {
    ...base,
    weightBytesPerMs: rate(base.weightBytesPerMs, weights!),
    kvBytesPerMs: rate(base.kvBytesPerMs, kv!),
  }
}

function windowBytes({ window }: CostModel, contextTokens: number): number {
  return window === undefined ? 0 : Math.min(contextTokens, window.tokens) * window.kvBytesPerToken
}

function fitPrefills(base: CostModel, points: readonly MeasuredPoint[]): CostModel {
  const lengths = new Set(points.map(({ contextTokens }) => contextTokens)).size
  const fitsOverhead = lengths >= 4
  const terms = points.map(({ contextTokens }) => {
    const { chunks, load } = prefillLoad(base, contextTokens)
    const linear = (load.prefillTokens * base.layerFlopsPerToken + base.projectionFlopsPerRow) / base.linearFlopsPerMs
    const windowFlops = load.prefillWindowPairs * (base.window?.attentionFlopsPerPair ?? 0)
    const attention = (load.prefillPairs * base.attentionFlopsPerPair + windowFlops) / base.attentionFlopsPerMs
    return fitsOverhead ? [linear, attention, chunks] : [linear, attention]
  })
  const left = points.map(({ ms, contextTokens }) => {
    const { chunks, load } = prefillLoad(base, contextTokens)
    const windowRead = load.prefillWindowTokens * (base.window?.kvBytesPerToken ?? 0)
    const readMs = (load.prefillContextTokens * base.kvBytesPerToken + windowRead) / base.kvBytesPerMs
    return Math.max(ms - readMs - (fitsOverhead ? 0 : chunks * base.stepOverheadMs), ms / 2)
  })
  const [linear, attention, overhead] = factors(terms, left, lengths >= 2)
  return {
    ...base,
    linearFlopsPerMs: rate(base.linearFlopsPerMs, linear!),
    attentionFlopsPerMs: rate(base.attentionFlopsPerMs, attention!),
    stepOverheadMs: overhead ?? base.stepOverheadMs,
  }
}

/** All chunks of a prompt as one load, which the linear terms of the cost allow. */
function prefillLoad(cost: CostModel, contextTokens: number): { readonly chunks: number; readonly load: StepLoad } {
  const load = emptyLoad()
  let chunks = 0
  for (let from = 0; from < contextTokens; from += targetMaxBatchedTokens) {
    addChunk(load, from, Math.min(contextTokens, from + targetMaxBatchedTokens), cost.window?.tokens)
    chunks++
  }
  return { chunks, load }
}

/** By what each term must be multiplied; one factor for all where the points tell no more. */
function factors(terms: readonly (readonly number[])[], ms: readonly number[], apart: boolean): number[] {
  const weighted = terms.map((row, i) => {
    const shares = row.map((value) => value / ms[i]!)
    return apart ? shares : [shares.reduce((sum, value) => sum + value, 0)]
  })
  const solved = nonNegativeLeastSquares(
    weighted,
    ms.map(() => 1),
  )
  return apart ? solved : terms[0]!.map(() => solved[0]!)
}

function rate(base: number, factor: number): number {
  return factor > 0 ? Math.min(free, base / factor) : free
}

function pointMs(cost: CostModel, { kind, contextTokens, batch }: MeasuredPoint): number {
  if (kind === 'prefill') return contextPrefillMs(cost, contextTokens, targetMaxBatchedTokens)
  return decodeStepMs(cost, batch, batch * contextTokens)
}

function medianRate(points: readonly MeasuredPoint[], kind: 'h2d' | 'd2d', passes: number): number | undefined {
  const rates = points.flatMap((point) => (point.kind === kind ? [(passes * point.bytes!) / point.ms] : []))
  return rates.length === 0
    ? undefined
    : quantile(
        rates.sort((a, b) => a - b),
        0.5,
      )
}
