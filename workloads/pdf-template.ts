import { z } from 'zod'
import { aroundMedian, bounded } from '../src/workload/lengths.ts'
import { dialogueTurns, type SharedPrefix, writeConversation } from '../src/workload/script.ts'
import { defineWorkload } from '../src/workload/workload.ts'

const params = z.strictObject({
  conversations: z
    .int()
    .positive()
    .default(256)
    .describe('how many are drawn, at most documents × conversationsPerDocument'),
  documents: z.int().positive().default(64).describe('different documents'),
  conversationsPerDocument: z
    .int()
    .positive()
    .default(4)
    .describe('conversations about one document; 1: nobody else has it'),
  templateTokens: z.int().min(0).default(4_000).describe('template before every document, shared by all'),
  documentTokens: z.int().positive().default(100_000).describe('a document, exactly'),
  questions: z.int().positive().default(6).describe('requests of a conversation, exactly'),
  questionTokens: z.number().positive().default(60).describe('question, median'),
  outputTokens: z.number().positive().default(350).describe('answer, median'),
  thinkSeconds: z.number().min(0).default(60).describe('time before a question, median'),
})

const mostQuestionTokens = 1_000
const mostOutputTokens = 2_000

/**
 * Questions about long documents in one template: template, document, then question by question. Three or four such
 * contexts are what one GPU with 288 GB holds beside a 70B model, which is the case the claim makes. With several
 * conversations a document it is a shared library, and a document drawn again is the same; with one it is private.
 */
export const pdfTemplate = defineWorkload({
  kind: 'conversations',
  name: 'pdf-template',
  summary: 'questions about documents of 100,000 tokens in one template',
  source: 'synthetic; docs/workloads.md#pdf-template',
  params,

  *conversations(chosen, seeded, scale) {
    const template: SharedPrefix = { name: 'pdf-template', tokens: chosen.templateTokens }
    const isShared = chosen.conversationsPerDocument > 1
    const count = Math.min(chosen.conversations, chosen.documents * chosen.conversationsPerDocument)
    for (let index = 0; index < count; index++) {
      const random = seeded.fork('conversation', index)
      const identity = random.integer(2 ** 53)
      const number = Math.floor(index / chosen.conversationsPerDocument) + 1
      const document: SharedPrefix = { name: `document ${number}`, tokens: chosen.documentTokens }
      const exchanges = Array.from({ length: chosen.questions }, (_, turn) => ({
        messageTokens:
          bounded(aroundMedian(random, chosen.questionTokens, 0.7), mostQuestionTokens) +
          (turn === 0 && !isShared ? chosen.documentTokens : 0),
        outputTokens: bounded(aroundMedian(random, chosen.outputTokens, 0.7), mostOutputTokens),
        thinkMs: turn === 0 ? 0 : aroundMedian(random, chosen.thinkSeconds * 1000, 1),
      }))
      const prefixes = isShared ? [template, document] : [template]
      const turns = dialogueTurns(chosen.templateTokens + (isShared ? chosen.documentTokens : 0), exchanges)
      const contexts = [{ agent: '', prefixes }]
      yield writeConversation({ id: `pdf-template-${index + 1}`, tenant: 'library', identity, contexts, turns }, scale)
    }
  },
})
