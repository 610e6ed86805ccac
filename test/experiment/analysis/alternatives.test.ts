import { describe, expect, it } from 'vitest'
import { alternatives } from '../../../src/experiment/analysis/alternatives.ts'
import type { PlanTask } from '../../../src/experiment/sweep/plan-task.ts'
import { planHere, smallClosed, smallTask } from '../small-task.ts'

const arms = ['hbm-only', 'warehouse', 'infinite-cache']

describe('other ways of replaying', () => {
  it('have the ratios of mean throughputs that planning each by itself gives', async () => {
    const seeds = [1, 2]
    const ways = await alternatives(smallTask({ arms }), seeds, planHere)
    const loads = [
      { ...smallClosed, start: 'warm', clock: 'think' },
      { ...smallClosed, start: 'cold', clock: 'think' },
      { ...smallClosed, start: 'warm', clock: 'timestamps' },
    ] as const
    expect(ways.map(({ isOwn }) => isOwn)).toEqual([true, false, false])
    for (const [i, load] of loads.entries()) {
      const sums = new Map<string, number>()
      for (const seed of seeds) {
        const figures = await planHere(smallTask({ arms, load, seed }))
        for (const arm of arms) sums.set(arm, (sums.get(arm) ?? 0) + figures[arm]!.tokensPerGpuSecond)
      }
      expect(Object.keys(ways[i]!.multiplier)).toEqual(arms.slice(1))
      for (const arm of arms.slice(1))
        expect(ways[i]!.multiplier[arm]).toBeCloseTo(sums.get(arm)! / sums.get('hbm-only')!, 9)
    }
    const values = ways.map(({ multiplier }) => multiplier.warehouse)
    expect(new Set(values).size).toBe(3)
  })

  it('say which is the run’s own when it starts cold', async () => {
    const ways = await alternatives(smallTask({ load: { ...smallClosed, start: 'cold' } }), [1], planHere)
    expect(ways.filter(({ isOwn }) => isOwn).map(({ name }) => name)).toEqual(['cold start, by think time'])
  })

  it.each<[string, Partial<PlanTask>]>([
    ['a backlog', { load: { kind: 'backlog', inFlightPerReplica: 4 } }],
    ['a trace by timestamp', { load: { kind: 'timed' } }],
    ['a run without a baseline', { arms: ['warehouse'] }],
  ])('there are none of %s', async (_title, changes) => {
    expect(await alternatives(smallTask(changes), [1], planHere)).toEqual([])
  })
})
