import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readPrices } from '../../src/claims/economics/prices.ts'
import type { ClaimContext } from '../../src/commands/verify/asked-point.ts'
import { type BuyerDeployment, readDeployment } from '../../src/commands/verify/buyer/deployment-file.ts'
import { claimThere } from '../../src/commands/verify/buyer/there.ts'
import { claimIds, claimsNamed } from '../../src/commands/verify/claim-files.ts'
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
    stages: [4],
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
    expect(deployment('dram: 256 GB a GPU').baseline).toBe('local-dram')
  })

  it('has sizes and speeds of a host or of a GPU, in bits or in bytes', () => {
    const options = (text: string) => deployment(text).options
    expect(options('dram: 2 TB a host').dram).toBe('250 GB')
    expect(options('dram: 2 TB a host\ngpus-per-host: 4').dram).toBe('500 GB')
    expect(options('dram: 256 GB per GPU').dram).toBe('256 GB')
    expect(options('link-speed: 200 Gb/s a host').link).toBe('3.125GB/s,0.5ms')
    expect(options('link-speed: 25 GB/s a host').link).toBe('3.125GB/s,0.5ms')
    expect(options('link-speed: 400 Gbps a GPU').link).toBe('50GB/s,0.5ms')
  })

  it.each([
    ['dram: 2 TB', /mine.yaml dram: "2 TB" does not say of what. Write "2 TB a host" or "2 TB a GPU"/],
    ['link-speed: 25 GB/s', /mine.yaml link-speed: "25 GB\/s" does not say of what/],
    ['link-speed: 25 gb/s a host', /mine.yaml link-speed: .*bits as "200 Gb\/s"/],
    ['dram: 2 tb a host', /mine.yaml dram: .*which byte/],
    ['count: 64', /mine.yaml count: unknown key. Did you mean "gpus"/],
    ['gpus: 3\ntp: 2', /mine.yaml gpus: 3 GPUs are no whole number of groups of 2. Give 2 or 4/],
    ['link-latency: soon', /mine.yaml link-latency: /],
    ['kv: fp3', /mine.yaml kv: /],
  ])('with %s is refused with the file and the key', (text, message) => {
    expect(() => deployment(text)).toThrow(message)
    expect(() => deployment(text)).not.toThrow(/--/)
  })

  it('with a context has a workload of that mean prompt, and says how it came about', async () => {
    const tasks: PlanTask[] = []
    const [claim] = claimsNamed(['weka-4.2x'])
    const there = await claimThere(
      claim!,
      deployment('context: 60000\nsessions-per-replica: 3'),
      readPrices(),
      contextOf(tasks),
    )
    expect(there.assumed.at(-1)).toMatch(
      /^prompts scaled by 0.6\d+ to your mean of 60,000 tokens, outputs as they are$/,
    )
    expect(tasks[0]!.deployment.workloadScale.tokenScale).toBeCloseTo(0.63, 1)
    expect(tasks[0]!.deployment.contextTokens).toBe(60_000)
    await expect(claimThere(claim!, deployment('context: 130000'), readPrices(), contextOf([]))).rejects.toThrow(
      /mine.yaml context: prompts of weka-4.2x cannot be scaled to a mean of 130,000 tokens/,
    )
  })

  it('says why a claim does not hold there', async () => {
    const [gain, hits] = claimsNamed(['weka-4.2x', 'weka-hit-rate'])
    const few = deployment('gpu: h100-sxm\ntp: 8\nsessions-per-replica: 2')
    const none = await claimThere(gain!, few, readPrices(), contextOf([]))
    expect(none).toMatchObject({
      holds: false,
      reason: expect.stringMatching(/^[\d.]+ contexts fit, 2 are live: nothing is evicted$/),
    })
    const low = await claimThere(hits!, few, readPrices(), contextOf([]))
    expect(low.reason).toMatch(/ceiling is 96.0 %/)
  })

  it('names a price of a GPU that is none', () => {
    expect(() => deployment('prices: { gpuHourUsd: { nosuch: { low: 1, value: 2, high: 3 } } }')).toThrow(/nosuch/)
  })
})
