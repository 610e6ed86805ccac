import { z } from 'zod'
import { reportSchema } from '../report.ts'

/** Raised when a key changes its meaning or goes away; new keys do not raise it. */
const suiteSchemaVersion = 1

/** Several runs as one file: `suite.json` is this, and nothing else. */
export const suiteSchema = z.strictObject({
  schemaVersion: z.literal(suiteSchemaVersion),
  suite: z.string().describe('name of its file'),
  createdAt: z.string().describe('ISO 8601, of the last report'),
  experiments: z
    .record(
      z.string(),
      z.strictObject({
        report: reportSchema,
        problems: z.array(z.string()).describe('what failed the run: answers that differ, controls that failed'),
      }),
    )
    .describe('by name, in the order of the file'),
})

export type SuiteReport = z.output<typeof suiteSchema>
export type SuiteOutcome = SuiteReport['experiments'][string]

/** Joins the outcomes of a suite's experiments. */
export function suiteReport(suite: string, experiments: Readonly<Record<string, SuiteOutcome>>): SuiteReport {
  const dates = Object.values(experiments).map(({ report }) => report.createdAt)
  return {
    schemaVersion: suiteSchemaVersion,
    suite,
    createdAt: dates.sort().at(-1) ?? '',
    experiments: { ...experiments },
  }
}

export function failedExperiments({ experiments }: SuiteReport): string[] {
  return Object.keys(experiments).filter((name) => experiments[name]!.problems.length > 0)
}
