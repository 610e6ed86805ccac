import { z } from 'zod'
import { reportSchema } from './report.ts'

/** JSON Schema of report.json, as it is published in schema/report.schema.json. */
export function reportJsonSchema(): string {
  return jsonSchemaText('memwall report', reportSchema)
}

/** The JSON Schema of something that memwall writes, as a published file. */
export function jsonSchemaText(title: string, schema: z.ZodType): string {
  const made = z.toJSONSchema(schema, { target: 'draft-2020-12' })
  return `${JSON.stringify({ title, ...made }, undefined, 2)}\n`
}
