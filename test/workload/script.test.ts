import { describe, expect, it } from 'vitest'
import { type Script, writeConversation } from '../../src/workload/script.ts'

const script = (identity: number): Script => ({
  id: `conversation ${identity}`,
  tenant: 'a',
  identity,
  contexts: [
    { agent: '', prefixes: [{ name: 'main', tokens: 100 }] },
    { agent: 'helper', prefixes: [{ name: 'helper', tokens: 40 }] },
  ],
  turns: [
    { context: 0, promptTokens: 150, outputTokens: 20, thinkMs: 0 },
    { context: 1, promptTokens: 60, outputTokens: 7, thinkMs: 1 },
    { context: 0, promptTokens: 200, outputTokens: 10, thinkMs: 2 },
  ],
})

const whole = { blockTokens: 16, tokenScale: 1, outputScale: 1 }

describe('writing a scripted conversation', () => {
  it('keeps the output that the next prompt contains, and shares blocks wholly inside the prefix', () => {
    const { turns } = writeConversation(script(1), whole)
    expect(
      turns.map((t) => [t.agent, t.promptTokens, t.keptOutputTokens, t.sharedBlocks, t.blockHashes.length]),
    ).toEqual([
      ['', 150, 20, 6, 11],
      ['helper', 60, 0, 2, 4],
      ['', 200, 0, 6, 13],
    ])
    expect(turns[2]!.blockHashes.subarray(0, 11)).toEqual(turns[0]!.blockHashes)
    expect(turns[2]!.blockHashes.buffer).toBe(turns[0]!.blockHashes.buffer)
  })

  it('has the same hashes as another conversation up to the end of the shared blocks', () => {
    const [a, b] = [writeConversation(script(1), whole).turns[2]!, writeConversation(script(2), whole).turns[2]!]
    for (let i = 0; i < 13; i++) expect(a.blockHashes[i] === b.blockHashes[i]).toBe(i < 6)
  })

  it('scales positions, and keeps no more of an output than was produced', () => {
    const { turns } = writeConversation(script(1), { blockTokens: 4, tokenScale: 0.1, outputScale: 0.05 })
    expect(turns.map((t) => [t.promptTokens, t.outputTokens, t.keptOutputTokens])).toEqual([
      [15, 1, 1],
      [6, 1, 0],
      [20, 1, 0],
    ])
  })

  it('refuses a context that shrinks', () => {
    const shrinking = {
      ...script(1),
      turns: [...script(1).turns, { context: 0, promptTokens: 205, outputTokens: 1, thinkMs: 0 }],
    }
    expect(() => writeConversation(shrinking, whole)).toThrow('a context only grows')
  })

  it('shares the first prefix with all who have it, and the second only behind the same first', () => {
    const hashes = (identity: number, ...names: string[]) =>
      writeConversation(
        {
          id: '',
          tenant: '',
          identity,
          contexts: [{ agent: '', prefixes: names.map((name) => ({ name, tokens: 50 })) }],
          turns: [{ context: 0, promptTokens: 160, outputTokens: 1, thinkMs: 0 }],
        },
        whole,
      ).turns[0]!
    const common = (a: Float64Array, b: Float64Array) => a.findIndex((hash, block) => hash !== b[block])
    const first = hashes(1, 'x', 'y')
    expect(first.sharedBlocks).toBe(6)
    expect(common(first.blockHashes, hashes(2, 'x', 'y').blockHashes)).toBe(6)
    expect(common(first.blockHashes, hashes(2, 'x', 'z').blockHashes)).toBe(3)
    expect(common(first.blockHashes, hashes(2, 'z', 'y').blockHashes)).toBe(0)
    expect(common(first.blockHashes, hashes(1, 'x').blockHashes)).toBe(3)
  })

  it('lets a context leave another one, at a whole block', () => {
    const forked = {
      ...script(1),
      contexts: [...script(1).contexts, { agent: 'fork', fork: { context: 0, tokens: 170 } }],
      turns: [...script(1).turns, { context: 2, promptTokens: 190, outputTokens: 1, thinkMs: 0 }],
    }
    const { turns } = writeConversation(forked, whole)
    const [main, fork] = [turns[2]!, turns[3]!]
    expect([fork.agent, fork.sharedBlocks, fork.blockHashes.length]).toEqual(['fork', 6, 12])
    for (let i = 0; i < 12; i++) expect(fork.blockHashes[i] === main.blockHashes[i]).toBe(i < 10)
    const early = { ...forked, turns: forked.turns.slice(1, 2).concat(forked.turns[3]!) }
    expect(() => writeConversation(early, whole)).toThrow('a context holds what its forks begin with')
  })
})
