import { z } from 'zod'
import type { Random } from '../src/random.ts'
import { type Script, type ScriptedContext, type ScriptedTurn, writeConversation } from '../src/workload/script.ts'
import { defineWorkload } from '../src/workload/workload.ts'

const params = z.strictObject({
  conversations: z.int().positive().default(200),
  tenants: z.int().positive().default(4).describe('each has a system prompt of its own'),
  systemTokens: z.int().positive().default(13_000).describe('system prompt and tools, shared inside a tenant'),
  turnsMedian: z.number().positive().default(48).describe("main agent's requests of a conversation, median"),
  firstTokens: z.number().positive().default(6_700).describe('first message of a new conversation, median'),
  resumedTokens: z.number().positive().default(137_000).describe('first prompt of a resumed conversation, median'),
  resumedTurns: z.number().min(0).default(28).describe('turns at which half of the conversations are resumed; 0: none'),
  resultTokens: z.number().positive().default(330).describe('tool result, median; the mean is 4.6 times as much'),
  outputTokens: z.number().positive().default(218).describe('output of a request, median'),
  compactionTokens: z.number().positive().default(160_000).describe('context at which it is compacted, median'),
  summaryTokens: z.number().positive().default(33_000).describe('what a compaction leaves, without system prompt, median'),
  longContextRatio: z.number().min(0).max(1).default(0.5).describe('conversations with a model of long context'),
  longContextTokens: z.number().positive().default(850_000).describe('context at which those are compacted'),
  rewriteRatio: z.number().min(0).max(1).default(0.007).describe('turns that find all behind the system prompt changed'),
  rewriteAfterPauseRatio: z.number().min(0).max(1).default(0.08).describe('the same after 5 minutes of thought'),
  subagentRatio: z.number().min(0).max(1).default(0.002).describe('turns before which a sub-agent works'),
  subagentSystemTokens: z.int().min(1).default(9_000).describe("sub-agents' system prompt, shared inside a tenant"),
  thinkSeconds: z.number().min(0).default(10).describe('time at the client between turns, median'),
  pauseRatio: z.number().min(0).max(1).default(0.045).describe('turns that wait for a person who is away'),
})

type Params = z.output<typeof params>

const longestPauseMs = 12 * 3_600_000
const rewriteAfterMs = 300_000
const largestResultTokens = 40_000
const largestOutputTokens = 32_000

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

function draw(chosen: Params, random: Random, index: number): Script {
  const tenant = `tenant-${1 + random.integer(chosen.tenants)}`
  const contexts: ScriptedContext[] = []
  const turns: ScriptedTurn[] = []
  const open = (agent: string): number => {
    const tokens = agent ? chosen.subagentSystemTokens : chosen.systemTokens
    return contexts.push({ agent, prefix: { name: `${tenant}${agent ? ' sub-agent' : ''}`, tokens } }) - 1
  }
  const add = (context: number, promptTokens: number, thinkMs: number): number => {
    const outputTokens = bounded(spread(random, chosen.outputTokens, 0.585, 1.138), largestOutputTokens)
    turns.push({ context, promptTokens, outputTokens, thinkMs })
    return promptTokens + outputTokens
  }
  const runSubagent = (agent: string): void => {
    const context = open(agent)
    let prompt = chosen.subagentSystemTokens + bounded(random.logNormal(Math.log(1_500), 0.8), largestResultTokens)
    const count = bounded(random.logNormal(Math.log(11), 0.5), 60)
    for (let turn = 0; turn < count && prompt < chosen.compactionTokens; turn++) {
      const end = add(context, prompt, turn === 0 ? 0 : random.logNormal(Math.log(chosen.thinkSeconds * 500), 0.6))
      prompt = end + bounded(random.logNormal(Math.log(chosen.resultTokens * 7), 0.9), largestResultTokens)
    }
  }

  const count = Math.max(2, bounded(spread(random, chosen.turnsMedian, 1.37, 1.1), 2_000))
  const isLong = random.next() < chosen.longContextRatio
  const limit = Math.round(random.logNormal(Math.log(isLong ? chosen.longContextTokens : chosen.compactionTokens), 0.065))
  const haste = (count / chosen.turnsMedian) ** -(+(process.env.EXP??0.35))
  const resultMedian = random.logNormal(Math.log(chosen.resultTokens * haste), +(process.env.SD??0.68))
  const isResumed = random.next() * (1 + (count / chosen.resumedTurns) ** 1.2) < 1
  let context = open('')
  let prompt = isResumed
    ? bounded(random.logNormal(Math.log(chosen.resumedTokens), 0.65), 0.95 * limit)
    : chosen.systemTokens + bounded(random.logNormal(Math.log(chosen.firstTokens), 0.65), largestResultTokens)
  prompt = Math.max(prompt, chosen.systemTokens + 1)
  let subagents = 0
  for (let turn = 0; turn < count; turn++) {
    const thinkMs = turn === 0 ? 0 : think(chosen, random)
    const rewriteRatio = thinkMs > rewriteAfterMs ? chosen.rewriteAfterPauseRatio : chosen.rewriteRatio
    if (turn > 0 && random.next() < chosen.subagentRatio) runSubagent(`agent-${++subagents}`)
    if (prompt > limit) {
      const summary = bounded(random.logNormal(Math.log(chosen.summaryTokens), 0.8), 0.7 * limit)
      prompt = chosen.systemTokens + summary
      context = open('')
    } else if (turn > 0 && random.next() < rewriteRatio) context = open('')
    const end = add(context, prompt, thinkMs)
    prompt = end + bounded(random.logNormal(Math.log(resultMedian), 1.6), largestResultTokens)
  }
  return { id: `agentic-coding-${index + 1}`, tenant, identity: random.integer(2 ** 53), contexts, turns }
}

/** Of the tool that ran, or of a person; now and then of one who went away. */
function think(chosen: Params, random: Random): number {
  const isPause = random.next() < chosen.pauseRatio
  const seconds = isPause ? random.logNormal(Math.log(1_200), 1.4) : spread(random, chosen.thinkSeconds, 0.76, 1.45)
  return Math.min(seconds * 1000, longestPauseMs)
}

/** Log-normal with a spread of its own on either side of the median. */
function spread(random: Random, median: number, below: number, above: number): number {
  const z = random.normal()
  return median * Math.exp(z * (z < 0 ? below : above))
}

function bounded(tokens: number, most: number): number {
  return Math.max(1, Math.round(Math.min(tokens, most)))
}
