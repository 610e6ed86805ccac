import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hash53, seededRandom } from '../../src/random.ts'
import { compilePool } from '../../src/workload/pool.ts'
import { drawSeat } from '../../src/workload/seats.ts'
import type { Turn } from '../../src/workload/workload.ts'

const blockTokens = 4

/** Turns on few streams that share a prefix: chained hashes, agents that come and go. */
const turns = fc.array(
  fc.record({
    stream: fc.integer({ min: 0, max: 2 }),
    branch: fc.integer({ min: 0, max: 9 }),
    promptTokens: fc.integer({ min: 1, max: 60 }),
    outputTokens: fc.integer({ min: 1, max: 12 }),
    kept: fc.integer({ min: 0, max: 12 }),
    shared: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
)

function turnOf(spec: {
  stream: number
  branch: number
  promptTokens: number
  outputTokens: number
  kept: number
  shared: number
}): Turn {
  const keptOutputTokens = Math.min(spec.kept, spec.outputTokens)
  const blocks = Math.ceil((spec.promptTokens + keptOutputTokens) / blockTokens)
  let hash = 1
  // Below block 5 a stream is one; from there on branches go their own ways.
  const blockHashes = Float64Array.from({ length: blocks }, (_, i) => {
    hash = hash53(hash, i < spec.shared ? i : spec.stream * 1000 + i * 16 + (i < 5 ? 0 : spec.branch))
    return hash
  })
  return {
    blockHashes,
    sharedBlocks: Math.min(spec.shared, blocks),
    promptTokens: spec.promptTokens,
    outputTokens: spec.outputTokens,
    keptOutputTokens,
    thinkMs: 0,
    agent: String(spec.stream),
  }
}

test('two scripted blocks have one number exactly when they have one hash and kind', () => {
  fc.assert(
    fc.property(turns, (specs) => {
      const list = specs.map(turnOf)
      const [conversation] = compilePool([{ id: 'a', tenant: '', turns: list }], blockTokens).conversations
      const byNumber = new Map<number, string>()
      const byHash = new Map<string, number>()
      const unique = new Set<number>()
      conversation!.turns.forEach((turn, t) => {
        const source = list[t]!
        const scripted = Math.floor((source.promptTokens + source.keptOutputTokens) / blockTokens)
        expect(turn.blocks.length).toBe(Math.ceil((source.promptTokens + source.outputTokens) / blockTokens))
        turn.blocks.forEach((block, i) => {
          if (i >= scripted) {
            expect(unique.has(block)).toBe(false)
            unique.add(block)
            return
          }
          expect(block < 0).toBe(i < source.sharedBlocks)
          const hash = `${i < source.sharedBlocks} ${source.blockHashes[i]}`
          expect(byNumber.get(block) ?? hash).toBe(hash)
          expect(byHash.get(hash) ?? block).toBe(block)
          byNumber.set(block, hash)
          byHash.set(hash, block)
        })
      })
      for (const block of unique) expect(byNumber.has(block)).toBe(false)
      expect(new Set([...byNumber.keys(), ...unique].filter((block) => block >= 0)).size).toBe(conversation!.ownBlocks)
    }),
    { seed: 5, numRuns: 300 },
  )
})

test('a warm seat is met in proportion to turns, a cold one uniformly at its start', () => {
  const conversation = (id: string, count: number) => ({
    id,
    tenant: '',
    turns: Array.from({ length: count }, () =>
      turnOf({ stream: 0, branch: 0, promptTokens: 9, outputTokens: 2, kept: 0, shared: 0 }),
    ),
  })
  const pool = compilePool([conversation('short', 10), conversation('long', 30)], blockTokens)
  const draws = (start: 'warm' | 'cold') =>
    Array.from({ length: 4000 }, (_, seat) => drawSeat(pool, seat, start, seededRandom(1)).next())
  const warm = draws('warm')
  const long = warm.filter((draw) => draw.conversation.id === 'long')
  expect(long.length / warm.length).toBeCloseTo(0.75, 1)
  expect(long.reduce((sum, draw) => sum + draw.firstTurn, 0) / long.length).toBeCloseTo(14.5, 0)
  const cold = draws('cold')
  expect(cold.filter((draw) => draw.conversation.id === 'long').length / cold.length).toBeCloseTo(0.5, 1)
  expect(cold.every((draw) => draw.firstTurn === 0)).toBe(true)
  expect(new Set(warm.map((draw) => draw.salt)).size).toBe(4000)
})
