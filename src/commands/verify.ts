import { setMaxListeners } from 'node:events'
import type { ClaimsReport } from '../claims/result.ts'
import { exitCodes } from '../errors.ts'
import { openProgress } from './run/progress.ts'
import { openThreads } from './run/threads.ts'
import { claimsNamed } from './verify/claim-files.ts'
import { cachedPlans } from './verify/plan-cache.ts'
import { verifyClaim } from './verify/verify-claim.ts'

/** Options of `verify` as the command line gives them. */
export interface VerifyOptions {
  readonly quick?: boolean
  readonly json?: boolean
  readonly out?: string
  readonly deployment?: string
}

const seeds = [1, 2, 3]

/** Puts claims on trial, writes the verdicts and prints them. Returns the exit code. */
export async function verify(names: readonly string[], options: VerifyOptions): Promise<number> {
  const claims = claimsNamed(names)
  const abort = new AbortController()
  setMaxListeners(0, abort.signal)
  const threads = openThreads(abort.signal)
  const progress = openProgress()
  const started = performance.now()
  try {
    let done = 0
    const context = {
      run: cachedPlans(threads.plan, () => undefined),
      seeds: options.quick === true ? seeds.slice(0, 1) : seeds,
      quick: options.quick === true,
      economics: () => ({}),
    }
    const results = await Promise.all(
      claims.map(async (claim) => {
        const result = await verifyClaim(claim, context)
        progress.show(claim.id, ++done / claims.length)
        return result
      }),
    )
    progress.stop()
    const report: ClaimsReport = {
      schemaVersion: 1,
      createdAt: new Date().toISOString(),
      claims: results,
      pairs: [],
      deployment: null,
      seconds: (performance.now() - started) / 1000,
      quick: context.quick,
    }
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`)
    return exitCodes.done
  } finally {
    progress.stop()
    await threads.close()
  }
}
