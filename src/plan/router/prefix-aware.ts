import { fewest, type RouterSpec } from './router.ts'

/** Of the prompt: less than this found anywhere, and the request goes to the least loaded replica. */
const matchThreshold = 0.5
/** Requests in flight: further apart than both, and balance comes before the prefix. */
const imbalance = { requests: 32, ratio: 1.1 } as const

/**
 * The replica that holds the longest prefix of the prompt in HBM, when that is half of it or more and load is in balance;
 * otherwise the least loaded one. Ties go to the replica with fewer requests in flight.
 * SGLang router, "cache-aware load balancing", 2024. Departure: it asks the replicas what they hold, where SGLang keeps an
 * approximate tree of what it sent.
 */
export const prefixAware: RouterSpec = {
  name: 'prefix-aware',
  summary: 'where the longest prefix of the prompt lies in HBM, unless load is out of balance',
  source: 'SGLang router, "cache-aware load balancing", 2024: threshold 0.5, imbalance of 32 requests and 1.1×',

  create(view) {
    return {
      route({ promptBlocks, prefixBlocks }) {
        const idlest = fewest(view, view.inFlight)
        if (isOutOfBalance(view.inFlight)) return idlest
        let best = idlest
        let longest = prefixBlocks(idlest)
        for (let replica = 0; replica < view.replicas; replica++) {
          if (replica === idlest || !view.hasRoom(replica)) continue
          const blocks = prefixBlocks(replica)
          const isBetter = blocks > longest || (blocks === longest && view.inFlight[replica]! < view.inFlight[best]!)
          if (!isBetter) continue
          best = replica
          longest = blocks
        }
        return longest >= matchThreshold * promptBlocks ? best : idlest
      },
    }
  },
}

function isOutOfBalance(inFlight: Int32Array): boolean {
  let least = Number.POSITIVE_INFINITY
  let most = 0
  for (const requests of inFlight) {
    if (requests < least) least = requests
    if (requests > most) most = requests
  }
  return most - least > imbalance.requests && most > imbalance.ratio * least
}
