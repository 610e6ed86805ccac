import { describe, expect, it } from 'vitest'
import { offsetsOf, playConversations } from '../../../src/lab/stream/played-conversations.ts'
import { seededRandom } from '../../../src/random.ts'

const three = [0, 1, 2].map((index) => ({
  requests: [2 * index, 2 * index + 1],
  offsetsMs: [0, 10],
  durationMs: 15,
  startMs: undefined,
}))

describe('the times of a conversation', () => {
  it("are the file's own where each turn has one", () => {
    const turns = [
      { thinkMs: 0, offsetMs: 5, answerMs: 3 },
      { thinkMs: 99, offsetMs: 50, answerMs: 30 },
      { thinkMs: 99, offsetMs: 60, answerMs: 1 },
    ]
    expect(offsetsOf(turns)).toEqual({ offsetsMs: [5, 50, 60], durationMs: 80 })
  })

  it('follow from think and answer times where they are not', () => {
    const turns = [{ thinkMs: 7, answerMs: 3 }, { thinkMs: 20, answerMs: 4 }, { thinkMs: 1 }]
    expect(offsetsOf(turns)).toEqual({ offsetsMs: [0, 23, 28], durationMs: 28 })
  })
})

describe('conversations', () => {
  it('are played one after the other in file order without seats', () => {
    const { order, arrivalMs } = playConversations(three, undefined, seededRandom(1))
    expect([...order]).toEqual([0, 1, 2, 3, 4, 5])
    expect([...arrivalMs]).toEqual([0, 10, 15, 25, 30, 40])
  })

  it('begin when the trace says so, without seats', () => {
    const started = three.map((each, index) => ({ ...each, startMs: 5 * index }))
    const { order } = playConversations(started, undefined, seededRandom(1))
    expect([...order]).toEqual([0, 2, 1, 4, 3, 5])
  })

  it('are interleaved on seats, earliest first, the next one when a seat is free', () => {
    const { order, arrivalMs } = playConversations(three, 2, seededRandom(1))
    expect([...arrivalMs].sort((a, b) => a - b)).toEqual([0, 0, 10, 10, 15, 25])
    const times = [...order].map((request) => arrivalMs[request]!)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('are dealt by the seed', () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ ...three[0]!, requests: [2 * index, 2 * index + 1] }))
    const orderOf = (seed: number): number[] => [...playConversations(many, 3, seededRandom(seed)).order]
    expect(orderOf(1)).toEqual(orderOf(1))
    expect(orderOf(1)).not.toEqual(orderOf(2))
  })
})
