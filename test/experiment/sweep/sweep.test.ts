import { describe, expect, it } from 'vitest'
import { bestLoads, joinArms, type SweepResult } from '../../../src/experiment/sweep/knee.ts'
import type { PlanTask } from '../../../src/experiment/sweep/plan-task.ts'
import { meanFigures, type PointFigures } from '../../../src/experiment/sweep/point-figures.ts'
import { runKnee } from '../../../src/experiment/sweep/sweep.ts'
import { planHere, smallClosed, smallTask } from '../small-task.ts'

function figures(tokensPerGpuSecond: number, changes: Partial<PointFigures> = {}): PointFigures {
  return {
    tokensPerGpuSecond,
    hitRate: 0.5,
    ceilingHitRate: 0.9,
    redundantPrefillOverhead: 0.2,
    busyShare: 1,
    stalledShare: 0,
    starvedShare: 0,
    ttftP50Ms: null,
    ttftP95Ms: 900,
    tpotP50Ms: null,
    tpotP95Ms: 30,
    ...changes,
  }
}

describe('figures of several seeds', () => {
  it('are means; a time that one seed did not see is none', () => {
    const mean = meanFigures([figures(10, { ttftP95Ms: 400, tpotP95Ms: null }), figures(30, { hitRate: 0.7 })])
    expect(mean).toEqual({ ...figures(20), hitRate: 0.6, ttftP95Ms: 650, tpotP95Ms: null })
  })

  it('join to a multiplier that is the ratio of mean throughputs, with its interval and range', () => {
    const seeds = [
      { 'hbm-only': figures(10), warehouse: figures(40, { starvedShare: 0.3 }) },
      { 'hbm-only': figures(30), warehouse: figures(60, { starvedShare: 0.1 }) },
    ]
    // 4 and 2, whose mean is 3; the ratio of the means is 2.5.
    const { warehouse } = joinArms(seeds).multiplier
    expect(warehouse).toMatchObject({ mean: expect.closeTo(2.5, 12), min: 2, max: 4, bound: 'lower' })
    expect(warehouse!.low! * warehouse!.high!).toBeCloseTo(2.5 ** 2, 9)
    expect(joinArms(seeds).arms.warehouse!.starvedShare).toBeCloseTo(0.2, 12)
    expect(joinArms([{ warehouse: figures(10) }]).multiplier).toEqual({})
  })
})

describe('the loads at which an arm does best', () => {
  const at = (
    sessionsPerReplica: number,
    seed: number,
    rate: number,
    router = 'session-affine',
    scale: 'mock' | 'target' = 'mock',
  ): SweepResult => ({ scale, router, sessionsPerReplica, seed, arms: { 'hbm-only': figures(rate) } })

  it('come first, by means over seeds, of the knee’s first router and scale alone', () => {
    const results = [
      at(4, 1, 50),
      at(4, 2, 10),
      at(2, 1, 20),
      at(2, 2, 42),
      at(8, 1, 5),
      at(8, 2, 5),
      at(8, 1, 900, 'round-robin'),
      at(8, 1, 900, 'session-affine', 'target'),
    ]
    expect(bestLoads(results, 'hbm-only')).toEqual([2, 4, 8])
    expect(bestLoads(results, 'warehouse')).toEqual([])
  })
})

describe('a knee', () => {
  it('has every load, router and seed once, each as planned by itself', async () => {
    const task = smallTask()
    const done: number[] = []
    const plan = {
      task,
      routers: ['session-affine', 'round-robin'],
      sessions: [2, 5],
      seeds: [3, 4],
      requestsAt: (sessions: number) => 10 * sessions,
    }
    const results = await runKnee(plan, planHere, (share) => done.push(share))
    expect(done).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((points) => points / 8))
    const names = results.map(({ router, sessionsPerReplica, seed }) => `${router} ${sessionsPerReplica} ${seed}`)
    expect(new Set(names).size).toBe(8)
    for (const { scale, router, sessionsPerReplica, seed, arms } of results) {
      const one: PlanTask = {
        ...task,
        seed,
        settings: { ...task.settings, router },
        load: { ...smallClosed, sessionsPerReplica },
        requests: 10 * sessionsPerReplica,
      }
      expect(scale).toBe('target')
      expect(arms).toEqual(await planHere(one))
    }
  })
})
