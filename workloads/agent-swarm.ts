import { z } from 'zod'
import type { Random } from '../src/random.ts'
import { aroundMedian, bounded, spread } from '../src/workload/lengths.ts'
import { type Script, type ScriptedContext, type ScriptedTurn, writeConversation } from '../src/workload/script.ts'
import { defineWorkload } from '../src/workload/workload.ts'

const params = z.strictObject({
  conversations: z.int().positive().default(150).describe('how many are drawn'),
  tenants: z.int().positive().default(4).describe('each has a system prompt of its own'),
  systemTokens: z.int().min(0).default(13_000).describe('system prompt and tools, shared inside a tenant'),
  firstTokens: z.number().positive().default(6_700).describe('first message, median'),
  turnsMedian: z.number().positive().default(16).describe("main agent's requests of a conversation, median"),
  swarmRatio: z.number().min(0).max(1).default(0.12).describe("main agent's turns that start sub-agents"),
  subagents: z.int().positive().default(4).describe('sub-agents that fork the context at once'),
  instructionTokens: z.number().positive().default(400).describe('what a sub-agent is told behind the fork, median'),
  subagentTurns: z.number().positive().default(8).describe('requests of a sub-agent, median'),
  reportTokens: z
    .number()
    .positive()
    .default(800)
    .describe("a sub-agent's last output, which the main agent reads, median"),
  resultTokens: z.number().positive().default(1_000).describe('tool result, median'),
  outputTokens: z.number().positive().default(218).describe('output of a request, median'),
  contextTokens: z
    .number()
    .positive()
    .default(110_000)
    .describe('context beyond which an agent makes no more requests, reports aside'),
  thinkSeconds: z.number().min(0).default(9.5).describe("time at the client before an agent's turn, median"),
})

type Params = z.output<typeof params>

const mostTurns = 200
const mostFirstTokens = 40_000
const mostResultTokens = 10_000
const mostOutputTokens = 4_000

/**
 * A main agent whose sub-agents fork its context: each one's prompt is the main agent's up to the fork, then an
 * instruction. They work side by side, one's tools running while another's request is served, and report back in the
 * main agent's next prompt. Lengths and think times are those of `agentic-coding`; how much forks is an assumption.
 */
export const agentSwarm = defineWorkload({
  kind: 'conversations',
  name: 'agent-swarm',
  summary: "sub-agents that fork the main agent's context and report back",
  source: 'synthetic; docs/workloads.md#agent-swarm',
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
  readonly contexts: ScriptedContext[]
  readonly turns: ScriptedTurn[]
}

function draw(chosen: Params, random: Random, index: number): Script {
  const tenant = `tenant-${1 + random.integer(chosen.tenants)}`
  const identity = random.integer(2 ** 53)
  const prefixes = [{ name: `agent-swarm ${tenant}`, tokens: chosen.systemTokens }]
  const draft: Draft = { chosen, random, contexts: [{ agent: '', prefixes }], turns: [] }
  runMain(draft)
  return { id: `agent-swarm-${index + 1}`, tenant, identity, contexts: draft.contexts, turns: draft.turns }
}

function runMain(draft: Draft): void {
  const { chosen, random } = draft
  const count = Math.max(2, bounded(aroundMedian(random, chosen.turnsMedian, 0.6), mostTurns))
  let prompt = chosen.systemTokens + bounded(aroundMedian(random, chosen.firstTokens, 0.65), mostFirstTokens)
  let isSwarm = false
  // Reports are always read, and the last turn starts no sub-agents, since nobody would read theirs.
  for (let turn = 0; turn < count && (isSwarm || prompt <= chosen.contextTokens); turn++) {
    const end = addTurn(draft, 0, prompt, output(draft, chosen.outputTokens), turn === 0 ? 0 : think(draft))
    isSwarm = turn < count - 1 && random.next() < chosen.swarmRatio
    prompt = end + (isSwarm ? runSwarm(draft, end) : result(draft))
  }
}

interface Subagent {
  readonly context: number
  turnsLeft: number
  prompt: number
  /** When its next request arrives, counted from the fork; services are taken to need no time. */
  dueMs: number
}

/** Requests of all sub-agents in the order in which they fall due. Returns the tokens of their reports. */
function runSwarm(draft: Draft, forkTokens: number): number {
  const { chosen, random, contexts } = draft
  const working = Array.from({ length: chosen.subagents }, (): Subagent => {
    const agent = `agent-${contexts.length}`
    return {
      context: contexts.push({ agent, fork: { context: 0, tokens: forkTokens } }) - 1,
      turnsLeft: bounded(aroundMedian(random, chosen.subagentTurns, 0.5), mostTurns),
      prompt: forkTokens + bounded(aroundMedian(random, chosen.instructionTokens, 0.6), mostResultTokens),
      dueMs: 0,
    }
  })
  let nowMs = 0
  let reportTokens = 0
  while (working.length > 0) {
    const next = working.reduce((first, other) => (other.dueMs < first.dueMs ? other : first))
    const isLast = next.turnsLeft === 1 || next.prompt > chosen.contextTokens
    const outputTokens = output(draft, isLast ? chosen.reportTokens : chosen.outputTokens)
    const end = addTurn(draft, next.context, next.prompt, outputTokens, next.dueMs - nowMs)
    nowMs = next.dueMs
    if (isLast) {
      reportTokens += outputTokens
      working.splice(working.indexOf(next), 1)
    }
    next.turnsLeft--
    next.prompt = end + result(draft)
    next.dueMs += think(draft)
  }
  return reportTokens
}

/** Returns where the context ends after it. */
function addTurn({ turns }: Draft, context: number, promptTokens: number, outputTokens: number, thinkMs: number) {
  turns.push({ context, promptTokens, outputTokens, thinkMs })
  return promptTokens + outputTokens
}

function output({ random }: Draft, median: number): number {
  return bounded(spread(random, median, 0.585, 1.138), mostOutputTokens)
}

function result({ chosen, random }: Draft): number {
  return bounded(aroundMedian(random, chosen.resultTokens, 1.2), mostResultTokens)
}

function think({ chosen, random }: Draft): number {
  return 1000 * spread(random, chosen.thinkSeconds, 0.76, 1.45)
}
