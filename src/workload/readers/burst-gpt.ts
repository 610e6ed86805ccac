import type { LengthsReader } from '../reader.ts'
import { csvRecords } from '../records/csv-records.ts'
import { amountField, integerField, keyField, textField } from '../records/fields.ts'
import type { JsonRecord } from '../records/record-format.ts'

/**
 * Requests of a campus to ChatGPT and GPT-4 on Azure: `Timestamp` (s), `Model`, `Request tokens`, `Response tokens` (0: failed),
 * `Log Type`, in newer files `Session ID` too. Lengths and arrivals only. Two models share no blocks: each is a tenant.
 * Wang et al., "BurstGPT", 2024.
 */
export const burstGpt: LengthsReader = {
  kind: 'lengths',
  name: 'burst-gpt',
  summary: 'arrivals and lengths of ChatGPT and GPT-4 on a campus, CSV without block ids',
  source: 'https://github.com/HPMLL/BurstGPT',
  records: csvRecords,

  detects: (record) => 'Timestamp' in record && 'Request tokens' in record && 'Response tokens' in record,

  request: (record, where) => ({
    arrivalMs: amountField(record, 'Timestamp', where) * 1000,
    promptTokens: integerField(record, 'Request tokens', 1, where),
    outputTokens: integerField(record, 'Response tokens', 0, where),
    tenant: textField(record, 'Model', where),
    category: textField(record, 'Log Type', where),
    session: sessionOf(record, where),
  }),
}

/** The column is spelt in two ways, and missing in older files. */
function sessionOf(record: JsonRecord, where: string): string | number | undefined {
  const name = ['Session ID', 'SessionID'].find((spelling) => record[spelling] !== undefined)
  return name === undefined ? undefined : keyField(record, name, where)
}
