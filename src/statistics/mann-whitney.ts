import { assert } from '../errors.ts'
import { studentTCdf } from './student-t.ts'

/** Whether one of two samples tends to lie above the other. */
export interface MannWhitney {
  /** Pairs in which the second is above the first; ties count half. */
  readonly u: number
  /** Two-sided. */
  readonly p: number
  /** The least p that samples of these sizes can give: under it nothing can be shown. */
  readonly attainableP: number
}

/** Up to so many values in all, every split of them is counted; beyond, the normal approximation is good to a hundredth of p. */
const exactUpTo = 40

/**
 * The rank-sum test of two independent samples, exact given the ties for small ones, else normal with ties and continuity
 * corrected. Mann and Whitney, Annals of Mathematical Statistics 1947; Hollander and Wolfe, 4.1.
 */
export function mannWhitney(first: ArrayLike<number>, second: ArrayLike<number>): MannWhitney {
  const [m, n] = [first.length, second.length]
  assert(m > 0 && n > 0, 'two samples are compared', { m, n })
  const ranks = doubledRanks([...Array.from(first), ...Array.from(second)])
  const rankSum = ranks.slice(m).reduce((sum, rank) => sum + rank, 0)
  const u = rankSum / 2 - (n * (n + 1)) / 2
  const p = m + n <= exactUpTo ? exactP(ranks, n, rankSum) : normalP(ranks, m, n, u)
  return { u, p, attainableP: Math.min(1, 2 / binomial(m + n, n)) }
}

/** How far apart the halves of a series lie when it is split before `at`, in standard deviations of the rank sum. */
export function splitDistance(series: readonly number[], at: number): number {
  const ranks = doubledRanks(series)
  const [m, n] = [at, series.length - at]
  const rankSum = ranks.slice(at).reduce((sum, rank) => sum + rank, 0)
  return Math.abs(rankSum / 2 - (n * (n + 1)) / 2 - (m * n) / 2) / Math.max(1e-9, deviation(ranks, m, n))
}

/** Twice the rank of each value, so that the ranks of ties are whole numbers too. */
function doubledRanks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const ranks = new Array<number>(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++
    for (let i = from; i < to; i++) ranks[order[i]!] = from + 1 + to
    from = to
  }
  return ranks
}

/** Counts the choices of n ranks by their sum. */
function exactP(ranks: readonly number[], n: number, rankSum: number): number {
  const total = ranks.reduce((sum, rank) => sum + rank, 0)
  const counts = Array.from({ length: n + 1 }, () => new Float64Array(total + 1))
  counts[0]![0] = 1
  for (const rank of ranks) {
    for (let chosen = n; chosen >= 1; chosen--) {
      const [from, to] = [counts[chosen - 1]!, counts[chosen]!]
      for (let sum = total; sum >= rank; sum--) to[sum]! += from[sum - rank]!
    }
  }
  const expected = (total * n) / ranks.length
  const distance = Math.abs(rankSum - expected)
  let extreme = 0
  counts[n]!.forEach((count, sum) => {
    if (Math.abs(sum - expected) >= distance - 1e-9) extreme += count
  })
  return extreme / binomial(ranks.length, n)
}

function normalP(ranks: readonly number[], m: number, n: number, u: number): number {
  const spread = deviation(ranks, m, n)
  if (spread === 0) return 1
  const z = Math.max(0, Math.abs(u - (m * n) / 2) - 0.5) / spread
  return 2 * studentTCdf(-z, 1e7)
}

/** Standard deviation of U given the ties: from the variance of the ranks themselves. */
function deviation(ranks: readonly number[], m: number, n: number): number {
  const size = m + n
  const mean = size + 1
  const squares = ranks.reduce((sum, rank) => sum + (rank - mean) ** 2, 0) / 4
  return Math.sqrt((m * n * squares) / (size * Math.max(1, size - 1)))
}

function binomial(size: number, chosen: number): number {
  let value = 1
  for (let i = 1; i <= Math.min(chosen, size - chosen); i++) value = (value * (size - i + 1)) / i
  return value
}
