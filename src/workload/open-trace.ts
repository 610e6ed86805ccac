import { badInput, MemwallError } from '../errors.ts'
import type { TraceReader } from './reader.ts'
import { traceReaders } from './readers/registry.ts'
import { BigIds } from './records/big-ids.ts'
import { bytesOf } from './records/bytes.ts'
import type { JsonRecord, RecordFormat, Row } from './records/record-format.ts'
import { recordFormats } from './records/registry.ts'

export interface RecordOptions {
  /** The first so many records. */
  readonly limit?: number | undefined
  /** Counts rows that cannot be read instead of refusing the file. */
  readonly skipBadRows?: boolean | undefined
  /** Told the share of the file that has been read, now and then. */
  readonly onRead?: ((share: number) => void) | undefined
}

/** Rows left out because they cannot be read. */
export interface SkippedRows {
  readonly rows: number
  /** What is wrong with the first ones. */
  readonly reasons: readonly string[]
}

/** Takes one record; throws badInput before it has changed anything. */
export type RecordVisitor = (record: JsonRecord, where: string) => void

const mostReasons = 5

/**
 * Reads a trace file record by record, in whichever of the registered formats it has. The file is streamed.
 * @param begin called with the format once it is known
 */
export async function eachRecord(
  path: string,
  options: RecordOptions,
  begin: (reader: TraceReader) => RecordVisitor,
): Promise<SkippedRows> {
  const { limit = Number.POSITIVE_INFINITY, skipBadRows = false, onRead } = options
  const reasons: string[] = []
  let skipped = 0
  let records = 0
  let visit: RecordVisitor | undefined
  let read = 0
  const bytes = bytesOf(path, () => `${path}:${read + 1}`, onRead)
  try {
    const head = await firstChunk(bytes, path)
    const format = recordFormats.find((candidate) => candidate.sniff(head)) ?? recordFormats[1]!
    const parse = format.parser(new BigIds())
    const take = (row: Row): void => {
      const where = `${path}:${row.number}`
      const record = parse(row, where)
      if (record === undefined) return
      visit ??= begin(readerOf(format, record, where))
      visit(record, where)
      records++
    }
    for await (const rows of format.rows(startingWith(head, bytes), path)) {
      for (const row of rows) {
        try {
          take(row)
        } catch (error) {
          const reason = withCure(error, visit === undefined)
          if (!skipBadRows || visit === undefined || !(reason instanceof MemwallError)) throw reason
          if (skipped++ < mostReasons) reasons.push(reason.message)
        }
        read = row.number
        if (records >= limit) return { rows: skipped, reasons }
      }
    }
    if (records === 0) throw nothingRead(path, format)
    return { rows: skipped, reasons }
  } finally {
    await bytes.return(undefined)
  }
}

/** Refuses a reader's file where something needs what it lacks. */
export function lacking(path: string, { name }: TraceReader, what: string): MemwallError {
  return badInput(path, `a trace in the format ${name} has ${what}`, 'memwall trace and memwall policies take it.')
}

async function firstChunk(bytes: AsyncGenerator<Buffer>, path: string): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0)
  while (head.toString('latin1').trim() === '') {
    const next = await bytes.next()
    if (next.done) throw badInput(path, 'the file is empty', knownFormats())
    head = Buffer.concat([head, next.value])
  }
  return head
}

async function* startingWith(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield head
  yield* rest
}

function nothingRead(path: string, format: RecordFormat): MemwallError {
  const isJson = format.name === 'json'
  return badInput(isJson ? `${path}:1` : path, isJson ? 'not a JSON object' : 'the file is empty', knownFormats())
}

/** A file of another kind fails on its first record: then the formats are what must be told. */
function withCure(error: unknown, isFirst: boolean): unknown {
  if (!(error instanceof MemwallError) || error.fix !== '') return error
  const fix = isFirst ? knownFormats() : 'The rows before it were read; mend the rest, or leave it out.'
  return badInput(error.where, error.what, fix)
}

function readerOf(format: RecordFormat, first: JsonRecord, where: string): TraceReader {
  const reader = traceReaders.find((candidate) => candidate.records === format && candidate.detects(first))
  if (reader) return reader
  throw badInput(where, 'unknown format of trace', knownFormats())
}

function knownFormats(): string {
  return `Known formats: ${traceReaders.map((reader) => `${reader.name} (${reader.summary})`).join('; ')}.`
}
