import { z } from 'zod'
import { reportSchema } from './report.ts'

/** JSON Schema of report.json, as it is published in schema/report.schema.json. */
export function reportJsonSchema(): string {
  const schema = z.toJSONSchema(reportSchema, { target: 'draft-2020-12' })
  return `${JSON.stringify({ title: 'memwall report', ...schema }, undefined, 2)}\n`
}
