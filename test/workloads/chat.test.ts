import { expect, it } from 'vitest'
import { statisticsOf } from '../../src/workload/statistics.ts'
import { chat } from '../../workloads/chat.ts'
import { drawConversations, fullScale } from './draw.ts'

/** Mooncake's conversation trace, as `node scripts/workload-statistics.mjs --trace` counts it. */
const mooncake = { prompt: [964, 6_909, 27_367], outputP50: 350, outputMean: 343, ceiling: 0.373 }

it.each([1, 2])('comes near to the trace after which its lengths were chosen, seed %i', (seed) => {
  const conversations = drawConversations(chat, { conversations: 3_000 }, fullScale, seed)
  const statistics = statisticsOf(conversations, fullScale.blockTokens)
  statistics.promptTokens.forEach((tokens, index) => {
    expect(Math.abs(tokens / mooncake.prompt[index]! - 1)).toBeLessThan(0.12)
  })
  expect(Math.abs(statistics.outputTokensP50 / mooncake.outputP50 - 1)).toBeLessThan(0.05)
  expect(Math.abs(statistics.outputTokensMean / mooncake.outputMean - 1)).toBeLessThan(0.06)
  expect(Math.abs(statistics.ceilingHitRate - mooncake.ceiling)).toBeLessThan(0.03)
})
