import { environmentFingerprint } from '../history/environment.ts'
import { type HistoryRecord, recordSchemaVersion } from '../history/record.ts'
import { figuresOf } from './figures.ts'
import type { Report } from './report.ts'

/** What history keeps of a report. A partial one has no record: its figures are of less than was asked. */
export function recordOf(report: Report, experiment: string, commit: HistoryRecord['commit']): HistoryRecord {
  const { trust, inputsHash, createdAt, environment } = report
  return {
    schemaVersion: recordSchemaVersion,
    experiment,
    commit,
    date: createdAt,
    trust,
    inputsHash,
    environment: { fingerprint: environmentFingerprint(environment), ...environment },
    figures: figuresOf(report),
  }
}
