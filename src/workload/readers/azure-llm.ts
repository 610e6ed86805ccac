import { badInput } from '../../errors.ts'
import type { LengthsReader } from '../reader.ts'
import { csvRecords } from '../records/csv-records.ts'
import { integerField, textField } from '../records/fields.ts'

/**
 * Azure's LLM inference traces of 2023 and 2024: `TIMESTAMP` (UTC), `ContextTokens`, `GeneratedTokens`. Lengths and arrivals only.
 * Patel et al., "Splitwise", ISCA 2024; Stojkovic et al., "DynamoLLM", HPCA 2025.
 */
export const azureLlm: LengthsReader = {
  kind: 'lengths',
  name: 'azure-llm',
  summary: 'arrivals and lengths of Azure’s LLM services, CSV without block ids',
  source: 'https://github.com/Azure/AzurePublicDataset',
  records: csvRecords,

  detects: (record) => 'TIMESTAMP' in record && 'ContextTokens' in record && 'GeneratedTokens' in record,

  request: (record, where) => ({
    arrivalMs: timeOf(textField(record, 'TIMESTAMP', where), where),
    promptTokens: integerField(record, 'ContextTokens', 1, where),
    outputTokens: integerField(record, 'GeneratedTokens', 0, where),
  }),
}

/** "2023-11-16 18:17:03.9799600", the fraction finer than `Date` reads it. */
function timeOf(text: string, where: string): number {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(?:Z|[+]00:00)?$/.exec(text)
  const ms = match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN
  if (Number.isNaN(ms)) {
    throw badInput(where, `"TIMESTAMP" is ${JSON.stringify(text)}`, 'It must be a time such as 2023-11-16 18:17:03.98.')
  }
  return ms + Number(match![3] ?? 0) * 1000
}
