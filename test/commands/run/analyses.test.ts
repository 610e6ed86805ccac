import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { analyse, drawKnee } from '../../../src/commands/run/analyses.ts'
import { checkFlags } from '../../../src/commands/run/experiment-file.ts'
import { fullDeployment } from '../../../src/commands/run/run-context.ts'
import type { RunFigures } from '../../../src/commands/run/run-figures.ts'
import { settingsOf } from '../../../src/commands/run/settings.ts'
import type { PlanFigures, PlanTask } from '../../../src/experiment/sweep/plan-task.ts'
import type { Load } from '../../../src/plan/plan-input.ts'

/** Throughput of the baseline falls from two sessions on; everything else has one more. */
function planAs(tasks: PlanTask[]): (task: PlanTask) => Promise<PlanFigures> {
  return async (task) => {
    tasks.push(task)
    const { load } = task
    const sessions =
      load.kind === 'closed' ? load.sessionsPerReplica : load.kind === 'backlog' ? load.inFlightPerReplica : 1
    const figures = (rate: number) => ({
      tokensPerGpuSecond: rate,
      hitRate: 0,
      ceilingHitRate: 0,
      redundantPrefillOverhead: 0,
      busyShare: 1,
      stalledShare: 0,
      starvedShare: 0,
      ttftP50Ms: null,
      ttftP95Ms: 100 * sessions,
      tpotP50Ms: null,
      tpotP95Ms: 10,
    })
    const rate = sessions === 1 ? 5 : 20 / sessions
    return Object.fromEntries(task.arms.map((arm) => [arm, figures(arm === 'hbm-only' ? rate : rate + 1)]))
  }
}

/** Any file: of the trace only its length is asked. */
const trace = fileURLToPath(import.meta.url)
const traceRequests = 100

async function analysed(flags: Record<string, unknown>, load: Load, requests: number | undefined = 40) {
  const options = checkFlags({ backend: 'model', ...flags })
  const settings = settingsOf(options)
  const deployment = fullDeployment(settings)
  const tasks: PlanTask[] = []
  const run = planAs(tasks)
  const knee =
    load.kind === 'closed' ? await drawKnee(settings, [deployment], run, () => undefined) : { knee: [], kneeSeeds: 0 }
  tasks.length = 0
  const parts: string[] = []
  const workload = { pool: { conversations: { length: traceRequests } } }
  const figures = { load, deployment, requests, workload } as unknown as RunFigures
  return { ...(await analyse(options, settings, figures, knee, run, (part) => parts.push(part))), tasks, parts }
}

function closed(sessionsPerReplica: number): Load {
  return { kind: 'closed', seats: 2 * sessionsPerReplica, start: 'warm', timeScale: 1, thinkCapMs: 300_000 }
}

describe('what is planned beside a run', () => {
  it('draws a knee with the run’s own load on it, of five draws unless told otherwise', async () => {
    const settings = settingsOf(checkFlags({ backend: 'model', sessionsPerReplica: '5' }))
    const tasks: PlanTask[] = []
    const { knee, kneeSeeds } = await drawKnee(settings, [fullDeployment(settings)], planAs(tasks), () => undefined)
    const loads = [...new Set(knee.map(({ sessionsPerReplica }) => sessionsPerReplica))].sort((a, b) => a - b)
    expect(loads).toEqual([1, 2, 4, 5, 8, 16, 32])
    expect(kneeSeeds).toBe(5)
    expect(tasks).toHaveLength(5 * 7)
  })

  it('tries to limit the load to the three lower ones at which the baseline does best', async () => {
    const { strongest, tasks } = await analysed({ sessionsPerReplica: '32' }, closed(32))
    const limits = new Set(
      tasks.map(({ load, arms }) =>
        load.kind === 'closed' && arms.length === 2 ? load.sessionsPerReplica : undefined,
      ),
    )
    // 5, 10, 5, 2.5 and 1.25 at 1, 2, 4, 8 and 16: of 1 and 4, which are equal, both are there.
    expect([...limits].filter((limit) => limit !== undefined && limit < 32).sort()).toEqual([1, 2, 4])
    expect(strongest).toMatchObject({ limit: 2, figures: { tokensPerGpuSecond: 11 }, arm: 'local-dram' })
  })

  it('tries no load that is not lower than the run’s', async () => {
    const { strongest } = await analysed({ sessionsPerReplica: '2' }, closed(2))
    // Four routers, two orders of admission and two memories; two more policies, then one limit, with two memories.
    expect(strongest!.tried).toBe(4 * 2 * 2 + 2 * 2 + 2)
  })

  it('has no limit to try below one session', async () => {
    const { strongest } = await analysed({ sessionsPerReplica: '1' }, closed(1))
    expect(strongest!.limit).toBeNull()
  })

  it('halves a backlog, and has no other ways of replaying it', async () => {
    const load: Load = { kind: 'backlog', inFlightPerReplica: 16 }
    const { strongest, alternatives, seedsOfAnalyses, tasks } = await analysed(
      { trace, inFlightPerReplica: '16' },
      load,
      80,
    )
    const tried = new Set(tasks.map((task) => task.load.kind === 'backlog' && task.load.inFlightPerReplica))
    expect([...tried]).toEqual([16, 8, 4, 2])
    // No more than the trace has after the 32 that settle.
    expect(new Set(tasks.map(({ requests }) => requests))).toEqual(new Set([traceRequests - 32]))
    const short = await analysed({ trace, inFlightPerReplica: '16' }, load, 40)
    expect(new Set(short.tasks.map(({ requests }) => requests))).toEqual(new Set([40]))
    expect(strongest!.limit).toBe(2)
    expect(alternatives).toEqual([])
    expect(seedsOfAnalyses).toBe(1)
  })

  it('leaves out what needs an arm that the run does not have', async () => {
    const { strongest, attribution, alternatives } = await analysed({ arms: 'warehouse,infinite-cache' }, closed(8))
    expect([strongest, attribution, alternatives]).toEqual([undefined, undefined, []])
    const other = await analysed({ arms: 'hbm-only,local-dram' }, closed(8))
    expect(other.attribution).toBeUndefined()
    expect(other.strongest).toBeDefined()
  })
})
