import type { NaiveMemory } from './naive-memory.ts'
import type { NaiveRequest } from './naive-request.ts'
import type { NaiveTier } from './naive-tier.ts'

export interface NaiveMemories {
  readonly blockTokens: number
  readonly hbm: NaiveMemory
  readonly lowers: readonly NaiveTier[]
  readonly seen: Set<string>
}

/** What a turn that ran and ended before the start has left behind. */
export function layDown({ blockTokens, hbm, lowers, seen }: NaiveMemories, request: NaiveRequest): void {
  const { promptTokens, outputTokens } = request.source
  const keys = request.keys.slice(0, Math.floor((promptTokens + outputTokens - 1) / blockTokens))
  const tailFirst = keys.toReversed()
  for (const key of keys) seen.add(key)
  const held = keys.map((key) => hbm.find(key))
  for (const slot of held) if (slot !== undefined) slot.pins++
  for (const key of tailFirst) hbm.touch(hbm.find(key))
  for (const [i, key] of keys.entries()) {
    held[i] ??= hbm.take()!
    hbm.name(held[i], key)
  }
  for (const slot of held.toReversed()) hbm.letGo(slot!)
  for (const lower of lowers) {
    for (const key of tailFirst) lower.memory.touch(lower.memory.find(key))
    for (const key of keys) lower.layDown(key)
    for (const key of tailFirst) lower.memory.touch(lower.memory.find(key))
  }
}
