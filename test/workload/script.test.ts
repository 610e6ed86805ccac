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
})
