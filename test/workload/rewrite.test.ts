import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hash53 } from '../../src/random.ts'
import type { SourceRequest } from '../../src/workload/reader.ts'
import { requestWriter } from '../../src/workload/rewrite.ts'

/** A prompt as a path through a tree: what it shares with another is the common head of the two lists. */
const branches = fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 40 })

interface Case {
  readonly sourceBlockTokens: number
  readonly blockTokens: number
  readonly tokenScale: number
  readonly prompts: readonly { readonly path: readonly number[]; readonly tail: number }[]
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  sourceBlockTokens: fc.constantFrom(1, 3, 16, 64, 512),
  blockTokens: fc.integer({ min: 1, max: 512 }),
  tokenScale: fc.oneof(fc.constantFrom(1, 1 / 2, 1 / 16, 1 / 64), fc.double({ min: 0.01, max: 1, noNaN: true })),
  prompts: fc.array(fc.record({ path: branches, tail: fc.nat(511) }), { minLength: 2, maxLength: 4 }),
})

function sourceOf(prompt: Case['prompts'][number], blockTokens: number): SourceRequest {
  let id = 0
  const blockIds = prompt.path.map((branch) => {
    id = hash53(id, branch + 1)
    return id
  })
  const tail = prompt.path.length === 0 ? 1 : prompt.tail % blockTokens
  return { blockIds, promptTokens: prompt.path.length * blockTokens + tail, outputTokens: 10 }
}

const scopeOf = (request: number) => ({ salt: 1, shared: 0, request })

const commonBlocks = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let blocks = 0
  while (blocks < a.length && blocks < b.length && a[blocks] === b[blocks]) blocks++
  return blocks
}

describe('rewriting a trace', () => {
  it('never hits more than the source allows, and less by rounding only', () => {
    fc.assert(
      fc.property(anyCase, ({ sourceBlockTokens, blockTokens, tokenScale, prompts }) => {
        const write = requestWriter(sourceBlockTokens, { blockTokens, tokenScale, outputScale: 1 })
        const sources = prompts.map((prompt) => sourceOf(prompt, sourceBlockTokens))
        const written = sources.map((source, index) => write(source, scopeOf(index)))
        for (let a = 0; a < sources.length; a++) {
          for (let b = 0; b < a; b++) {
            const sourceTokens = commonBlocks(sources[a]!.blockIds, sources[b]!.blockIds) * sourceBlockTokens
            const tokens = commonBlocks(written[a]!.blockHashes, written[b]!.blockHashes) * blockTokens
            expect(tokens / tokenScale).toBeLessThanOrEqual(sourceTokens * (1 + 1e-12))
            const shorter = Math.min(written[a]!.promptTokens, written[b]!.promptTokens)
            const allowed = Math.min(sourceTokens * tokenScale, shorter)
            expect(tokens).toBeGreaterThan(allowed - blockTokens - 1)
          }
        }
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  it('shares nothing behind the first block that differs', () => {
    fc.assert(
      fc.property(anyCase, ({ sourceBlockTokens, blockTokens, tokenScale, prompts }) => {
        const write = requestWriter(sourceBlockTokens, { blockTokens, tokenScale, outputScale: 1 })
        const [a, b] = prompts.slice(0, 2).map((prompt, i) => write(sourceOf(prompt, sourceBlockTokens), scopeOf(i)))
        const common = commonBlocks(a!.blockHashes, b!.blockHashes)
        const all = [...a!.blockHashes, ...b!.blockHashes.slice(common)]
        expect(new Set(all).size).toBe(all.length)
      }),
      { numRuns: 300, seed: 2 },
    )
  })

  it('lets two identical prompts hit all their full blocks', () => {
    fc.assert(
      fc.property(anyCase, ({ sourceBlockTokens, blockTokens, tokenScale, prompts }) => {
        const write = requestWriter(sourceBlockTokens, { blockTokens, tokenScale, outputScale: 1 })
        const source = sourceOf({ ...prompts[0]!, tail: 0 }, sourceBlockTokens)
        const [a, b] = [write(source, scopeOf(0)), write(source, scopeOf(1))]
        // Rounding the length up may promise a last block whose end the source does not reach.
        const inSource = Math.floor((source.blockIds.length * sourceBlockTokens * tokenScale) / blockTokens + 1e-9)
        const full = Math.min(inSource, Math.floor(a.promptTokens / blockTokens))
        expect(commonBlocks(a.blockHashes, b.blockHashes)).toBeGreaterThanOrEqual(full - (tokenScale === 1 ? 0 : 1))
        if (tokenScale === 1) expect(commonBlocks(a.blockHashes, b.blockHashes)).toBe(full)
      }),
      { numRuns: 300, seed: 3 },
    )
  })

  it('is the identity at scale 1 with the blocks of the trace', () => {
    const source = { blockIds: [5, 6, 7], promptTokens: 200, outputTokens: 9 }
    const own = requestWriter(64, { blockTokens: undefined, tokenScale: 1, outputScale: 1 })(source, scopeOf(0))
    const same = requestWriter(64, { blockTokens: 64, tokenScale: 1, outputScale: 1 })(source, scopeOf(0))
    expect(own).toEqual(same)
    expect([...own.blockHashes.slice(0, 3)]).toEqual([hash53(1, 5), hash53(1, 6), hash53(1, 7)])
    expect(own).toMatchObject({ promptTokens: 200, outputTokens: 9 })
    expect(own.blockHashes).toHaveLength(4)
  })

  it('keeps at least one token of prompt and output', () => {
    const write = requestWriter(64, { blockTokens: 16, tokenScale: 0.001, outputScale: 0.001 })
    const written = write({ blockIds: [], promptTokens: 3, outputTokens: 0 }, scopeOf(0))
    expect(written).toMatchObject({ promptTokens: 1, outputTokens: 1 })
    expect(written.blockHashes).toHaveLength(1)
  })

  it('counts the shared blocks that lie inside the shared source blocks', () => {
    const write = requestWriter(64, { blockTokens: 16, tokenScale: 0.5, outputScale: 1 })
    const source = { blockIds: [5, 6, 7], promptTokens: 192, outputTokens: 9 }
    expect(write(source, { salt: 1, shared: 2, request: 0 }).sharedBlocks).toBe(4)
  })
})
