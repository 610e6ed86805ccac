import type { ArmMetrics } from '../../account/metrics.ts'

/** Share of the budget that is planned for: checks and the machine's moods take the rest. */
const plannedShare = 0.85
/** Fewer requests in a window say too little of a draw. */
const fewest = 12

export interface MeasuringCost {
  /** Of all arms, over long planned windows. */
  readonly arms: readonly Pick<ArmMetrics, 'busyShare' | 'window'>[]
  readonly replicas: number
  readonly threads: number
  /** Times that a window is run in all arms: a draw each, and repeats. */
  readonly passes: number
  /** Laying the warm state in, of one draw, on one thread. */
  readonly warmMs: number
  /** Requests of a pass that lie outside its window: what settles, and what runs over. */
  readonly outsideRequests: number
}

/** Time that the threads compute for one more request in all arms: what GPUs were busy for in the long run. */
export function busyMsPerRequest({ arms, replicas }: Pick<MeasuringCost, 'arms' | 'replicas'>): number {
  return arms.reduce((sum, { busyShare, window }) => {
    return sum + (window.requests === 0 ? 0 : (busyShare * window.seconds * 1000 * replicas) / window.requests)
  }, 0)
}

/**
 * Requests in the window of each measured draw, so that all passes fit the budget. The long run's cost of a request is used, not
 * that of one draw: draws differ.
 */
export function sizeRequests(
  cost: MeasuringCost,
  budgetMs: number,
): { readonly requests: number; readonly predictedMs: number } {
  const { threads, passes, warmMs, outsideRequests } = cost
  const perRequestMs = busyMsPerRequest(cost) / threads
  const passMs = (budgetMs * plannedShare) / passes - warmMs / threads
  const requests = Math.max(fewest, Math.floor(passMs / perRequestMs) - outsideRequests)
  const predictedMs = passes * (warmMs / threads + (requests + outsideRequests) * perRequestMs)
  return { requests, predictedMs }
}
