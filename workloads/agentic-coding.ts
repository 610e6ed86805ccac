import { z } from 'zod'
import type { Random } from '../src/random.ts'
import { aroundMedian, bounded, spread } from '../src/workload/lengths.ts'
import { type Script, type ScriptedContext, type ScriptedTurn, writeConversation } from '../src/workload/script.ts'
import { defineWorkload } from '../src/workload/workload.ts'

const params = z.strictObject({
  conversations: z.int().positive().default(200).describe('how many are drawn'),
  tenants: z.int().positive().default(4).describe('each has a system prompt of its own'),
  systemTokens: z.int().positive().default(13_000).describe('system prompt and tools, shared inside a tenant'),
  turnsMedian: z.number().positive().default(48).describe("main agent's requests of a conversation, median"),
  firstTokens: z.number().positive().default(6_700).describe('first message of a new conversation, median'),
  resumedTokens: z.number().positive().default(137_000).describe('first prompt of a resumed conversation, median'),
  resumedTurns: z.number().min(0).default(25).describe('turns at which half of the conversations are resumed; 0: none'),
  resultTokens: z
    .number()
    .positive()
    .default(1_000)
    .describe('tool result, median, in a conversation of median length'),
  outputTokens: z.number().positive().default(218).describe('output of a request, median'),
  compactionTokens: z.number().positive().default(160_000).describe('context at which it is compacted, median'),
  summaryTokens: z
    .number()
    .positive()
    .default(33_000)
    .describe('what a compaction leaves, without system prompt, median'),
  longContextRatio: z.number().min(0).max(1).default(0.45).describe('conversations with a model of long context'),
  longContextTokens: z.number().positive().default(850_000).describe('context at which those are compacted'),
  rewriteRatio: z
    .number()
    .min(0)
    .max(1)
    .default(0.007)
    .describe('turns that find all behind the system prompt changed'),
  rewriteAfterPauseRatio: z.number().min(0).max(1).default(0.08).describe('the same after 5 minutes of thought'),
  subagentRatio: z.number().min(0).max(1).default(0.002).describe('turns before which a sub-agent works'),
  subagentSystemTokens: z.int().min(0).default(9_000).describe("sub-agents' system prompt, shared inside a tenant"),
  thinkSeconds: z.number().min(0).default(9.5).describe('time at the client before a turn, median, pauses aside'),
  pauseRatio: z.number().min(0).max(1).default(0.045).describe('turns that wait for a person who is away'),
})

type Params = z.output<typeof params>

const longestPauseMs = 12 * 3_600_000
const rewriteAfterMs = 300_000
const mostTurns = 500
const mostResultTokens = 40_000
const mostOutputTokens = 32_000

/**
 * Conversations of a coding agent: a prompt that grows by tool results, sub-agents, compactions, long pauses. The
 * distributions are fitted to the published statistics of 739 conversations, the events (compaction, rewriting,
 * sub-agents) counted in the 87 that can be read; the hit rates follow from them. docs/workloads.md has the figures.
 */
export const agenticCoding = defineWorkload({
  kind: 'conversations',
  name: 'agentic-coding',
  summary: 'coding agents: long prompts that grow turn by turn',
  source: 'synthetic, after https://github.com/callanjfox/kv-cache-tester; docs/workloads.md#agentic-coding',
  params,

  *conversations(chosen, random, scale) {
    for (let index = 0; index < chosen.conversations; index++) {
      yield writeConversation(draw(chosen, random.fork('conversation', index), index), scale)
    }
  },
})

interface Draft {
  readonly chosen: Params
  readonly random: Random
  readonly tenant: string
  readonly contexts: ScriptedContext[]
  readonly turns: ScriptedTurn[]
}

function draw(chosen: Params, random: Random, index: number): Script {
  const tenant = `tenant-${1 + random.integer(chosen.tenants)}`
  const draft: Draft = { chosen, random, tenant, contexts: [], turns: [] }
  runMain(draft)
  const { contexts, turns } = draft
  return { id: `agentic-coding-${index + 1}`, tenant, identity: random.integer(2 ** 53), contexts, turns }
}

