import { describe, expect, it } from 'vitest'
import { checkFlags } from '../../../src/commands/run/experiment-file.ts'
import { besideSeeds, kneePlan, kneeRequests, runTask } from '../../../src/commands/run/plan-tasks.ts'
import { fullDeployment } from '../../../src/commands/run/run-context.ts'
import { type Settings, settingsOf } from '../../../src/commands/run/settings.ts'
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

  it('is planned over five draws, fewer where fewer are asked for, and one where nothing is drawn', () => {
    expect(besideSeeds(settings({ seed: '5', seeds: '2' }), 'closed')).toEqual([5, 1_000_008])
    expect(besideSeeds(settings({ seeds: '40' }), 'closed')).toHaveLength(5)
    expect(besideSeeds(settings({ seeds: '4' }), 'backlog')).toEqual([1])
  })
})

describe('the plan of a knee', () => {
  it('has the run’s own router, or the one that stands beside it', () => {
    const own = settings({ router: 'prefix-aware' })
    expect(kneePlan(own, fullDeployment(own), [1], [1]).routers).toEqual(['prefix-aware'])
    expect(kneePlan(own, fullDeployment(own), [1], [1], 'round-robin').routers).toEqual(['round-robin'])
  })

  it('has twenty requests for every seat and five hundred at least, or what is asked for', () => {
    const own = settings({ gpus: '10' })
    const { requestsAt, seeds } = kneePlan(own, fullDeployment(own), [1, 32], [1, 2, 3])
    expect([requestsAt(1), requestsAt(4), requestsAt(32)]).toEqual([500, 800, 6400])
    expect(seeds).toEqual([1, 2, 3])
    const asked = settings({ gpus: '10', requests: '77', sweep: 'sessions-per-replica=1,2' })
    expect(kneeRequests(asked, 320)).toBe(77)
  })
})
