import { describe, expect, it } from 'vitest'
import { cutConversations, cutTimed } from '../../src/workload/cut.ts'
import type { Conversation, Turn } from '../../src/workload/workload.ts'

const turn = (promptTokens: number, outputTokens: number): Turn => ({
  blockHashes: new Float64Array(),
  sharedBlocks: 0,
  promptTokens,
  outputTokens,
  keptOutputTokens: 0,
  thinkMs: 0,
  agent: '',
})
const conversation = (id: string, ...turns: Turn[]): Conversation => ({ id, tenant: '', turns })

describe('cutting to a context', () => {
  it('ends a conversation before its first request that is too long, and drops what is empty', () => {
    const whole = conversation('whole', turn(90, 10))
    const { conversations, cut } = cutConversations(
      [whole, conversation('early', turn(50, 1), turn(95, 6), turn(20, 1)), conversation('none', turn(101, 1))],
      100,
    )
    expect(conversations.map(({ id, turns }) => [id, turns.length])).toEqual([
      ['whole', 1],
      ['early', 1],
    ])
    expect(conversations[0]).toBe(whole)
    expect(cut).toEqual({ conversationsCut: 1, conversationsDropped: 1, requests: 3, promptTokens: 216 })
  })

  it('leaves out only the timed request that is too long', () => {
    const request = (id: string, promptTokens: number) => ({
      id,
      arrivalMs: 0,
      blockHashes: new Float64Array(),
      promptTokens,
      outputTokens: 10,
    })
    const { requests, cut } = cutTimed([request('a', 90), request('b', 91), request('c', 5)], 100)
    expect(requests.map(({ id }) => id)).toEqual(['a', 'c'])
    expect(cut).toEqual({ requests: 1, promptTokens: 91 })
  })
})
