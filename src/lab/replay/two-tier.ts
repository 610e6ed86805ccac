import type { CachePolicy } from '../../cache/policy.ts'
import { type ReferenceStream, requestCount } from '../reference-stream.ts'
import { LabMemory } from './memory.ts'
import type { ReplayListener, TouchOrder } from './replay.ts'

/** A memory and who is told before its policy is. */
export interface LabTier {
  readonly policy: CachePolicy
  readonly capacityBlocks: number
  /** Of each block, all NONE at the start. */
  readonly slotOf: Int32Array
  readonly listener: ReplayListener
}

/** What a router of requests may look at; the same as in the engine. */
interface RouterView {
  readonly replicas: number
  readonly liveSessions: Int32Array
  readonly inFlight: Int32Array
  hasRoom(replica: number): boolean
}

interface RoutedRequest {
  readonly current: number
  readonly promptBlocks: number
  prefixBlocks(replica: number): number
}

export type CreateRouter = (view: RouterView) => { route(request: RoutedRequest): number }

/** Block references by where they were found; prefixes count without a gap, from HBM on into the warehouse. */
export interface TierHits {
  readonly references: number
  readonly hbmAnyHits: number
  readonly warehouseAnyHits: number
  readonly hbmPrefixHits: number
  readonly warehousePrefixHits: number
}

/**
 * Replays a stream through the HBM of some GPUs with a router, above one warehouse that all share. Every block of a
 * request is afterwards in its GPU's HBM and in the warehouse: what is new is stored as soon as it is computed, and a
 * request touches its blocks in both tiers.
 * @param warehouse undefined: there is none
 */
export function replayTwoTiers(
  stream: ReferenceStream,
  hbm: readonly LabTier[],
  warehouse: LabTier | undefined,
  createRouter: CreateRouter,
  order: TouchOrder,
): TierHits {
  const { blocks, starts, sessions } = stream
  const memories = hbm.map((tier) => new LabMemory(tier.policy, tier.capacityBlocks, tier.slotOf))
  const store = warehouse && new LabMemory(warehouse.policy, warehouse.capacityBlocks, warehouse.slotOf)
  const routing = openRouting(stream, memories, createRouter)
  const hits = { hbmAny: 0, warehouseAny: 0, hbmPrefix: 0, warehousePrefix: 0 }
  const step = order === 'head' ? 1 : -1
  for (let request = 0; request < requestCount(stream); request++) {
    const from = starts[request]!
    const to = starts[request + 1]!
    const gpu = routing.route(request, sessions[request]!)
    const memory = memories[gpu]!
    let prefix = from
    while (prefix < to && memory.has(blocks[prefix]!)) prefix++
    hits.hbmPrefix += prefix - from
    const inHbm = prefix
    while (store !== undefined && prefix < to && (memory.has(blocks[prefix]!) || store.has(blocks[prefix]!))) prefix++
    hits.warehousePrefix += prefix - inHbm
    hbm[gpu]!.listener.request(request)
    warehouse?.listener.request(request)
    let at = order === 'head' ? from : to - 1
    for (let left = to - from; left > 0; left--, at += step) {
      hbm[gpu]!.listener.touch(at)
      warehouse?.listener.touch(at)
      const wasStored = store?.refer(blocks[at]!) ?? false
      if (memory.refer(blocks[at]!)) hits.hbmAny++
      else if (wasStored) hits.warehouseAny++
    }
  }
  return {
    references: starts.at(-1)!,
    hbmAnyHits: hits.hbmAny,
    warehouseAnyHits: hits.warehouseAny,
    hbmPrefixHits: hits.hbmPrefix,
    warehousePrefixHits: hits.warehousePrefix,
  }
}

/** Sends requests to GPUs. A session lives from its first request to its last; without sessions each request is one. */
function openRouting(stream: ReferenceStream, memories: readonly LabMemory[], createRouter: CreateRouter) {
  const { blocks, starts, sessions, sessionsFrom } = stream
  const last = new Map<number, number>()
  for (let request = 0; request < requestCount(stream); request++) last.set(sessions[request]!, request)
  const homes = new Map<number, number>()
  const liveSessions = new Int32Array(memories.length)
  // What is in flight cannot be told without a clock: all that a GPU got so far stands for it.
  const inFlight = new Int32Array(memories.length)
  const router = createRouter({
    replicas: memories.length,
    liveSessions,
    inFlight,
    hasRoom: () => true,
  })
  return {
    route(request: number, session: number): number {
      const from = starts[request]!
      const to = starts[request + 1]!
      const current = sessionsFrom === 'none' ? undefined : homes.get(session)
      const gpu = router.route({
        current: current ?? -1,
        promptBlocks: to - from,
        prefixBlocks(replica) {
          let at = from
          while (at < to && memories[replica]!.has(blocks[at]!)) at++
          return at - from
        },
      })
      inFlight[gpu]!++
      if (sessionsFrom === 'none') {
        // Without sessions none ends: else all requests would go to the GPU where the fewest live, the first.
        liveSessions[gpu]!++
        return gpu
      }
      if (current !== undefined) liveSessions[current]!--
      if (last.get(session) === request) homes.delete(session)
      else {
        homes.set(session, gpu)
        liveSessions[gpu]!++
      }
      return gpu
    },
  }
}
