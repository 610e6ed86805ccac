import { describe, expect, it } from 'vitest'
import type { Turn } from '../../src/workload/workload.ts'
import { agentSwarm } from '../../workloads/agent-swarm.ts'
import { commonBlocks, drawConversations, tokenByToken } from './draw.ts'

interface Swarm {
  /** The main agent's turn before the fork, and the one that reads the reports. */
  readonly fork: Turn
  readonly report: Turn
  readonly turns: readonly Turn[]
}

function swarmsOf(turns: readonly Turn[]): Swarm[] {
  const mains = turns.map((turn, index) => ({ turn, index })).filter(({ turn }) => turn.agent === '')
  return mains.slice(1).flatMap(({ turn, index }, i) => {
    const before = mains[i]!
    const between = turns.slice(before.index + 1, index)
    return between.length === 0 ? [] : [{ fork: before.turn, report: turn, turns: between }]
  })
}

describe('agent-swarm', () => {
  const conversations = drawConversations(agentSwarm, { conversations: 40 }, tokenByToken)
  const swarms = conversations.flatMap(({ turns }) => swarmsOf(turns))

  it('begins and ends with the main agent', () => {
    expect(swarms.length).toBeGreaterThan(20)
    for (const { turns } of conversations) expect([turns[0]!.agent, turns.at(-1)!.agent]).toEqual(['', ''])
  })

  it('forks one context: what sub-agents share ends where the main agent stood', () => {
    for (const { fork, report, turns } of swarms) {
      const firsts = [...new Set(turns.map(({ agent }) => agent))].map(
        (agent) => turns.find((turn) => turn.agent === agent)!,
      )
      expect(firsts).toHaveLength(4)
      const end = commonBlocks(firsts[0]!.blockHashes, report.blockHashes)
      expect(end).toBeGreaterThanOrEqual(fork.promptTokens + fork.keptOutputTokens)
      expect(end - fork.promptTokens - fork.keptOutputTokens).toBeLessThanOrEqual(1)
      for (const a of firsts) {
        expect(a.promptTokens).toBeGreaterThan(end)
        for (const b of firsts) if (a !== b) expect(commonBlocks(a.blockHashes, b.blockHashes)).toBe(end)
      }
    }
  })

  it('reports back: the next prompt is longer by the last outputs of all sub-agents', () => {
    for (const { fork, report, turns } of swarms) {
      const last = new Map(turns.map((turn) => [turn.agent, turn.outputTokens]))
      const reports = [...last.values()].reduce((a, b) => a + b, 0)
      const grown = report.promptTokens - fork.promptTokens - fork.keptOutputTokens
      expect(Math.abs(grown - reports)).toBeLessThanOrEqual(4)
    }
  })

  it('lets sub-agents work side by side', () => {
    const changes = swarms.map(({ turns }) => turns.filter((turn, i) => turn.agent !== turns[i - 1]?.agent).length)
    const all = swarms.reduce((sum, { turns }) => sum + turns.length, 0)
    expect(changes.reduce((a, b) => a + b, 0) / all).toBeGreaterThan(0.5)
    for (const { turns } of swarms) for (const turn of turns.slice(0, 4)) expect(turn.thinkMs).toBe(0)
  })
})
