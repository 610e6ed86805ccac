import { describe, expect, it } from 'vitest'
import { rag } from '../../workloads/rag.ts'
import { ceilingOf } from '../workload/ceiling.ts'
import { commonBlocks, drawConversations, fullScale } from './draw.ts'

const scale = { blockTokens: 1, tokenScale: 0.02, outputScale: 0.02 }
const system = 12

describe('rag', () => {
  it('retrieves the most popular passage as often as its exponent says', () => {
    const turns = drawConversations(rag, { conversations: 4_000, tenants: 1 }, scale).flatMap(({ turns }) => turns)
    const counts = new Map<number, number>()
    for (const { blockHashes } of turns) counts.set(blockHashes[system]!, (counts.get(blockHashes[system]!) ?? 0) + 1)
    const expected = (2 ** 0.04 - 1) / (20_001 ** 0.04 - 1)
    expect(Math.abs(Math.max(...counts.values()) / turns.length - expected)).toBeLessThan(0.015)
  })

  it('gives 3 % of the passages 60 % of the retrievals', () => {
    expect((601 ** 0.04 - 1) / (20_001 ** 0.04 - 1)).toBeCloseTo(0.6, 2)
  })

  it('shares a head of at most two passages, and between its turns no more than any two prompts do', () => {
    const turns = drawConversations(rag, { conversations: 400, tenants: 1 }, scale).flatMap(({ turns }) => turns)
    for (const [index, turn] of turns.entries()) {
      expect(turn.sharedBlocks).toBeLessThan(turn.promptTokens)
      const before = turns[index - 1]
      if (before === undefined) continue
      const common = commonBlocks(before.blockHashes, turn.blockHashes)
      expect(common).toBeGreaterThanOrEqual(system)
      expect(common).toBeLessThanOrEqual(Math.min(before.sharedBlocks, turn.sharedBlocks))
    }
  })

  it('hits hardly more than the system prompt where no passage is popular', () => {
    const params = { popularity: 0, passages: 1_000_000, tenants: 1 }
    const conversations = drawConversations(rag, params, fullScale)
    const turns = conversations.flatMap(({ turns }) => turns)
    const { hitTokens } = ceilingOf(conversations, 64)
    expect(hitTokens).toBeGreaterThanOrEqual((turns.length - 1) * Math.floor(600 / 64) * 64)
    expect(hitTokens).toBeLessThan(turns.length * 600)
  })

  it('gains the first passage from popularity, not the later ones', () => {
    const { hitTokens, promptTokens } = ceilingOf(drawConversations(rag, {}, fullScale), 64)
    expect(hitTokens / promptTokens).toBeGreaterThan(576 / 3_600)
    expect(hitTokens / promptTokens).toBeLessThan((600 + 500) / 3_600)
  })
})
