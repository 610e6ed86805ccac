import { z } from 'zod'
import type { Random } from '../src/random.ts'
import { aroundMedian, bounded, oneOrMore } from '../src/workload/lengths.ts'
import {
  type Script,
  type ScriptedContext,
  type ScriptedTurn,
  type SharedPrefix,
  writeConversation,
} from '../src/workload/script.ts'
import { defineWorkload } from '../src/workload/workload.ts'

const params = z.strictObject({
  conversations: z.int().positive().default(2_000).describe('how many are drawn'),
  tenants: z.int().positive().default(4).describe('each has a system prompt and passages of its own'),
  systemTokens: z.int().min(0).default(600).describe('system prompt, shared inside a tenant'),
  passages: z.int().min(100).default(20_000).describe('passages that can be retrieved, of a tenant'),
  passageTokens: z.number().positive().default(500).describe('a passage, median'),
  retrieved: z.int().min(1).max(50).default(5).describe('different passages in a prompt'),
  popularity: z.number().min(0).max(2).default(0.96).describe('Zipf exponent of what is retrieved; 0: all alike'),
  turnsMean: z.number().min(1).default(1.5).describe('requests of a conversation, mean'),
  questionTokens: z.number().positive().default(40).describe('question, median'),
  outputTokens: z.number().positive().default(200).describe('output of a request, median'),
  thinkSeconds: z.number().min(0).default(40).describe('time before a later question, median'),
})

type Params = z.output<typeof params>

const mostTurns = 20
const mostPassageTokens = 2_000
const mostQuestionTokens = 1_000
const mostOutputTokens = 2_000
/** Passages at the head that prompts can share; that two prompts have the same three in the same order is left out. */
const sharedPassages = 2

/**
 * Retrieval: a system prompt, passages that differ from turn to turn, what was said, the question. A prefix ends where
 * the first passage differs, so that little behind the system prompt can hit, however popular passages are. By default
 * 3 % of the passages get 60 % of the retrievals. All lengths are assumptions.
 */
export const rag = defineWorkload({
  kind: 'conversations',
  name: 'rag',
  summary: 'retrieved passages that differ from turn to turn',
  source: 'synthetic; docs/workloads.md#rag',
  params,

  *conversations(chosen, random, scale) {
    const passageTokens = (tenant: string, passage: number): number =>
      bounded(aroundMedian(random.fork('passage', tenant, passage), chosen.passageTokens, 0.35), mostPassageTokens)
    for (let index = 0; index < chosen.conversations; index++) {
      yield writeConversation(draw(chosen, random.fork('conversation', index), index, passageTokens), scale)
    }
  },
})

function draw(
  chosen: Params,
  random: Random,
  index: number,
  passageTokens: (tenant: string, passage: number) => number,
): Script {
  const tenant = `tenant-${1 + random.integer(chosen.tenants)}`
  const identity = random.integer(2 ** 53)
  const contexts: ScriptedContext[] = []
  const turns: ScriptedTurn[] = []
  const count = bounded(oneOrMore(random, chosen.turnsMean), mostTurns)
  let historyTokens = 0
  for (let turn = 0; turn < count; turn++) {
    const passages = retrieve(chosen, random).map(
      (passage): SharedPrefix => ({ name: `passage ${passage}`, tokens: passageTokens(tenant, passage) }),
    )
    const system: SharedPrefix = { name: `rag ${tenant}`, tokens: chosen.systemTokens }
    const question = bounded(aroundMedian(random, chosen.questionTokens, 0.7), mostQuestionTokens)
    const outputTokens = bounded(aroundMedian(random, chosen.outputTokens, 0.7), mostOutputTokens)
    const thinkMs = turn === 0 ? 0 : aroundMedian(random, chosen.thinkSeconds * 1000, 1)
    const promptTokens =
      passages.reduce((sum, { tokens }) => sum + tokens, chosen.systemTokens) + historyTokens + question
    const context = contexts.push({ agent: '', prefixes: [system, ...passages.slice(0, sharedPassages)] }) - 1
    turns.push({ context, promptTokens, outputTokens, thinkMs })
    historyTokens += question + outputTokens
  }
  return { id: `rag-${index + 1}`, tenant, identity, contexts, turns }
}

/** Different passages in the order in which they stand in the prompt. */
function retrieve({ passages, retrieved, popularity }: Params, random: Random): number[] {
  const found = new Set<number>()
  while (found.size < retrieved) found.add(zipf(random, passages, popularity))
  return [...found]
}

/** Rank from 1 to `count`, with a density of rank^-exponent. */
function zipf(random: Random, count: number, exponent: number): number {
  const power = 1 - exponent
  const end = count + 1
  const u = random.next()
  const rank = Math.abs(power) < 1e-9 ? end ** u : (1 + u * (end ** power - 1)) ** (1 / power)
  return Math.min(Math.floor(rank), count)
}