function runMain(draft: Draft): void {
  const { chosen, random } = draft
  const count = Math.max(2, bounded(spread(random, chosen.turnsMedian, 1.37, 1.1), mostTurns))
  const isLong = random.next() < chosen.longContextRatio
  const limit = aroundMedian(random, isLong ? chosen.longContextTokens : chosen.compactionTokens, 0.065)
  // Long conversations go in small steps: the published last prompts grow far more slowly than the numbers of turns.
  const resultMedian = aroundMedian(random, chosen.resultTokens, 0.4) * (count / chosen.turnsMedian) ** -0.8
  let prompt = firstPrompt(draft, count, limit)
  let context = openContext(draft, '')
  let subagents = 0
  for (let turn = 0; turn < count; turn++) {
    const thinkMs = turn === 0 ? 0 : think(draft)
    const rewriteRatio = thinkMs > rewriteAfterMs ? chosen.rewriteAfterPauseRatio : chosen.rewriteRatio
    if (turn > 0 && random.next() < chosen.subagentRatio) runSubagent(draft, `agent-${++subagents}`)
    const isRewritten = turn > 0 && random.next() < rewriteRatio
    const isCompacted = prompt > limit
    if (isCompacted) {
      prompt = chosen.systemTokens + bounded(aroundMedian(random, chosen.summaryTokens, 0.8), 0.7 * limit)
    }
    if (isCompacted || isRewritten) context = openContext(draft, '')
    const end = addTurn(draft, context, prompt, thinkMs)
    prompt = end + bounded(aroundMedian(random, resultMedian, 1.6), mostResultTokens)
  }
}

/** Short conversations are mostly the rest of a longer one. */
function firstPrompt({ chosen, random }: Draft, count: number, limit: number): number {
  const isResumed = random.next() * (1 + (count / chosen.resumedTurns) ** 1.2) < 1
  const prompt = isResumed
    ? bounded(aroundMedian(random, chosen.resumedTokens, 0.65), 0.95 * limit)
    : chosen.systemTokens + bounded(aroundMedian(random, chosen.firstTokens, 0.65), mostResultTokens)
  return Math.max(prompt, chosen.systemTokens + 1)
}

function runSubagent(draft: Draft, agent: string): void {
  const { chosen, random } = draft
  const context = openContext(draft, agent)
  const count = bounded(aroundMedian(random, 11, 0.5), mostTurns)
  let prompt = chosen.subagentSystemTokens + bounded(aroundMedian(random, 1_500, 0.8), mostResultTokens)
  for (let turn = 0; turn < count && prompt < chosen.compactionTokens; turn++) {
    const thinkMs = turn === 0 ? 0 : aroundMedian(random, chosen.thinkSeconds * 500, 0.6)
    const end = addTurn(draft, context, prompt, thinkMs)
    prompt = end + bounded(aroundMedian(random, 2.3 * chosen.resultTokens, 0.9), mostResultTokens)
  }
}

function openContext({ chosen, tenant, contexts }: Draft, agent: string): number {
  const prefix = agent
    ? { name: `${tenant} sub-agent`, tokens: chosen.subagentSystemTokens }
    : { name: tenant, tokens: chosen.systemTokens }
  return contexts.push({ agent, prefixes: [prefix] }) - 1
}

/** Returns where the context ends after it. */
function addTurn({ chosen, random, turns }: Draft, context: number, promptTokens: number, thinkMs: number): number {
  const outputTokens = bounded(spread(random, chosen.outputTokens, 0.585, 1.138), mostOutputTokens)
  turns.push({ context, promptTokens, outputTokens, thinkMs })
  return promptTokens + outputTokens
}

/** Of the tool that ran, or of a person; now and then of one who went away. */
function think({ chosen, random }: Draft): number {
  const isPause = random.next() < chosen.pauseRatio
  const seconds = isPause ? aroundMedian(random, 1_500, 1.4) : spread(random, chosen.thinkSeconds, 0.76, 1.45)
  return Math.min(seconds * 1000, longestPauseMs)
}
