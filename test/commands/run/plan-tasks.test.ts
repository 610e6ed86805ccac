import { describe, expect, it } from 'vitest'
import { kneePlans } from '../../../src/commands/run/analyses.ts'
import { checkFlags } from '../../../src/commands/run/experiment-file.ts'
import {
  besideSeeds,
  kneePlan,
  kneeRequests,
  onFewReplicas,
  onReplicas,
  runTask,
} from '../../../src/commands/run/plan-tasks.ts'
import { fullDeployment } from '../../../src/commands/run/run-context.ts'
import { type Settings, settingsOf } from '../../../src/commands/run/settings.ts'
import { drawSeeds } from '../../../src/experiment/draws/window.ts'
import { loadOfTask } from '../../../src/experiment/sweep/plan-task.ts'
import type { LoadedWorkload } from '../../../src/experiment/workload-source.ts'
import type { Load } from '../../../src/plan/plan-input.ts'

function settings(flags: Record<string, unknown>): Settings {
  return settingsOf(checkFlags({ backend: 'model', ...flags }))
}

const arrivalsMs = Float64Array.of(0, 5, 9)
const workload = { arrivalsMs } as unknown as LoadedWorkload

describe('a run as something that any thread can plan', () => {
  const own = settings({ gpu: 'h100-sxm', tp: '8', gpus: '32', admission: 'longest-prefix-first', timeScale: '0.5' })
  const deployment = fullDeployment(own)

  it.each<[string, Load]>([
    ['a closed loop', { kind: 'closed', seats: 24, start: 'cold', timeScale: 0.5, thinkCapMs: 7, clock: 'think' }],
    ['a backlog', { kind: 'backlog', inFlightPerReplica: 16 }],
    ['a trace by timestamp', { kind: 'timed', arrivalsMs, timeScale: 0.5 }],
  ])('comes back as what it was: %s', (_title, load) => {
    const task = runTask(own, deployment, load, 99)
    expect(loadOfTask(task.load, 4, deployment.timeScale, workload)).toEqual(load)
    expect(task).toMatchObject({ requests: 99, seed: 1, settings: { replicas: 4, admission: 'longest-prefix-first' } })
    expect(structuredClone(task)).toEqual(task)
  })

  it('is planned over the first draws of the answer: five, fewer where fewer are asked for, one where nothing is drawn', () => {
    const answer = drawSeeds(5, 20)
    expect(besideSeeds(settings({ seed: '5' }), 'closed')).toEqual(answer.slice(0, 5))
    expect(besideSeeds(settings({ seed: '5', seeds: '40' }), 'closed')).toEqual(answer.slice(0, 5))
    expect(besideSeeds(settings({ seed: '5', seeds: '2' }), 'closed')).toEqual(answer.slice(0, 2))
    expect(besideSeeds(settings({ seed: '5', seeds: '4' }), 'backlog')).toEqual([5])
    expect(besideSeeds(settings({ seed: '5', seeds: '4' }), 'timed')).toEqual([5])
  })

  it('is planned on few replicas where each is on its own, with as many seats on each', () => {
    const large = settings({ gpus: '100' })
    const few = onFewReplicas(large, fullDeployment(large))
    // Whole hosts of the link, 8 GPUs each.
    expect(few.replicas).toBe(8)
    const load: Load = { kind: 'closed', seats: 800, start: 'warm', timeScale: 1, thinkCapMs: 1 }
    expect(onReplicas(load, 100, few.replicas)).toEqual({ ...load, seats: 64 })
    const shared = settings({ gpus: '100', router: 'round-robin' })
    expect(onFewReplicas(shared, fullDeployment(shared)).replicas).toBe(100)
    const backlog: Load = { kind: 'backlog', inFlightPerReplica: 2 }
    expect(onReplicas(backlog, 100, 4)).toEqual(backlog)
  })
})

describe('the plan of a knee', () => {
  it('has the run’s own router, or the one that is asked for', () => {
    const own = settings({ router: 'prefix-aware' })
    expect(kneePlan(own, fullDeployment(own), [1], [1]).routers).toEqual(['prefix-aware'])
    expect(kneePlan(own, fullDeployment(own), [1], [1], 'round-robin').routers).toEqual(['round-robin'])
  })

  it('has round-robin beside it in the default experiment, at its own load only', () => {
    const standard = settings({ backend: 'wasm' })
    expect(standard.isDefaultExperiment).toBe(true)
    const { plans } = kneePlans(standard, [fullDeployment(standard)])
    expect(plans.map(({ routers }) => routers)).toEqual([['session-affine'], ['round-robin']])
    expect(plans[0]!.sessions.length).toBeGreaterThan(5)
    expect(plans[1]!.sessions).toEqual([8])
    const other = settings({ router: 'prefix-aware' })
    expect(kneePlans(other, [fullDeployment(other)]).plans.map(({ routers }) => routers)).toEqual([['prefix-aware']])
  })

  it('draws the second deployment, the target of a measured run, more coarsely', () => {
    const standard = settings({ backend: 'wasm' })
    const full = fullDeployment(standard)
    const [own, target] = kneePlans(standard, [full, full]).plans
    expect(target!.sessions.length).toBeLessThan(own!.sessions.length)
    expect(target!.sessions).toContain(8)
  })

  it('has the first draws of the answer, or as many as are asked for with a sweep of the load', () => {
    const seedsOf = (flags: Record<string, unknown>): readonly number[] => {
      const own = settings(flags)
      const { plans, kneeSeeds } = kneePlans(own, [fullDeployment(own)])
      expect(kneeSeeds).toBe(plans[0]!.seeds.length)
      return plans[0]!.seeds
    }
    expect(seedsOf({})).toEqual(drawSeeds(1, 5))
    expect(seedsOf({ seeds: '9' })).toEqual(drawSeeds(1, 5))
    expect(seedsOf({ seeds: '9', sweep: 'sessions-per-replica=1,2' })).toEqual(drawSeeds(1, 9))
    expect(seedsOf({ seeds: '1', sweep: 'sessions-per-replica=1,2' })).toEqual([1])
  })

  it('has enough requests for every seat, or what is asked for', () => {
    const own = settings({ gpus: '10' })
    const { requestsAt, seeds } = kneePlan(own, fullDeployment(own), [1, 32], [1, 2, 3])
    expect(seeds).toEqual([1, 2, 3])
    expect([requestsAt(1), requestsAt(4), requestsAt(32)]).toEqual([500, 800, 6400])
    expect(kneeRequests(own, 320)).toBe(6400)
    const asked = settings({ gpus: '10', requests: '77', sweep: 'sessions-per-replica=1,2' })
    expect(kneePlan(asked, fullDeployment(asked), [1], [1]).requestsAt(32)).toBe(77)
  })
})
