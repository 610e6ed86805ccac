import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lru } from '../../cache/policies/lru.ts'
import { NONE } from '../../cache/policy.ts'
import { Tier } from '../../cache/tier.ts'
import { rootUrl } from '../../root.ts'
import { readTrace } from '../../workload/trace.ts'

/** Where a published trace lies on this machine; they are not part of the package. */
export function findTrace(name: string): string | undefined {
  const folders = [process.env.MEMWALL_TRACES, fileURLToPath(new URL('../shared/traces', rootUrl))]
  return folders
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
}

/** Block references of a trace in order, as dense ids, request by request. */
export type BlockReferences = readonly Int32Array[]

export async function readReferences(path: string): Promise<BlockReferences> {
  const scale = { blockTokens: undefined, tokenScale: 1, outputScale: 1 }
  const trace = await readTrace(path, { scale, partialTails: 'trace' })
  const requests = trace.kind === 'timed' ? trace.requests : trace.conversations.flatMap(({ turns }) => turns)
  const ids = new Map<number, number>()
  const dense = (hash: number): number => {
    const id = ids.get(hash) ?? ids.size
    ids.set(hash, id)
    return id
  }
  return requests.map(({ blockHashes }) => Int32Array.from(blockHashes, dense))
}

/** Share of block references that hit, cold start, LRU, requests dealt to pools in turn. */
export function lruHitRate(references: BlockReferences, pools: number, capacityBlocks: number): number {
  const tiers = Array.from({ length: pools }, () => new Tier(capacityBlocks, lru))
  let hits = 0
  let total = 0
  references.forEach((blocks, request) => {
    const tier = tiers[request % pools]!
    total += blocks.length
    for (const block of blocks) if (refer(tier, block)) hits++
  })
  return hits / total
}

/** Whether a block was there; it is afterwards. */
function refer(tier: Tier, block: number): boolean {
  const held = tier.lookup(block)
  if (held !== NONE) {
    tier.touch(held)
    return true
  }
  const slot = tier.claim(block)
  tier.identify(slot, block)
  tier.unpin(slot)
  return false
}
