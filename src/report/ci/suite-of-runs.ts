import { type SuiteReport, suiteReport } from '../suite/suite.ts'
import type { NamedRun } from './named-run.ts'

/** Runs seen as a suite, whatever files they came from. */
export function suiteOfRuns(runs: readonly NamedRun[]): SuiteReport {
  const outcomes = runs.map(({ experiment, report, problems }) => [experiment, { report, problems: [...problems] }])
  return suiteReport('memwall', Object.fromEntries(outcomes))
}
