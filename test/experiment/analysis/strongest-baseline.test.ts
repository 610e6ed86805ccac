import { describe, expect, it } from 'vitest'
import { type FreeChoices, strongestBaseline } from '../../../src/experiment/analysis/strongest-baseline.ts'
import type { PlanFigures, PlanTask } from '../../../src/experiment/sweep/plan-task.ts'
import { admissions } from '../../../src/plan/admission/registry.ts'
import { routers } from '../../../src/plan/router/registry.ts'
import { planHere, smallClosed, smallTask } from '../small-task.ts'

const own = smallTask({}, { replicas: 3 })
const choices: FreeChoices = {
  routers: ['session-affine', 'least-loaded', 'prefix-aware', 'round-robin'],
  admissions: ['fcfs', 'longest-prefix-first'],
  policies: ['lru'],
  loads: [],
}

/** A plan whose every figure is the throughput that `rate` gives. */
function planAs(rate: (task: PlanTask, arm: string) => number): (task: PlanTask) => Promise<PlanFigures> {
  return async (task) =>
    Object.fromEntries(
      task.arms.map((arm) => [
        arm,
        {
          tokensPerGpuSecond: rate(task, arm),
          hitRate: 0,
          ceilingHitRate: 0,
          redundantPrefillOverhead: 0,
          busyShare: 1,
          stalledShare: 0,
          starvedShare: 0,
          ttftP50Ms: null,
          ttftP95Ms: null,
          tpotP50Ms: null,
          tpotP95Ms: null,
        },
      ]),
    )
}

describe('the strongest free baseline', () => {
  it('is the best of all combinations, planned one by one', async () => {
    const seeds = [1, 2]
    const found = await strongestBaseline(own, choices, seeds, planHere)
    const tried: { name: string; rate: number }[] = []
    for (const { name: router } of routers) {
      for (const { name: admission } of admissions) {
        for (const arm of ['hbm-only', 'local-dram']) {
          let rate = 0
          for (const seed of seeds) {
            const figures = await planHere({
              ...own,
              seed,
              arms: [arm],
              settings: { ...own.settings, router, admission },
            })
            rate += figures[arm]!.tokensPerGpuSecond / seeds.length
          }
          tried.push({ name: `${router} ${admission} ${arm}`, rate })
        }
      }
    }
    const best = tried.reduce((a, b) => (b.rate > a.rate ? b : a))
    expect(`${found.router} ${found.admission} ${found.arm}`).toBe(best.name)
    expect(found.figures.tokensPerGpuSecond).toBeCloseTo(best.rate, 9)
    expect(found.limit).toBeNull()
    expect(found.tried).toBe(tried.length)
    const asIs = tried.find(({ name }) => name === 'session-affine fcfs hbm-only')!
    expect(found.arms['hbm-only']!.tokensPerGpuSecond).toBeCloseTo(asIs.rate, 9)
    expect(found.figures.tokensPerGpuSecond).toBeGreaterThanOrEqual(asIs.rate)
  })

  it('is limited in load where it would thrash', async () => {
    const thrashing = { ...own, load: { ...smallClosed, sessionsPerReplica: 24 } }
    const found = await strongestBaseline(thrashing, { ...choices, loads: [4, 8] }, [1], planHere)
    expect([4, 8]).toContain(found.limit)
    const { router, admission, arm, limit } = found
    const load = { ...smallClosed, sessionsPerReplica: limit! }
    const again = await planHere({ ...thrashing, load, arms: [arm], settings: { ...own.settings, router, admission } })
    expect(found.figures.tokensPerGpuSecond).toBe(again[arm]!.tokensPerGpuSecond)
    expect(found.figures.tokensPerGpuSecond).toBeGreaterThan(1.1 * found.arms['hbm-only']!.tokensPerGpuSecond)
  })

  it('limits the load of the best combination only, and tries that with both memories', async () => {
    const loads: string[] = []
    const found = await strongestBaseline(
      own,
      { ...choices, loads: [2, 5] },
      [1],
      planAs(({ settings, load }, arm) => {
        const { router, admission } = settings
        const sessions = load.kind === 'closed' ? load.sessionsPerReplica : 0
        if (sessions !== 10) loads.push(`${sessions} ${router} ${admission}`)
        const isBest = router === 'least-loaded' && admission === 'longest-prefix-first'
        return (isBest ? 20 : 10) + (sessions === 5 ? 7 : 0) + (arm === 'local-dram' ? 1 : 0)
      }),
    )
    expect(found).toMatchObject({
      router: 'least-loaded',
      admission: 'longest-prefix-first',
      arm: 'local-dram',
      limit: 5,
    })
    expect(found.figures.tokensPerGpuSecond).toBe(28)
    expect([...new Set(loads)].sort()).toEqual([2, 5].map((limit) => `${limit} least-loaded longest-prefix-first`))
    expect(found.tried).toBe(4 * 2 * 2 + 2 * 2)
  })

  it('of equals is the run’s own choice, without DRAM or limit', async () => {
    const found = await strongestBaseline(
      own,
      { ...choices, loads: [2] },
      [1],
      planAs(() => 5),
    )
    expect(found).toMatchObject({
      arm: 'hbm-only',
      router: 'session-affine',
      admission: 'fcfs',
      policy: 'lru',
      limit: null,
    })
  })

  it('takes means over seeds, and limits a backlog by what is in flight', async () => {
    const backlog = { ...own, load: { kind: 'backlog', inFlightPerReplica: 8 } as const }
    const found = await strongestBaseline(
      backlog,
      { ...choices, loads: [4, 2] },
      [1, 2],
      planAs(({ seed, load }, arm) => {
        const inFlight = load.kind === 'backlog' ? load.inFlightPerReplica : Number.NaN
        // Local DRAM is best with the first seed and worst over both.
        return (arm === 'local-dram' ? (seed === 1 ? 100 : 0) : 60) / inFlight
      }),
    )
    expect(found).toMatchObject({ arm: 'hbm-only', limit: 2, figures: { tokensPerGpuSecond: 30 } })
  })
})
