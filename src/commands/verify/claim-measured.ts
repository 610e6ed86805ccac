import type { Claim } from '../../claims/claim.ts'
import type { Range } from '../../claims/result.ts'
import { optionsOf } from '../run/experiment-file.ts'
import type { ProgressLine } from '../run/progress.ts'
import { refuseLarge } from '../run/refusals.ts'
import { defaults, settingsOf } from '../run/settings.ts'
import type { Threads } from '../run/threads.ts'
import { experiment } from '../run.ts'
import { multiplierArm } from './verify-claim.ts'

/** Time for the measured repeats of each claim. */
const budget = '30s'

/** The multiplier of a claim's own experiment with real tensors on the mock, and its interval of timing. */
export async function measuredMultiplier(
  claim: Claim,
  threads: Threads,
  signal: AbortSignal,
  progress: ProgressLine,
): Promise<{ readonly range: Range; readonly problems: readonly string[] } | undefined> {
  const arm = multiplierArm(claim)
  if (arm === undefined) return undefined
  const sessions = claim.experiment['sessions-per-replica'] ?? defaults.sessionsPerReplica
  const raw = { ...claim.experiment, backend: 'wasm', budget, seeds: 1, sweep: `sessions-per-replica=${sessions}` }
  const options = optionsOf(raw, `claim ${claim.id}`)
  const settings = settingsOf(options)
  const { report, problems } = await experiment(
    options,
    settings,
    await refuseLarge(settings),
    threads,
    signal,
    progress,
  )
  const figure = report.multiplier[arm]
  if (figure === undefined || figure.low === null || figure.high === null) return undefined
  return { range: { value: figure.value, low: figure.low, high: figure.high }, problems }
}
