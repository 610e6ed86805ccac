import type { ClaimsReport } from '../../claims/result.ts'
import { jsonSchemaText } from '../json-schema.ts'
import { claimsSchema } from './schema.ts'

/** What `memwall verify --json` prints and claims.json holds. A value that is no number fails here, not at its reader. */
export function renderClaimsJson(report: ClaimsReport): string {
  return `${JSON.stringify(claimsSchema.parse(report), undefined, 2)}\n`
}

/** JSON Schema of claims.json, as it is published in schema/claims.schema.json. */
export function claimsJsonSchema(): string {
  return jsonSchemaText('memwall claims', claimsSchema)
}
