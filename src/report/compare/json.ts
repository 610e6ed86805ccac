import { jsonSchemaText } from '../json-schema.ts'
import { type CompareReport, compareSchema } from './compare-report.ts'

/** What `memwall compare --json` prints and compare.json holds. A value that is no number fails here, not at its reader. */
export function renderCompareJson(report: CompareReport): string {
  return `${JSON.stringify(compareSchema.parse(report), undefined, 2)}\n`
}

/** JSON Schema of compare.json, as it is published in schema/compare.schema.json. */
export function compareJsonSchema(): string {
  return jsonSchemaText('memwall compare', compareSchema)
}
