import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Claim, readClaim } from '../../src/claims/claim.ts'
import { drawStages } from '../../src/claims/decide.ts'
import { readPrices } from '../../src/claims/economics/prices.ts'
import type { ClaimResult } from '../../src/claims/result.ts'
import type { ClaimContext } from '../../src/commands/verify/asked-point.ts'
import { claimIds, claimsNamed } from '../../src/commands/verify/claim-files.ts'
import { verifyClaim } from '../../src/commands/verify/verify-claim.ts'
import { notRefused } from '../../src/errors.ts'
import type { PlanTask, RunPlanTask } from '../../src/experiment/sweep/plan-task.ts'
import type { PointFigures } from '../../src/experiment/sweep/point-figures.ts'
import { hashText, seededRandom } from '../../src/random.ts'
import { plan } from '../../src/worker.ts'

/** In place of the planner: figures in closed form, with noise of each draw, so that many points lie near their lines. */
function worldOf(world: number): RunPlanTask {
  return async (task) => Object.fromEntries(task.arms.map((arm) => [arm, figuresOf(world, task, arm)]))
}

const meanTokens = 60_000

function figuresOf(world: number, task: PlanTask, arm: string): PointFigures {
  const { deployment, load, seed } = task
  const sessions = load.kind === 'closed' ? load.sessionsPerReplica : 16
  const random = seededRandom(hashText(`${world} ${seed} ${arm} ${sessions} ${deployment.cost.linearFlopsPerMs}`))
  const noise = Math.exp(0.12 * (random.next() + random.next() + random.next() - 1.5) * 2)
  const fit = deployment.poolTokens / meanTokens
  const dram = deployment.dramBytes / deployment.cost.kvBytesPerToken / meanTokens
  const held = arm === 'hbm-only' ? fit : arm.startsWith('local-dram') ? fit + dram : Number.POSITIVE_INFINITY
  const lost = Math.max(0, 1 - held / sessions) * (task.settings.router === 'round-robin' ? 1.3 : 1)
  const slow = 1e12 / deployment.cost.linearFlopsPerMs
  const rate = (sessions / (1 + sessions / 12) / (1 + 6 * lost * (1 + slow))) * noise
  const late = (arm === 'warehouse' ? 1.02 : 1) * noise
  return {
    tokensPerGpuSecond: rate,
    hitRate: Math.min(0.99, 0.96 * (1 - lost) + 0.01 * (noise - 1)),
    ceilingHitRate: 0.965,
    redundantPrefillOverhead: lost * noise,
    busyShare: 0.9,
    stalledShare: 0,
    starvedShare: Math.max(0, 0.4 - sessions / 10),
    ttftP50Ms: (300 + 900 * lost) * late,
    ttftP95Ms: (900 + 9000 * lost) * late,
    tpotP50Ms: 20 * late,
    tpotP95Ms: (30 + 10 * lost) * late,
  }
}

function contextOf(run: RunPlanTask, quick: boolean): ClaimContext {
  return { run, stages: quick ? drawStages.slice(0, 1) : drawStages, quick, prices: readPrices() }
}

function decided({ curves }: ClaimResult): Map<string, string> {
  const points = curves.flatMap(({ variant, reading, points }) =>
    points.map((point) => [`${variant}, ${reading}, ${point.at}`, point.decided] as const),
  )
  return new Map(points)
}

const folder = mkdtempSync(join(tmpdir(), 'memwall-quick-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A small workload that the real planner plans in no time. */
function smallClaim(metric: string): Claim {
  const path = join(folder, 'small.yaml')
  const lines = [
    'id: small',
    'who: me',
    'where: here',
    'when: 2026',
    'source: none',
    'statement: A warehouse is worth something.',
    'claimed: { text: something, value: 1.2, unit: × }',
    'conditions: { stated: [], left-out: [the load] }',
    'experiment:',
    '  workload: agentic-coding',
    '  params: { conversations: 12, turnsMedian: 8 }',
    '  gpu: b300',
    '  arms: [hbm-only, warehouse]',
    '  sessions-per-replica: 6',
    '  requests: 60',
    'sweep: sessions-per-replica=1,3,6,12',
    `metric: ${metric}`,
  ]
  writeFileSync(path, lines.join('\n'))
  return readClaim(path)
}

/** Quick against full over everything that both asked. */
async function compared(claim: Claim, run: RunPlanTask, where: string): Promise<void> {
  const quick = await verifyClaim(claim, contextOf(run, true), undefined)
  const full = await verifyClaim(claim, contextOf(run, false), undefined)
  if (quick.verdict !== 'undecidedQuick') expect(quick.verdict, where).toBe(full.verdict)
  expect(full.verdict).not.toBe('undecidedQuick')
  const known = decided(full)
  for (const [place, says] of decided(quick)) {
    if (says !== 'undecided') expect(known.get(place), `${where}, ${place}`).toBe(says)
  }
}

describe('a quick look', () => {
  it.each(claimIds())('at %s may say less than the full run, never something else', async (id) => {
    const [claim] = claimsNamed([id])
    // What is drawn over many conditions decides nothing.
    const plain = { ...claim!, analyses: false }
    for (const world of [1, 2, 3]) await compared(plain, worldOf(world), `world ${world}`)
  })

  it('with the real planner says nothing else', async () => {
    const run: RunPlanTask = async (task) => notRefused(await plan(task))
    await compared(smallClaim('0.6 <= arms["hbm-only"].hitRate / arms.warehouse.hitRate <= 0.97'), run, 'planned')
  }, 60_000)

  it('leaves open what one side of a few points cannot say of all', async () => {
    const [claim] = claimsNamed(['rival-more-gpus'])
    const quick = await verifyClaim(claim!, contextOf(worldOf(1), true), undefined)
    expect(quick.curves[0]!.points.map(({ at }) => at)).toEqual(['1', '12', '24'])
    if (quick.verdict === 'undecidedQuick')
      expect(quick.summary).toMatch(/^Undecided \(quick\): .*the full run tries 9/)
  })
})
