import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/random.ts'
import type { Conversation } from '../../src/workload/workload.ts'
import { agenticCoding } from '../../workloads/agentic-coding.ts'
import { ceilingOf } from '../workload/ceiling.ts'

function draw(params: object, blockTokens: number, seed = 1): Conversation[] {
  const scale = { blockTokens, tokenScale: 1, outputScale: 1 }
  return [...agenticCoding.conversations(agenticCoding.params.parse(params), seededRandom(seed), scale)]
}

function percentiles(numbers: readonly number[], at: readonly number[]): number[] {
  const sorted = Float64Array.from(numbers).sort()
  return at.map((p) => sorted[Math.floor(p * sorted.length)]!)
}

const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length

/** The published figures of 739 conversations, and how near the generated ones must come. */
function expectNear(generated: readonly number[], published: readonly number[], toleranceRatio: number): void {
  for (const [index, value] of published.entries()) {
    expect(Math.abs(Math.log(generated[index]! / value)), `${generated[index]} for ${value}`).toBeLessThan(
      Math.log(1 + toleranceRatio),
    )
  }
}

describe('agentic-coding', () => {
  // Many conversations in large blocks: the percentiles of 200 differ by up to a fifth from seed to seed.
  const conversations = draw({ conversations: 4000 }, 4096)
  const turns = conversations.flatMap((conversation) => conversation.turns)
  const quartiles = [0.25, 0.5, 0.75]
  const outer = [0.1, 0.5, 0.9]

  it('has as many requests a conversation as published', () => {
    expectNear(
      percentiles(
        conversations.map((c) => c.turns.length),
        quartiles,
      ),
      [19, 48, 101],
      0.1,
    )
  })

  it('begins and ends with prompts as long as published', () => {
    const first = conversations.map((c) => c.turns[0]!.promptTokens)
    const last = conversations.map((c) => c.turns.filter((turn) => turn.agent === '').at(-1)!.promptTokens)
    expectNear(percentiles(first, quartiles), [18_726, 24_775, 105_061], 0.1)
    expectNear(percentiles(last, quartiles), [94_686, 137_529, 208_960], 0.1)
  })

  it('has prompts and outputs as long as published', () => {
    const outputs = turns.map((turn) => turn.outputTokens)
    expectNear(
      percentiles(
        turns.map((turn) => turn.promptTokens),
        outer,
      ),
      [43_475, 109_903, 300_118],
      0.15,
    )
    expectNear(percentiles(outputs, outer), [103, 218, 937], 0.03)
    expectNear([mean(outputs)], [446], 0.05)
  })

  it('has think times as published', () => {
    const seconds = conversations.flatMap((c) => c.turns.slice(1).map((turn) => turn.thinkMs / 1000))
    expectNear(percentiles(seconds, quartiles), [6, 10, 30], 0.05)
    expectNear([mean(seconds)], [199], 0.1)
  })

  it('has sub-agents as often as in the readable conversations', () => {
    const ratio = turns.filter((turn) => turn.agent !== '').length / turns.length
    expect(ratio).toBeGreaterThan(0.015)
    expect(ratio).toBeLessThan(0.03)
  })

  it.each([1, 2])('comes near the hit rate of the readable conversations without being told, seed %i', (seed) => {
    const { hitRatio } = ceilingOf(draw({ conversations: 200 }, 256, seed), 256)
    expect(Math.abs(hitRatio - 0.9625)).toBeLessThan(0.012)
  })

  it('grows only within a context, and never beyond what compaction allows by more than one turn', () => {
    for (const { turns } of draw({ conversations: 100, longContextRatio: 0 }, 64)) {
      const ends = new Map<ArrayBufferLike, number>()
      for (const { blockHashes, promptTokens, keptOutputTokens } of turns) {
        expect(promptTokens).toBeGreaterThanOrEqual(ends.get(blockHashes.buffer) ?? 0)
        ends.set(blockHashes.buffer, promptTokens + keptOutputTokens)
        expect(promptTokens).toBeLessThan(160_000 * Math.exp(0.065 * 5))
      }
    }
  })

  it('keeps to the system prompt of its tenant after a compaction', () => {
    const heads = new Map<string, number>()
    for (const { tenant, turns } of draw({ conversations: 60, tenants: 3 }, 64)) {
      for (const { agent, blockHashes, sharedBlocks } of turns) {
        expect(sharedBlocks).toBe(Math.floor((agent ? 9_000 : 13_000) / 64))
        const key = `${tenant}${agent ? ' sub-agent' : ''}`
        const head = blockHashes[sharedBlocks - 1]!
        expect(heads.get(key) ?? head).toBe(head)
        heads.set(key, head)
      }
    }
    expect(new Set(heads.values()).size).toBe(heads.size)
  })

  it('is one append-only context per agent where nothing is compacted or rewritten', () => {
    const params = {
      conversations: 20,
      rewriteRatio: 0,
      rewriteAfterPauseRatio: 0,
      longContextRatio: 1,
      subagentRatio: 0,
    }
    for (const { turns } of draw({ ...params, longContextTokens: 1e9 }, 64)) {
      expect(new Set(turns.map((turn) => turn.blockHashes.buffer)).size).toBe(1)
    }
  })
})
