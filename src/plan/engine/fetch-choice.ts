import { NONE } from '../../cache/policy.ts'
import { prefillMs } from '../cost-model.ts'
import type { PlanInput } from '../plan-input.ts'
import type { Below } from './admission.ts'
import type { Replica } from './replica.ts'
import type { Sequence } from './sequence.ts'

/** The blocks of a sequence that are fetched: `count` of them from block `from` on. */
export interface FetchChoice {
  readonly from: number
  readonly count: number
}

/**
 * Whether to fetch blocks that lie below, and which of them. `break-even` compares two ends: of the fetch, and of computing
 * those positions after the prefill work that the replica has already admitted.
 * @param from first block behind the prefix in HBM
 * @param count blocks that lie below without a gap
 */
export function chooseFetch<F, S>(
  input: PlanInput,
  below: Below<F, S>,
  replica: Replica,
  sequence: Sequence,
  from: number,
  count: number,
): FetchChoice | undefined {
  if (count === 0 || input.fetch === 'never') return undefined
  const first = input.fetchPart === 'whole' ? from : beyondBreakEven(input, below, replica, sequence, from, count)
  const choice = { from: first, count: from + count - first }
  if (choice.count === 0) return undefined
  if (input.fetch === 'always') return choice
  const { blockTokens } = input.pool
  const fetchMs = estimate(input, below, replica, sequence, choice).endMs
  // What is computed ahead of the fetched part comes before it either way.
  const computeMs = prefillMs(input.cost, from * blockTokens, (from + count) * blockTokens)
  return fetchMs <= aheadMs(input, replica) + computeMs ? choice : undefined
}

/** Prefill work that the replica has admitted; what follows pending fetches is part of it. */
function aheadMs({ cost }: PlanInput, replica: Replica): number {
  let total = 0
  for (const { computedTokens, gapFrom, gapTo, prefillTarget } of replica.running) {
    if (computedTokens >= prefillTarget) continue
    if (computedTokens >= gapFrom) total += prefillMs(cost, Math.max(computedTokens, gapTo), prefillTarget)
    else total += prefillMs(cost, computedTokens, gapFrom) + prefillMs(cost, gapTo, prefillTarget)
  }
  return total
}

/** Until the last of the tiers involved has sent its blocks; each at the share that one more transfer would get. */
function estimate<F, S>(
  input: PlanInput,
  below: Below<F, S>,
  replica: Replica,
  sequence: Sequence,
  { from, count }: FetchChoice,
): { readonly endMs: number; readonly transferMs: number } {
  const blocks = blocksByTier(below, replica, sequence, { from, count })
  const bytesPerBlock = input.pool.blockTokens * input.cost.kvBytesPerToken
  let latest = { endMs: 0, transferMs: 0 }
  for (const [tier, { reads }] of below.lowers.entries()) {
    if (blocks[tier] === 0 || reads === undefined) continue
    const endMs = reads.estimateMs(replica.index, blocks[tier]! * bytesPerBlock)
    if (endMs > latest.endMs) latest = { endMs, transferMs: endMs - reads.latencyMs }
  }
  return latest
}

function blocksByTier<F, S>(
  below: Below<F, S>,
  replica: Replica,
  sequence: Sequence,
  { from, count }: FetchChoice,
): number[] {
  if (below.lowers.length === 1 && below.peers === undefined) return [count]
  const blocks = new Array<number>(below.lowers.length).fill(0)
  for (let i = from; i < from + count; i++) {
    const tier = tierOf(below, replica.index, sequence.block(i))
    if (tier !== NONE) blocks[tier]!++
  }
  return blocks
}

/** The first of the blocks from which on a token takes longer to compute than to fetch: computing slows with position, fetching does not. */
function beyondBreakEven<F, S>(
  input: PlanInput,
  below: Below<F, S>,
  replica: Replica,
  sequence: Sequence,
  from: number,
  count: number,
): number {
  const { blockTokens } = input.pool
  const fetchBlockMs = estimate(input, below, replica, sequence, { from, count }).transferMs / count
  let low = from
  let high = from + count
  while (low < high) {
    const middle = (low + high) >> 1
    if (prefillMs(input.cost, middle * blockTokens, (middle + 1) * blockTokens) >= fetchBlockMs) high = middle
    else low = middle + 1
  }
  return low
}

/** The nearest tier that holds a block ready; NONE: only a peer does. */
function tierOf<F, S>({ lowers }: Below<F, S>, replica: number, block: number): number {
  for (let tier = 0; tier < lowers.length; tier++) {
    if (lowers[tier]!.lookupReady(replica, block) !== NONE) return tier
  }
  return NONE
}
