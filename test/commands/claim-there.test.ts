import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readPrices } from '../../src/claims/economics/prices.ts'
import type { ClaimContext } from '../../src/commands/verify/claim-curves.ts'
import { claimIds, claimsNamed } from '../../src/commands/verify/claim-files.ts'
import { claimThere } from '../../src/commands/verify/claim-there.ts'
import { type BuyerDeployment, readDeployment } from '../../src/commands/verify/deployment-file.ts'
import type { PlanTask } from '../../src/experiment/sweep/plan-task.ts'
import type { PointFigures } from '../../src/experiment/sweep/point-figures.ts'

const folder = mkdtempSync(join(tmpdir(), 'memwall-there-'))
afterAll(() => rmSync(folder, { recursive: true }))

function deployment(text: string): BuyerDeployment {
  const path = join(folder, 'mine.yaml')
  writeFileSync(path, text)
  return readDeployment(path)
}

const figures: PointFigures = {
  tokensPerGpuSecond: 10,
  hitRate: 0.9,
  ceilingHitRate: 0.96,
  redundantPrefillOverhead: 0.4,
  busyShare: 1,
  stalledShare: 0,
  starvedShare: 0,
  ttftP50Ms: 500,
  ttftP95Ms: 900,
  tpotP50Ms: 20,
  tpotP95Ms: 30,
}

/** What is planned is not looked at here: every arm does the same. */
function contextOf(tasks: PlanTask[]): ClaimContext {
  return {
    run: async (task) => {
      tasks.push(task)
      return Object.fromEntries(task.arms.map((arm) => [arm, figures]))
    },
    seeds: [1],
    quick: true,
    prices: readPrices(),
  }
}

describe('a deployment', () => {
  it.each(claimIds())('of which nothing is said can be asked about %s', async (id) => {
    const [claim] = claimsNamed([id])
    if (claim!.metric === undefined) return
    const tasks: PlanTask[] = []
    const there = await claimThere(claim!, deployment('{}'), readPrices(), contextOf(tasks))
    expect(there.assumed).toContain('gpu: b300')
    // What is told as assumed is what is planned, whatever the claim's own experiment says.
    for (const { deployment: planned } of tasks) expect(planned.gpusPerReplica).toBe(1)
  })

  it('without a price of its GPU leaves figures of money open and ends nothing', async () => {
    const [claim] = claimsNamed(['weka-cached-price'])
    const there = await claimThere(claim!, deployment('gpu: h20\ntp: 4'), readPrices(), contextOf([]))
    expect(there).toMatchObject({ holds: null, measured: null, usdPerDay: null })
  })

  it('with host DRAM of none is one without', () => {
    expect(deployment('dram: none').baseline).toBe('hbm-only')
    expect(deployment('dram: 256 GB').baseline).toBe('local-dram')
  })

  it('names a price of a GPU that is none', () => {
    expect(() => deployment('prices: { gpuHourUsd: { nosuch: { low: 1, value: 2, high: 3 } } }')).toThrow(/nosuch/)
  })
})
