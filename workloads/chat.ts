import { z } from 'zod'
import type { Random } from '../src/random.ts'
import { aroundMedian, bounded, oneOrMore, spread } from '../src/workload/lengths.ts'
import { dialogueTurns, writeConversation } from '../src/workload/script.ts'
import { defineWorkload } from '../src/workload/workload.ts'

const params = z.strictObject({
  conversations: z.int().positive().default(1_000).describe('how many are drawn'),
  tenants: z.int().positive().default(1).describe('each has a system prompt of its own'),
  systemTokens: z.int().min(0).default(512).describe('system prompt, shared inside a tenant'),
  turnsMean: z.number().min(1).default(1.5).describe('requests of a conversation, mean'),
  firstTokens: z.number().positive().default(720).describe('first message without a pasted text, median'),
  messageTokens: z.number().positive().default(15).describe('later message without a pasted text, median'),
  firstPasteRatio: z.number().min(0).max(1).default(0.6).describe('conversations that begin with a pasted text'),
  firstPasteTokens: z.number().positive().default(12_000).describe('such a text, median'),
  laterPasteRatio: z.number().min(0).max(1).default(0.3).describe('later messages with a pasted text'),
  laterPasteTokens: z.number().positive().default(1_800).describe('such a text, median'),
  outputTokens: z.number().positive().default(350).describe('output of a request, median'),
  thinkSeconds: z.number().min(0).default(110).describe('time a person reads and types before a turn, median'),
})

type Params = z.output<typeof params>

const mostTurns = 200
const mostMessageTokens = 100_000
const mostOutputTokens = 4_000

/**
 * People in a chat: a small system prompt, a history that grows, minutes between the turns. Lengths follow the requests
 * of Mooncake's conversation trace (Qin et al., FAST'25): many questions are short, most conversations bring a text.
 */
export const chat = defineWorkload({
  kind: 'conversations',
  name: 'chat',
  summary: 'people in a chat: short conversations, minutes between turns',
  source: 'synthetic, after https://github.com/kvcache-ai/Mooncake; docs/workloads.md#chat',
  params,

  *conversations(chosen, seeded, scale) {
    for (let index = 0; index < chosen.conversations; index++) {
      const random = seeded.fork('conversation', index)
      const tenant = `tenant-${1 + random.integer(chosen.tenants)}`
      const prefixes = [{ name: `chat ${tenant}`, tokens: chosen.systemTokens }]
      const identity = random.integer(2 ** 53)
      const exchanges = Array.from({ length: bounded(oneOrMore(random, chosen.turnsMean), mostTurns) }, (_, turn) => ({
        messageTokens: message(chosen, random, turn === 0),
        outputTokens: bounded(spread(random, chosen.outputTokens, 1.6, 0.45), mostOutputTokens),
        thinkMs: turn === 0 ? 0 : aroundMedian(random, chosen.thinkSeconds * 1000, 1.05),
      }))
      const turns = dialogueTurns(chosen.systemTokens, exchanges)
      const contexts = [{ agent: '', prefixes }]
      yield writeConversation({ id: `chat-${index + 1}`, tenant, identity, contexts, turns }, scale)
    }
  },
})

function message(chosen: Params, random: Random, isFirst: boolean): number {
  const isPaste = random.next() < (isFirst ? chosen.firstPasteRatio : chosen.laterPasteRatio)
  if (isFirst) {
    const tokens = isPaste
      ? aroundMedian(random, chosen.firstPasteTokens, 0.8)
      : aroundMedian(random, chosen.firstTokens, 0.9)
    return bounded(tokens, mostMessageTokens)
  }
  const tokens = isPaste
    ? aroundMedian(random, chosen.laterPasteTokens, 1.8)
    : aroundMedian(random, chosen.messageTokens, 1)
  return bounded(tokens, mostMessageTokens)
}
