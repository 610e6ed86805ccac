import type { PlanInput } from '../../src/plan/plan-input.ts'
import { prefillAloneMs } from './naive-cost.ts'
import { countWhile, type NaiveRequest } from './naive-request.ts'
import type { NaiveTier } from './naive-tier.ts'

/** The first of the tiers that can send a block now. */
export function nearest(lowers: readonly NaiveTier[], key: string): NaiveTier | undefined {
  return lowers.find((lower) => lower.ready(key) !== undefined)
}

/** Of the blocks from..to of a request, which all lie below, those that are fetched. */
export function naiveFetch(
  input: PlanInput,
  lowers: readonly NaiveTier[],
  running: readonly NaiveRequest[],
  keys: readonly string[],
  from: number,
  to: number,
): readonly string[] {
  const { cost, fetch, fetchPart, pool } = input
  if (fetch === 'never' || from === to) return []
  const computeMs = (a: number, b: number): number => prefillAloneMs(cost, a * pool.blockTokens, b * pool.blockTokens)
  let first = from
  if (fetchPart === 'beyond-break-even') {
    const { endMs, latencyMs } = estimate(input, lowers, keys.slice(from, to))
    const blockMs = (endMs - latencyMs) / (to - from)
    first += countWhile(from, to, (i) => computeMs(i, i + 1) < blockMs)
  }
  const fetched = keys.slice(first, to)
  if (fetch === 'always') return fetched
  const aheadMs = running.reduce((sum, request) => sum + workLeftMs(input, request), 0)
  return estimate(input, lowers, fetched).endMs <= aheadMs + computeMs(from, to) ? fetched : []
}

/** What computing a request's prompt still takes, without what is fetched of it. */
function workLeftMs({ cost }: PlanInput, { computed, target, gap }: NaiveRequest): number {
  const all = computed < target ? prefillAloneMs(cost, computed, target) : 0
  return gap !== undefined && computed <= gap.from ? all - prefillAloneMs(cost, gap.from, gap.to) : all
}

/** When the last of the tiers involved would have sent its blocks, and the latency of that one's link. */
function estimate(
  { pool, cost }: PlanInput,
  lowers: readonly NaiveTier[],
  keys: readonly string[],
): { readonly endMs: number; readonly latencyMs: number } {
  const ends = lowers.map((lower) => {
    const count = keys.filter((key) => nearest(lowers, key) === lower).length
    if (count === 0 || lower.reads === undefined) return { endMs: 0, latencyMs: 0 }
    const { latencyMs } = lower.reads
    return { endMs: lower.reads.estimateMs(count * pool.blockTokens * cost.kvBytesPerToken), latencyMs }
  })
  const endMs = Math.max(0, ...ends.map((end) => end.endMs))
  return ends.find((end) => end.endMs === endMs) ?? { endMs: 0, latencyMs: 0 }
}
