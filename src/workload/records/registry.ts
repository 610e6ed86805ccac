import { csvRecords } from './csv-records.ts'
import { idLines } from './id-lines.ts'
import { jsonRecords } from './json-records.ts'
import { oracleRecords } from './oracle-records.ts'
import type { RecordFormat } from './record-format.ts'

/** Every way in which records lie in a file, in the order in which they are tried. */
export const recordFormats: readonly RecordFormat[] = [oracleRecords, jsonRecords, idLines, csvRecords]
