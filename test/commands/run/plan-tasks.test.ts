import { describe, expect, it } from 'vitest'
import { checkFlags } from '../../../src/commands/run/experiment-file.ts'
import { analysisRequests, analysisSeeds, kneePlan, runTask } from '../../../src/commands/run/plan-tasks.ts'
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

  it('is planned with three seeds, more where more are asked for, and one where nothing is drawn', () => {
    const closed: Load = { kind: 'closed', seats: 4, start: 'warm', timeScale: 1, thinkCapMs: 1 }
    expect(analysisSeeds(settings({ seed: '5', seeds: '1' }), closed)).toEqual([5, 6, 7])
    expect(analysisSeeds(settings({ seeds: '4' }), closed)).toEqual([1, 2, 3, 4])
    expect(analysisSeeds(settings({ seeds: '4' }), { kind: 'backlog', inFlightPerReplica: 2 })).toEqual([1])
  })

  it('has requests for every seat twice', () => {
    expect([analysisRequests(40, 20), analysisRequests(40, 200), analysisRequests(undefined, 200)]).toEqual([
      150,
      400,
      undefined,
    ])
  })
})

describe('the plan of a knee', () => {
  it('has round-robin beside the run’s router in the default experiment, and only there', () => {
    const standard = settings({ backend: 'wasm' })
    const routersOf = (of: Settings): readonly string[] => kneePlan(of, fullDeployment(of), [1], 1).routers
    expect(standard.isDefaultExperiment).toBe(true)
    expect(routersOf(standard)).toEqual(['session-affine', 'round-robin'])
    expect(routersOf(settings({ router: 'prefix-aware' }))).toEqual(['prefix-aware'])
  })

  it('has a request for every seat at least, or what is asked for', () => {
    const own = settings({ gpus: '10' })
    const { requestsAt, seeds } = kneePlan(own, fullDeployment(own), [1, 32], 3)
    expect([requestsAt(4), requestsAt(32)]).toEqual([320, 320])
    expect(kneePlan(own, fullDeployment(own), [1, 4], 3).requestsAt(1)).toBe(150)
    expect(seeds).toEqual([1, 2, 3])
    const asked = settings({ gpus: '10', requests: '77', sweep: 'sessions-per-replica=1,2' })
    expect(kneePlan(asked, fullDeployment(asked), [1], 1).requestsAt(32)).toBe(77)
  })
})
