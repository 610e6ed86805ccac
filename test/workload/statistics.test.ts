import { expect, it } from 'vitest'
import { seededRandom } from '../../src/random.ts'
import { asConversations, statisticsOf } from '../../src/workload/statistics.ts'
import { agenticCoding } from '../../workloads/agentic-coding.ts'
import { ceilingOf } from './ceiling.ts'

it('counts the ceiling as the plain model does', () => {
  const params = agenticCoding.params.parse({ conversations: 30, subagentRatio: 0.02 })
  const scale = { blockTokens: 64, tokenScale: 1, outputScale: 1 }
  const conversations = [...agenticCoding.conversations(params, seededRandom(3), scale)]
  expect(statisticsOf(conversations, 64).ceilingHitRate).toBe(ceilingOf(conversations, 64).hitRatio)
})

it('takes requests without sessions for conversations of one turn', () => {
  const request = (id: string, hashes: number[], promptTokens: number, outputTokens: number) => ({
    id,
    arrivalMs: 0,
    blockHashes: Float64Array.from(hashes),
    promptTokens,
    outputTokens,
  })
  const requests = [request('a', [1, 2], 8, 3), request('b', [1, 2, 3], 10, 5), request('c', [1, 9], 8, 10)]
  expect(statisticsOf(asConversations(requests), 4)).toEqual({
    conversations: 3,
    requests: 3,
    ceilingHitRate: 12 / 26,
    promptTokens: [8, 8, 10],
    outputTokensP50: 5,
    outputTokensMean: 6,
    thinkSecondsP50: undefined,
    requestsPerConversation: [1, 1, 1],
  })
})
