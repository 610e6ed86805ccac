import { z } from 'zod'
import type { Random } from '../src/random.ts'
import { aroundMedian, bounded } from '../src/workload/lengths.ts'
import { dialogueTurns, type Exchange, writeConversation } from '../src/workload/script.ts'
import { defineWorkload } from '../src/workload/workload.ts'

const params = z.strictObject({
  conversations: z.int().positive().default(300).describe('how many are drawn, one a client'),
  tenants: z.int().positive().default(20).describe('firms, each with a template of its own'),
  templateTokens: z.int().min(0).default(24_000).describe('forms and rules, shared by the clients of a firm'),
  documentTokens: z
    .number()
    .positive()
    .default(18_000)
    .describe("a client's own documents in the first prompt, median"),
  turnsMedian: z.number().positive().default(12).describe('requests of a conversation, median'),
  messageTokens: z.number().positive().default(120).describe('question or answer of a client, median'),
  uploadRatio: z.number().min(0).max(1).default(0.25).describe('later turns that bring another document'),
  uploadTokens: z.number().positive().default(2_500).describe('such a document, median'),
  outputTokens: z.number().positive().default(350).describe('output of a request, median'),
  thinkSeconds: z.number().min(0).default(60).describe('time before a turn, median'),
})

type Params = z.output<typeof params>

const mostTurns = 60
const mostDocumentTokens = 60_000
const mostUploadTokens = 10_000
const mostMessageTokens = 2_000
const mostOutputTokens = 4_000

/**
 * Clients of tax firms: behind the firm's forms and rules come the client's own documents, then a dozen questions, now
 * and then with another document. What clients share ends with the template. All lengths are assumptions.
 */
export const taxFiling = defineWorkload({
  kind: 'conversations',
  name: 'tax-filing',
  summary: "clients of many firms: a firm's large template, then private documents",
  source: 'synthetic; docs/workloads.md#tax-filing',
  params,

  *conversations(chosen, seeded, scale) {
    for (let index = 0; index < chosen.conversations; index++) {
      const random = seeded.fork('conversation', index)
      const tenant = `firm-${1 + random.integer(chosen.tenants)}`
      const identity = random.integer(2 ** 53)
      const count = bounded(aroundMedian(random, chosen.turnsMedian, 0.35), mostTurns)
      const exchanges = Array.from({ length: count }, (_, turn) => exchange(chosen, random, turn))
      const contexts = [{ agent: '', prefixes: [{ name: `tax-filing ${tenant}`, tokens: chosen.templateTokens }] }]
      const turns = dialogueTurns(chosen.templateTokens, exchanges)
      yield writeConversation({ id: `tax-filing-${index + 1}`, tenant, identity, contexts, turns }, scale)
    }
  },
})

function exchange(chosen: Params, random: Random, turn: number): Exchange {
  const document =
    turn === 0
      ? bounded(aroundMedian(random, chosen.documentTokens, 0.6), mostDocumentTokens)
      : random.next() < chosen.uploadRatio
        ? bounded(aroundMedian(random, chosen.uploadTokens, 0.7), mostUploadTokens)
        : 0
  return {
    messageTokens: document + bounded(aroundMedian(random, chosen.messageTokens, 0.8), mostMessageTokens),
    outputTokens: bounded(aroundMedian(random, chosen.outputTokens, 0.7), mostOutputTokens),
    thinkMs: turn === 0 ? 0 : aroundMedian(random, chosen.thinkSeconds * 1000, 1),
  }
}
