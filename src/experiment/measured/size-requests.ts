import { cutSlices } from '../../gpu/slices.ts'
import { plannedMs, type RecordedPlan } from '../../plan/plan.ts'
import { mostSlices } from './measure.ts'

/** Share of the budget that is planned for: copies, checks and the machine's moods take the rest. */
const plannedShare = 0.8
const fewest = 16
const most = 100_000

/**
 * The number of requests whose measurement fits the budget: plans all arms at a guess, predicts the wall time of their
 * slices, and corrects the guess.
 */
export function sizeRequests(
  planAll: (requests: number) => readonly RecordedPlan[],
  budgetMs: number,
  repeats: number,
  threads: number,
): { readonly requests: number; readonly predictedMs: number } {
  let requests = 48
  let fits = 0
  let fewestMs = 0
  let tooMany = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round++) {
    const spentMs = repeats * planAll(requests).reduce((sum, plan) => sum + wallMs(plan, threads), 0)
    if (requests === fewest) fewestMs = spentMs
    const ratio = (budgetMs * plannedShare) / spentMs
    if (ratio >= 1) fits = Math.max(fits, requests)
    else tooMany = Math.min(tooMany, requests)
    if ((ratio >= 1 && ratio < 1.05) || (ratio < 1 && requests === fewest)) break
    // The settling requests take their share whatever the number: go by half of what the ratio says, but get there.
    const next = Math.floor(requests * (ratio > 1 ? 1 + (ratio - 1) * 0.9 : ratio * 0.97))
    requests = Math.min(most, Math.max(fewest, Math.min(next, tooMany - 1)))
    if (requests === fits) break
  }
  const chosen = Math.max(fewest, fits)
  return { requests: chosen, predictedMs: chosen === fits ? budgetMs : fewestMs }
}

/** Wall time of a plan on so many threads: replicas of a slice side by side, slices one after the other. */
function wallMs(plan: RecordedPlan, threads: number): number {
  let total = 0
  for (const { segments } of cutSlices(plan, mostSlices)) {
    const perReplica = new Map<number, number>()
    for (const { replica, from, to } of segments) {
      let ms = perReplica.get(replica) ?? 0
      for (const op of plan.ops[replica]!.slice(from, to)) {
        ms += plannedMs(op)
      }
      perReplica.set(replica, ms)
    }
    const times = [...perReplica.values()]
    const sum = times.reduce((a, b) => a + b, 0)
    total += Math.max(0, ...times, sum / threads)
  }
  return total
}
