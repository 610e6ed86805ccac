import type { LabReport } from '../../lab/lab-report.ts'

/** What `memwall policies --json` prints and policies.json holds. */
export function renderLabJson(report: LabReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`
}
