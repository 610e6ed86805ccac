import { describe, expect, it } from 'vitest'
import type { Stage } from '../../../src/commands/progress/stage.ts'
import { expectedStages } from '../../../src/commands/run/expected-stages.ts'
import { prepareExperiment, runExperiment } from '../../../src/commands/run/experiment.ts'
import { checkFlags } from '../../../src/commands/run/experiment-file.ts'
import { fullDeployment } from '../../../src/commands/run/run-context.ts'
import { openThreads } from '../../../src/commands/run/threads.ts'

/** Any file: of the trace nothing is read. */
const trace = import.meta.filename
const small = { backend: 'model', gpus: '2', sessionsPerReplica: '4', seeds: '2', requests: '20' }

async function stagesOf(flags: Record<string, unknown>): Promise<Stage[]> {
  const prepared = await prepareExperiment(checkFlags(flags))
  return expectedStages(prepared, [fullDeployment(prepared.settings)], 2)
}

describe('what a run will plan', () => {
  it('is known before it starts: the counts are those of the run itself', async () => {
    const flags = { ...small, sweep: 'dram=64GB,256GB' }
    const stages = await stagesOf(flags)
    const steps = new Map<string, number>()
    const threads = openThreads(new AbortController().signal)
    const show = (step: string): void => {
      const [, name, done] = /^(.*), (\d+) of \d+ plans$/.exec(step) ?? [undefined, step, '0']
      steps.set(name!, Math.max(steps.get(name!) ?? 0, Number(done)))
    }
    try {
      const prepared = await prepareExperiment(checkFlags(flags))
      await runExperiment(prepared, { threads, signal: new AbortController().signal, progress: { show } })
    } finally {
      await threads.close()
    }
    const expected = stages.map(({ name, plans }) => [name, plans])
    expect([...steps]).toEqual(expected)
    expect(expected).toContainEqual(['planning the sweep', 4])
  })

  it('counts every load of a sweep of the load, with each draw', async () => {
    const stages = await stagesOf({ ...small, sweep: 'sessions-per-replica=1,2,3', arms: 'hbm-only,warehouse' })
    const knee = stages.find(({ name }) => name === 'planning the knee')!
    // The run's own load stands on it as well.
    expect(knee.plans).toBe(4 * 2)
    expect(knee.work).toBeGreaterThan(0)
  })

  it('knows a backlog by its options, before the trace is read', async () => {
    const stages = await stagesOf({ ...small, sessionsPerReplica: undefined, trace, inFlightPerReplica: '4' })
    expect(stages.map(({ name }) => name)).toContain('planning the answer')
    expect(stages.find(({ name }) => name === 'planning the knee')?.plans ?? 0).toBe(0)
  })

  it('is measured by its budget', async () => {
    const stages = await stagesOf({ budget: '30s' })
    expect(stages.find(({ name }) => name === 'measuring')).toMatchObject({ budgetMs: 30_000 })
    expect(stages.map(({ name }) => name)).toContain('planning the target beside the mock')
  })
})
