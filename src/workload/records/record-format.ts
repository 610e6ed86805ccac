import type { BigIds } from './big-ids.ts'

export type JsonRecord = Readonly<Record<string, unknown>>

/** A record as it stands in the file. */
export interface Row {
  /** Line, or record where there are no lines; from 1. */
  readonly number: number
  readonly bytes: Buffer
}

/** Makes a record of a row; undefined where the row has none (a blank line, a header). Throws badInput. */
export type RowParser = (row: Row, where: string) => JsonRecord | undefined

/** How records lie in a file. */
export interface RecordFormat {
  readonly name: string
  /** Whether a file that begins like this may be one. */
  sniff(head: Buffer): boolean
  rows(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<readonly Row[]>
  parser(ids: BigIds): RowParser
}

/** First line that is not blank. */
export function firstLineOf(head: Buffer): string {
  return head.toString('latin1', 0, 4096).trimStart().split('\n', 1)[0]!.trim()
}
