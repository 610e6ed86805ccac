import { hash53, type Random } from '../../src/random.ts'
import type { Conversation, TimedRequest, Turn } from '../../src/workload/workload.ts'

interface Sizes {
  readonly poolBlocks: number
  readonly blockTokens: number
  readonly conversations: number
  readonly longestOutput: number
}

/** Tokens of one context: equal identities mean equal tokens, behind a prefix that its tenant shares. */
interface Context {
  readonly agent: string
  readonly identity: number
  readonly tenant: number
  readonly sharedTokens: number
  endTokens: number
}

/**
 * Small conversations with all that a workload may do: prefixes shared by tenants, prompts that grow by kept output or
 * drop it, rewritten contexts, sub-agents, the same prompt twice. Every request fits the pool.
 */
export function randomConversations(random: Random, sizes: Sizes): Conversation[] {
  const poolTokens = sizes.poolBlocks * sizes.blockTokens
  const longestOutput = Math.min(sizes.longestOutput, Math.floor(poolTokens / 3))
  const longest = poolTokens - longestOutput
  const sharedOf = [0, 1].map(() => random.integer(Math.floor(longest / 3)))
  return Array.from({ length: sizes.conversations }, (_, index) => {
    const tenant = random.integer(2)
    const open = (agent: string): Context => ({
      agent,
      identity: random.integer(2 ** 50),
      tenant,
      sharedTokens: sharedOf[tenant]!,
      endTokens: sharedOf[tenant]! + 1 + random.integer(Math.floor(longest / 3)),
    })
    let main = open('')
    const turns: Turn[] = []
    const count = 1 + random.integer(6)
    for (let turn = 0; turn < count; turn++) {
      const dice = random.next()
      if (dice < 0.1) main = open('')
      const context = dice > 0.85 ? open('helper') : main
      if (context.endTokens > longest) break
      turns.push(addTurn(random, context, sizes.blockTokens, longestOutput))
    }
    return { id: `c${index}`, tenant: `t${tenant}`, turns }
  })
}

function addTurn(random: Random, context: Context, blockTokens: number, longestOutput: number): Turn {
  const promptTokens = context.endTokens
  const outputTokens = 1 + random.integer(longestOutput)
  const keptOutputTokens = [0, outputTokens, random.integer(outputTokens + 1)][random.integer(3)]!
  const blocks = Math.ceil((promptTokens + keptOutputTokens) / blockTokens)
  context.endTokens += keptOutputTokens + random.integer(3 * blockTokens)
  return {
    blockHashes: hashesOf(context, blocks, blockTokens),
    sharedBlocks: Math.min(Math.floor(context.sharedTokens / blockTokens), blocks),
    promptTokens,
    outputTokens,
    keptOutputTokens,
    thinkMs: random.next() * 60,
    agent: context.agent,
  }
}

function hashesOf(context: Context, blocks: number, blockTokens: number): Float64Array {
  const shared = Math.floor(context.sharedTokens / blockTokens)
  let hash = hash53(7, context.tenant)
  return Float64Array.from({ length: blocks }, (_, i) => {
    if (i === shared) hash = hash53(hash, context.identity)
    hash = hash53(hash, i)
    return hash
  })
}

/** Requests without sessions, each a walk down a small tree of prefixes that all of them share. */
export function randomTimed(random: Random, count: number, poolBlocks: number, blockTokens: number): TimedRequest[] {
  let arrivalMs = 0
  return Array.from({ length: count }, (_, index) => {
    arrivalMs += random.integer(3) * random.next() * 4
    const blocks = 1 + random.integer(Math.floor(poolBlocks / 2))
    let hash = random.integer(3)
    const blockHashes = Float64Array.from({ length: blocks }, (_, i) => {
      hash = hash53(hash, i % 4 === 3 ? random.integer(2) : i)
      return hash
    })
    const promptTokens = (blocks - 1) * blockTokens + 1 + random.integer(blockTokens)
    return { id: String(index), arrivalMs, blockHashes, promptTokens, outputTokens: 1 + random.integer(12) }
  })
}
