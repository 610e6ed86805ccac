import { setMaxListeners } from 'node:events'
import { join } from 'node:path'
import type { Claim } from '../claims/claim.ts'
import { readPrices, withOwnPrices } from '../claims/economics/prices.ts'
import { failsRequirement } from '../claims/required.ts'
import type { ClaimResult, ClaimsReport } from '../claims/result.ts'
import { exitCodes } from '../errors.ts'
import { renderClaimsJson } from '../report/claims/json.ts'
import { renderClaimsTerminal } from '../report/claims/terminal.ts'
import { rangeText } from '../report/claims/words/value.ts'
import { writeClaims } from '../report/claims/write.ts'
import { makeFolder, refuseUnwritable } from './run/out-folder.ts'
import { openProgress, type ProgressLine } from './run/progress.ts'
import { defaults } from './run/settings.ts'
import { openThreads, type Threads } from './run/threads.ts'
import { askPoint, type ClaimContext } from './verify/claim-curves.ts'
import { claimsNamed } from './verify/claim-files.ts'
import { type MeasuredPoint, measuredPoint } from './verify/claim-measured.ts'
import { pairsOf } from './verify/claim-pairs.ts'
import { asStated } from './verify/claim-point.ts'
import { type BuyerDeployment, readDeployment } from './verify/deployment-file.ts'
import { cachedPlans } from './verify/plan-cache.ts'
import { refuseClaim } from './verify/refuse-claim.ts'
import { verifyClaim } from './verify/verify-claim.ts'

/** Options of `verify` as the command line gives them. */
export interface VerifyOptions {
  readonly quick?: boolean
  readonly json?: boolean
  readonly out?: string
  readonly deployment?: string
  readonly measured?: boolean
}

const seeds = [1, 2, 3]

/** Puts claims on trial, writes the verdicts and prints them. Returns the exit code. */
export async function verify(names: readonly string[], options: VerifyOptions): Promise<number> {
  const claims = claimsNamed(names)
  for (const claim of claims) refuseClaim(claim)
  const buyer = options.deployment === undefined ? undefined : readDeployment(options.deployment)
  const out = options.out ?? defaults.out
  refuseUnwritable('--out', out)
  const abort = new AbortController()
  setMaxListeners(0, abort.signal)
  const threads = openThreads(abort.signal)
  const progress = openProgress()
  try {
    const prices = withOwnPrices(readPrices(), buyer?.prices ?? {})
    const quick = options.quick === true
    const counted = { points: 0, claims: 0 }
    const show = (): void => {
      const { points, claims: judged } = counted
      progress.show(`${points} points planned, ${judged} of ${claims.length} claims judged`, judged / claims.length)
    }
    const context: ClaimContext = {
      run: cachedPlans(threads.plan, () => {
        counted.points++
        show()
      }),
      seeds: quick ? seeds.slice(0, 1) : seeds,
      quick,
      prices,
    }
    const planned = await trial(claims, context, buyer, () => {
      counted.claims++
      show()
    })
    const report =
      options.measured === true ? await withTensors(planned, claims, threads, abort.signal, progress) : planned
    progress.stop()
    makeFolder(out)
    writeClaims(out, report)
    print(report, options.json === true, join(out, 'claims.html'))
    return report.claims.some(failsRequirement) ? exitCodes.failed : exitCodes.done
  } finally {
    progress.stop()
    await threads.close()
  }
}

async function trial(
  claims: readonly Claim[],
  context: ClaimContext,
  buyer: BuyerDeployment | undefined,
  onClaim: () => void,
): Promise<ClaimsReport> {
  const started = performance.now()
  const results = await Promise.all(
    claims.map(async (claim) => {
      const result = await verifyClaim(claim, context, buyer)
      onClaim()
      return result
    }),
  )
  return {
    schemaVersion: 1,
    createdAt: new Date().toISOString(),
    claims: results,
    pairs: pairsOf(results, await baselineHitRates(claims, results, context)),
    deployment: buyer === undefined ? null : { text: buyer.text, assumed: buyer.assumed },
    seconds: (performance.now() - started) / 1000,
    quick: context.quick,
  }
}

/** The headline claims once more with real tensors, one after the other. */
async function withTensors(
  report: ClaimsReport,
  claims: readonly Claim[],
  threads: Threads,
  signal: AbortSignal,
  progress: ProgressLine,
): Promise<ClaimsReport> {
  const results: ClaimResult[] = []
  for (const result of report.claims) {
    const claim = claims.find(({ id }) => id === result.id)!
    const measured = claim.headline ? await measuredPoint(claim, threads, signal, progress) : undefined
    results.push(measured === undefined ? result : withMeasured(result, measured))
  }
  return { ...report, claims: results }
}

/** The verdict stays the plan's, for the target; beside it stands what the mock gave. Its times are its own and say nothing of the target's. */
function withMeasured(result: ClaimResult, { point, problems }: MeasuredPoint): ClaimResult {
  const { measured, note: why } = point
  const { unit } = result.claimed
  const told = measured === null || unit === 'ms' ? '' : `: ${rangeText(measured, unit)}`
  const interval = measured !== null && measured.low < measured.high ? ', 95 % interval of timing' : ''
  const note = `With real tensors, on mock GPUs of this machine at the claim’s own load${told}${interval}. ${saidThere[point.decided]}${why === '' ? '' : ` (${why})`}. The verdict is that of the plans.`
  const figures = told === '' ? [] : [{ name: 'with real tensors, on the mock', value: measured!.value, unit }]
  return { ...result, figures: [...result.figures, ...figures], notes: [...result.notes, note, ...problems] }
}

const saidThere = {
  true: 'The condition holds there',
  false: 'The condition does not hold there',
  undecided: 'The condition is not decided there',
} as const

/** Hit rate of HBM alone at the loads of the headline claim; its points were planned before. */
async function baselineHitRates(
  claims: readonly Claim[],
  results: readonly ClaimResult[],
  context: ClaimContext,
): Promise<Map<string, number>> {
  const claim = claims.find(({ id }) => id === 'weka-4.2x')
  const curve = results.find(({ id }) => id === 'weka-4.2x')?.curves[0]
  const rates = new Map<string, number>()
  if (claim === undefined || curve === undefined) return rates
  for (const { at } of curve.points) {
    const point = await askPoint(claim, asStated, { [curve.axis]: at }, context)
    const rate = point?.scopes.mean.arms['hbm-only']?.hitRate
    if (rate !== undefined) rates.set(at, rate)
  }
  return rates
}

function print(report: ClaimsReport, json: boolean, reportPath: string): void {
  if (json) {
    process.stdout.write(renderClaimsJson(report))
    return
  }
  const colour = process.stdout.isTTY === true && !process.env.NO_COLOR
  const width = Math.min(100, process.stdout.columns ?? 100)
  process.stdout.write(`${renderClaimsTerminal(report, { colour, width, reportPath })}\n`)
}
