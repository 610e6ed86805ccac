import type { z } from 'zod'
import type { ClaimsReport } from '../claims/result.ts'
import { type ExperimentOutcome, prepareExperiment, runExperiment, type Workbench } from './run/experiment.ts'
import { checkOptions } from './run/experiment-file.ts'
import type { experimentSchema } from './run/options.ts'
import { openThreads } from './run/threads.ts'
import { prepareTrial, type TrialOptions, tryClaims } from './verify/trial.ts'

/**
 * What can be said of a run: the options that `memwall run --help` lists, in camel case, quantities as on the command line
 * ("256 GB", "45s"), counts also as numbers. What is left out takes its default.
 */
export type RunOptions = Omit<z.input<typeof experimentSchema>, 'out'>

/** Who watches. */
export interface Watch {
  /** Ends the work; a measured run keeps what it has, marked partial. */
  readonly signal?: AbortSignal
  /** @param step what is done now @param share of the whole, 0 to 1 */
  readonly onProgress?: (step: string, share: number) => void
}

/**
 * Measures recompute against fetch with real tensors on mock GPUs, as `memwall run` does; nothing is written or printed.
 * @returns the report (schema/report.schema.json) and what fails the run, a line each
 * @throws MemwallError with `code: 'badInput'` where an option makes no sense, before any work
 */
export async function run(options: RunOptions = {}, watch: Watch = {}): Promise<ExperimentOutcome> {
  const prepared = await prepareExperiment(checkOptions(options))
  return withThreads(watch, (workbench) => runExperiment(prepared, workbench))
}

/**
 * Plans a run at the full scale of its target on the catalogue's cost model, as `memwall run --backend model` does: seconds, no tensors.
 * @throws MemwallError as `run` does
 */
export function plan(options: Omit<RunOptions, 'backend'> = {}, watch: Watch = {}): Promise<ExperimentOutcome> {
  return run({ ...options, backend: 'model' }, watch)
}

/**
 * Puts vendor claims on trial, as `memwall verify` does; nothing is written or printed.
 * @param names ids of `memwall list claims` or paths of claim files; all claims where there is none
 * @returns the verdicts (schema/claims.schema.json)
 * @throws MemwallError with `code: 'badInput'` where a claim or the deployment makes no sense, before any work
 */
export async function verify(
  names: readonly string[] = [],
  options: TrialOptions = {},
  watch: Watch = {},
): Promise<ClaimsReport> {
  const prepared = prepareTrial(names, options)
  return withThreads(watch, (workbench) => tryClaims(prepared, workbench))
}

async function withThreads<T>(
  { signal = new AbortController().signal, onProgress = () => undefined }: Watch,
  work: (workbench: Workbench) => Promise<T>,
): Promise<T> {
  const threads = openThreads(signal)
  try {
    return await work({ threads, signal, progress: { show: onProgress } })
  } finally {
    await threads.close()
  }
}
