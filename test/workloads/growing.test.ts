import { expect, it } from 'vitest'
import type { Conversation } from '../../src/workload/workload.ts'
import { agentSwarm } from '../../workloads/agent-swarm.ts'
import { chat } from '../../workloads/chat.ts'
import { pdfTemplate } from '../../workloads/pdf-template.ts'
import { taxFiling } from '../../workloads/tax-filing.ts'
import { ceilingOf } from '../workload/ceiling.ts'
import { drawConversations, fullScale, tokenByToken } from './draw.ts'

/**
 * Hits that a workload of contexts that only grow is designed to have, in tokens: all that the agent's last request left,
 * or the main agent's at the fork, or the shared head as far as another conversation had it.
 */
function designedHits(conversations: readonly Conversation[]): number {
  const heads = new Set<number>()
  let hits = 0
  for (const { turns } of conversations) {
    const ends = new Map<string, number>()
    for (const { agent, promptTokens, keptOutputTokens, blockHashes, sharedBlocks } of turns) {
      const head = blockHashes.subarray(0, sharedBlocks)
      const known = ends.get(agent) ?? ends.get('') ?? head.filter((hash) => heads.has(hash)).length
      for (const hash of head) heads.add(hash)
      hits += Math.min(known, promptTokens - 1)
      ends.set(agent, promptTokens + keptOutputTokens)
    }
  }
  return hits
}

it.each([
  // Not scaled: a fork may lie a rounded token behind the output that is kept.
  { workload: agentSwarm, params: { conversations: 4 }, scale: { ...fullScale, blockTokens: 1 } },
  { workload: chat, params: { conversations: 200 }, scale: tokenByToken },
  { workload: pdfTemplate, params: { conversations: 40 }, scale: tokenByToken },
  { workload: pdfTemplate, params: { conversations: 40, conversationsPerDocument: 1 }, scale: tokenByToken },
  { workload: taxFiling, params: { conversations: 60 }, scale: tokenByToken },
])('$workload.name, $params: hits what its contexts hold, and nothing else', ({ workload, params, scale }) => {
  const conversations = drawConversations(workload, params, scale)
  expect(ceilingOf(conversations, 1).hitTokens).toBe(designedHits(conversations))
})

it.each([chat, pdfTemplate, taxFiling])('$name is one context that only grows', (workload) => {
  for (const { turns } of drawConversations(workload, { conversations: 30 }, tokenByToken)) {
    expect(turns[0]!.thinkMs).toBe(0)
    let end = 0
    for (const { promptTokens, keptOutputTokens, blockHashes, agent } of turns) {
      expect(agent).toBe('')
      expect(promptTokens).toBeGreaterThanOrEqual(end)
      expect(blockHashes.buffer).toBe(turns[0]!.blockHashes.buffer)
      end = promptTokens + keptOutputTokens
    }
  }
})
