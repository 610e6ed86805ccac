import { z } from 'zod'
import { jsonText } from '../json-text.ts'
import { type SuiteReport, suiteSchema } from './suite.ts'

export function renderSuiteJson(suite: SuiteReport): string {
  return `${jsonText(suite)}\n`
}

/** JSON Schema of suite.json, as it is published in schema/suite.schema.json. */
export function suiteJsonSchema(): string {
  const schema = z.toJSONSchema(suiteSchema, { target: 'draft-2020-12' })
  return `${JSON.stringify({ title: 'memwall suite', ...schema }, undefined, 2)}\n`
}
