import { describe, expect, it } from 'vitest'
import { Collector } from '../../../src/account/collector.ts'
import { leafLru } from '../../../src/cache/policies/leaf-lru.ts'
import { lru } from '../../../src/cache/policies/lru.ts'
import type { PolicySpec } from '../../../src/cache/policy.ts'
import { PoolLog } from '../../../src/cache/pool-log.ts'
import { replayLog } from '../../../src/lab/replay/replay-log.ts'
import { planTimeline } from '../../../src/plan/plan-arm.ts'
import { plannable, withPolicy } from '../../plan/policies-in-plans.ts'
import { type Knobs, plainKnobs, planInput } from '../../plan/random-plan.ts'

/** The lines of a plan under pressure, and how many blocks it evicted. */
function logged(policy: PolicySpec, knobs: Partial<Knobs> = {}): { lines: string[]; evictions: number } {
  const input = withPolicy(planInput({ ...plainKnobs, requests: 120, ...knobs }), policy)
  const { poolBlocks, replicas, pool } = input
  const lines: string[] = []
  const sizes = { capacityBlocks: poolBlocks, replicas, blockTokens: pool.blockTokens }
  const log = new PoolLog(policy, sizes, (line) => lines.push(line))
  const { evictions } = planTimeline(input, new Collector(), log)
  expect(planTimeline(input, new Collector()).evictions).toBe(evictions)
  return { lines, evictions }
}

const refused =
  (lines: readonly string[], policy: PolicySpec = lru) =>
  () =>
    replayLog(lines, policy)

describe('a pool log', () => {
  it.each(plannable)('of $name: the lab evicts the same blocks in the same order', (policy) => {
    for (const knobs of [{}, { arm: 'hbm-only', start: 'cold' }, { poolBlocks: 24, seed: 5 }] as const) {
      const { lines, evictions } = logged(policy, knobs)
      expect(evictions).toBeGreaterThan(100)
      expect(replayLog(lines, policy)).toEqual({ evictions, differences: 0 })
    }
  })

  it('begins with its header and an empty pool, and tells what the policy knows', () => {
    const [header, ...events] = logged(leafLru).lines.map((line) => JSON.parse(line))
    expect(header).toEqual({ policy: 'leaf-lru', capacityBlocks: 40, replicas: 2, blockTokens: 4, knows: ['parent'] })
    expect(events.slice(0, 2).map(({ op }) => op)).toEqual(['pin', 'insert'])
    expect(new Set(events.map(({ op }) => op))).toEqual(new Set(['pin', 'insert', 'hit', 'unpin', 'remove']))
    for (const { op, block, parent, incoming, nowMs } of events) {
      expect(parent === undefined).toBe(block === -1)
      expect(nowMs).toBeUndefined()
      if (op === 'remove') expect(incoming.parent).toBeGreaterThanOrEqual(-1)
    }
    expect(events.some(({ op, parent }) => op === 'insert' && parent >= 0)).toBe(true)
  })

  it('with one hit, pin or insert missing, or under another policy, is noticed', () => {
    const { lines, evictions } = logged(lru)
    const without = (pick: (line: string) => boolean): string[] => {
      const at = lines.findIndex((line, i) => i > lines.length / 3 && pick(line))
      return lines.filter((_, i) => i !== at)
    }
    // A hit that matters is one of many: some are of blocks that are the newest anyway.
    const hits = lines.flatMap((line, i) => (line.includes('"hit"') ? [i] : []))
    const some = hits.filter((_, i) => i % Math.floor(hits.length / 40) === 0)
    const noticed = some.filter(
      (at) =>
        replayLog(
          lines.filter((_, i) => i !== at),
          lru,
        ).differences > 0,
    )
    expect(noticed.length).toBeGreaterThan(10)
    expect(refused(without((line) => line.includes('"pin"')))).toThrow(
      /^line \d+: slot \d+ is let go, but nobody holds it/,
    )
    expect(refused(without((line) => line.includes('"insert"')))).toThrow(/^line \d+: slot \d+ holds block -1, not \d+/)
    const mru: PolicySpec = { ...lru, name: 'first', create: firstSlot }
    const other = replayLog(lines, mru)
    expect(other.evictions).toBe(evictions)
    expect(other.differences).toBeGreaterThan(evictions / 2)
  })

  it.each<[string, (lines: string[]) => string[], RegExp]>([
    ['without a line', () => [], /^pool log: is empty/],
    ['without a header', (lines) => lines.slice(1), /^line 1/],
    ['that is cut in a line', (lines) => [lines[0]!, lines[1]!.slice(0, 20)], /^line 2: is no JSON/],
    [
      'of another pool',
      (lines) => [lines[0]!, lines[1]!.replace('"slot":0', '"slot":99')],
      /^line 2: slot 99 is beyond/,
    ],
    [
      'of more replicas',
      (lines) => [lines[0]!, lines[1]!.replace('"replica":0', '"replica":7')],
      /names replica 7 of 2/,
    ],
    ['with an unknown key', (lines) => [lines[0]!, lines[1]!.replace('"op"', '"oq"')], /^line 2/],
  ])('%s is refused', (_title, change, expected) => {
    expect(refused(change(logged(lru).lines))).toThrow(expected)
  })

  it('that does not tell what the policy must know is refused', () => {
    expect(refused(logged(lru).lines, leafLru)).toThrow(
      /"leaf-lru" must know "parent", which the log of "lru" does not/,
    )
  })
})

/** Evicts the first slot that is free to go. */
function firstSlot(capacityBlocks: number): ReturnType<PolicySpec['create']> {
  return {
    onInsert: () => undefined,
    onHit: () => undefined,
    onRemove: () => undefined,
    victim: (isPinned) => Array.from({ length: capacityBlocks }, (_, i) => i).find((slot) => !isPinned(slot)) ?? -1,
  }
}
