import { badInput } from '../../errors.ts'
import type { Row } from './record-format.ts'

const longestLineBytes = 1 << 28
const newline = 10

/** The lines of a file, blank ones included. `readline` is not used: it takes five times as long on lines of megabytes. */
export async function* linesOf(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<readonly Row[]> {
  let pieces: Buffer[] = []
  let pieceBytes = 0
  let number = 0
  for await (const chunk of chunks) {
    const rows: Row[] = []
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      const last = chunk.subarray(start, end)
      rows.push({ number: ++number, bytes: pieces.length === 0 ? last : Buffer.concat([...pieces, last]) })
      pieces = []
      pieceBytes = 0
      start = end + 1
    }
    yield rows
    pieces.push(chunk.subarray(start))
    pieceBytes += chunk.length - start
    if (pieceBytes > longestLineBytes) {
      throw badInput(`${path}:${number + 1}`, 'the line is longer than 256 MiB', 'A trace has one record a line.')
    }
  }
  if (pieceBytes > 0) yield [{ number: number + 1, bytes: Buffer.concat(pieces) }]
}
