import type { Row } from './record-format.ts'

const [newline, quote, backslash, open, close] = [10, 34, 92, 123, 125]

/** The outermost objects of a JSON text, whatever stands around them; an object that never ends is the last. */
export async function* elementsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly Row[]> {
  let pieces: Buffer[] = []
  let depth = 0
  let isText = false
  let isEscaped = false
  let line = 1
  let number = 1
  for await (const chunk of chunks) {
    const rows: Row[] = []
    let start = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (byte === newline) line++
      if (isText) {
        if (isEscaped) isEscaped = false
        else if (byte === backslash) isEscaped = true
        else if (byte === quote) isText = false
      } else if (byte === quote) {
        isText = true
      } else if (byte === open && depth++ === 0) {
        start = at
        number = line
      } else if (byte === close && --depth === 0) {
        rows.push({ number, bytes: Buffer.concat([...pieces, chunk.subarray(start, at + 1)]) })
        pieces = []
      } else if (depth < 0) {
        depth = 0
      }
    }
    yield rows
    if (depth > 0) pieces.push(chunk.subarray(start))
  }
  if (depth > 0) yield [{ number, bytes: Buffer.concat(pieces) }]
}
