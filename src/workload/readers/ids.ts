import type { ReferenceReader } from '../reader.ts'
import { keyField } from '../records/fields.ts'
import { idLines } from '../records/id-lines.ts'

/** A plain list of ids, one a line, as cache simulators take it: one reference each. */
export const ids: ReferenceReader = {
  kind: 'references',
  name: 'ids',
  summary: 'a plain list of ids, one a line, without prompts and times',
  source:
    'https://github.com/1a1a11a/libCacheSim/blob/d19603b3089bcede782fb4cdb7569d48c557cdbe/libCacheSim/traceReader/generalReader/txt.c',
  records: idLines,
  detects: (record) => 'id' in record,
  reference: (record, where) => ({ id: keyField(record, 'id', where) as number, arrivalMs: undefined }),
}
