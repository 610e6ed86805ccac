import { describe, expect, it } from 'vitest'
import { cutConversations } from '../../src/workload/cut.ts'
import { readTrace } from '../../src/workload/trace.ts'
import { ceilingOf } from './ceiling.ts'
import { realTrace } from './real-traces.ts'

const own = { blockTokens: undefined, tokenScale: 1, outputScale: 1 }
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

describe("Mooncake's conversation trace", () => {
  it('has the published totals, and as many hits with an infinite cache', async (context) => {
    const path = realTrace(context, 'mooncake_conversation_trace.jsonl.gz')
    const trace = await readTrace(path, { scale: own, partialTails: 'trace' })
    if (trace.kind !== 'timed') throw new Error('not a timed trace')
    const { requests } = trace
    const references = sum(requests.map((request) => request.blockHashes.length))
    const distinct = new Set(requests.flatMap((request) => [...request.blockHashes])).size
    expect(requests).toHaveLength(12_031)
    expect(sum(requests.map((request) => request.promptTokens))).toBe(144_793_823)
    expect(sum(requests.map((request) => request.outputTokens))).toBe(4_122_048)
    expect([references, distinct, references - distinct]).toEqual([288_500, 182_790, 105_710])
  })

  it('has 118 hits less where partial blocks are not shared', async (context) => {
    const path = realTrace(context, 'mooncake_conversation_trace.jsonl.gz')
    const trace = await readTrace(path, { scale: own })
    if (trace.kind !== 'timed') throw new Error('not a timed trace')
    const hashes = trace.requests.flatMap((request) => [...request.blockHashes])
    expect(hashes.length - new Set(hashes).size).toBe(105_710 - 118)
  })
})

describe("WEKA's agent traces", () => {
  it('have the published totals and ceiling', async (context) => {
    const path = realTrace(context, 'weka_agentic_traces.jsonl.gz')
    const trace = await readTrace(path, { scale: own })
    if (trace.kind !== 'conversations') throw new Error('not a trace of conversations')
    const { conversations } = trace
    const turns = conversations.flatMap((conversation) => conversation.turns)
    expect([conversations.length, turns.length, trace.blockTokens]).toEqual([87, 6_037, 64])
    expect(sum(turns.map((turn) => turn.promptTokens))).toBe(762_787_267)
    expect(sum(turns.map((turn) => turn.outputTokens)) - trace.outputsRaised).toBe(2_663_807)
    const ceiling = ceilingOf(conversations, 64)
    expect(ceiling.blocks).toBe(11_915_579)
    expect(ceiling.hitBlocks / ceiling.blocks).toBeCloseTo(0.9625, 4)
    expect(ceiling.hitRatio).toBeCloseTo(0.9622, 4)
    const { cut } = cutConversations(conversations, 131_072)
    expect(cut.promptTokens / 762_787_267).toBeCloseTo(0.69, 2)
  })

  it('lose little of the ceiling at a sixteenth of the tokens', async (context) => {
    const path = realTrace(context, 'weka_agentic_traces.jsonl.gz')
    const scale = { blockTokens: 16, tokenScale: 1 / 16, outputScale: 1 / 16 }
    const trace = await readTrace(path, { scale, limit: 20, sharePrefix: true })
    const whole = await readTrace(path, { scale: own, limit: 20, sharePrefix: true })
    if (trace.kind !== 'conversations' || whole.kind !== 'conversations') throw new Error('no conversations')
    const [scaled, full] = [ceilingOf(trace.conversations, 16).hitRatio, ceilingOf(whole.conversations, 64).hitRatio]
    expect(scaled).toBeLessThan(full)
    expect(scaled).toBeGreaterThan(full - 0.01)
    expect(trace.conversations.every(({ turns }) => turns[0]!.sharedBlocks > 0)).toBe(true)
  })
})
