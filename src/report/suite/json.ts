import { jsonSchemaText } from '../json-schema.ts'
import { jsonText } from '../json-text.ts'
import { type SuiteReport, suiteSchema } from './suite.ts'

export function renderSuiteJson(suite: SuiteReport): string {
  return `${jsonText(suite)}\n`
}

/** JSON Schema of suite.json, as it is published in schema/suite.schema.json. */
export function suiteJsonSchema(): string {
  return jsonSchemaText('memwall suite', suiteSchema)
}
