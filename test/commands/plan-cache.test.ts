import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { claimsNamed } from '../../src/commands/verify/claim-files.ts'
import { asStated, claimPlan } from '../../src/commands/verify/claim-point.ts'
import { cachedPlans, decidedBy } from '../../src/commands/verify/plan-cache.ts'
import type { PlanTask } from '../../src/experiment/sweep/plan-task.ts'
import { plan } from '../../src/worker.ts'

const folder = mkdtempSync(join(tmpdir(), 'memwall-plans-'))
beforeAll(() => vi.stubEnv('XDG_CACHE_HOME', folder))
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

function taskOf(options: Record<string, string>): PlanTask {
  const [claim] = claimsNamed(['weka-4.2x'])
  return { ...claimPlan(claim!, asStated, { 'sessions-per-replica': '6', requests: '40', ...options })!.task }
}

describe('plans that are kept', () => {
  it('are asked for arm by arm, each once', async () => {
    const asked: string[] = []
    const counted = { asked: 0, planned: 0 }
    const run = cachedPlans(
      async (task) => {
        asked.push(task.arms.join())
        return (await plan(task)) as Awaited<ReturnType<ReturnType<typeof cachedPlans>>>
      },
      { onAsked: () => counted.asked++, onPlanned: () => counted.planned++ },
    )
    const task = { ...taskOf({}), arms: ['hbm-only', 'warehouse'] }
    const both = await run(task)
    expect(Object.keys(both)).toEqual(['hbm-only', 'warehouse'])
    // What a link does is nothing to an arm that has none.
    await run({ ...taskOf({ link: '5GB/s,1ms' }), arms: ['hbm-only', 'warehouse'] })
    expect(asked).toEqual(['hbm-only', 'warehouse', 'warehouse'])
    expect(counted).toEqual({ asked: 3, planned: 3 })
    expect(both).toEqual(await plan(task))
  })

  it.each([
    ['hbm-only', { dram: '1 TB', link: '5GB/s,1ms' }],
    ['warehouse', { dram: '1 TB' }],
    ['local-dram', { link: '5GB/s,1ms' }],
  ])('of %s are decided by the memories that it has', async (arm, options) => {
    const [one, other] = [taskOf({}), taskOf(options)].map((task) => ({ ...task, arms: [arm] }))
    expect(one).not.toEqual(other)
    expect(decidedBy(one!)).toEqual(decidedBy(other!))
    expect(await plan(one!)).toEqual(await plan(other!))
  })

  it('of an arm are decided by what it does have', () => {
    const warehouse = [taskOf({}), taskOf({ link: '5GB/s,1ms' })].map((task) =>
      decidedBy({ ...task, arms: ['warehouse'] }),
    )
    expect(warehouse[0]).not.toEqual(warehouse[1])
    const dram = [taskOf({}), taskOf({ dram: '1 TB' })].map((task) => decidedBy({ ...task, arms: ['local-dram'] }))
    expect(dram[0]).not.toEqual(dram[1])
  })
})
