import { describe, expect, it } from 'vitest'
import { taxFiling } from '../../workloads/tax-filing.ts'
import { commonBlocks, drawConversations, fullScale } from './draw.ts'

describe('tax-filing', () => {
  it('shares the template among the clients of a firm, and nothing between firms', () => {
    const conversations = drawConversations(taxFiling, { conversations: 60, tenants: 5 }, fullScale)
    expect(new Set(conversations.map(({ tenant }) => tenant)).size).toBe(5)
    const template = Math.floor(24_000 / 64)
    for (const a of conversations) {
      for (const b of conversations) {
        if (a === b) continue
        const common = commonBlocks(a.turns[0]!.blockHashes, b.turns[0]!.blockHashes)
        expect(common).toBe(a.tenant === b.tenant ? template : 0)
      }
    }
  })
})
