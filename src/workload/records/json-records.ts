import { badInput } from '../../errors.ts'
import type { BigIds } from './big-ids.ts'
import { isRecord } from './fields.ts'
import { elementsOf } from './json-elements.ts'
import { linesOf } from './lines.ts'
import { firstLineOf, type JsonRecord, type RecordFormat } from './record-format.ts'

/** JSON objects: one a line, or the elements of one list, or one object over many lines. */
export const jsonRecords: RecordFormat = {
  name: 'json',
  sniff: (head) => /^[[{]/.test(firstLineOf(head)),

  async *rows(chunks, path) {
    const iterator = chunks[Symbol.asyncIterator]()
    const first = await iterator.next()
    if (first.done) return
    const whole = withFirst(first.value, iterator)
    yield* isDocument(first.value) ? elementsOf(whole) : linesOf(whole, path)
  },

  parser: (ids) => (row, where) => {
    const text = row.bytes.toString('utf8').trim()
    return text === '' ? undefined : recordOf(text, ids, where)
  },
}

function isDocument(head: Buffer): boolean {
  const line = firstLineOf(head)
  return line === '{' || /^\[\s*(\{|$)/.test(line)
}

async function* withFirst(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

function recordOf(text: string, ids: BigIds, where: string): JsonRecord {
  let value: unknown
  try {
    value = JSON.parse(/\d{16}/.test(text) ? withStandIns(text, ids, where) : text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw badInput(where, `not JSON (${error.message})`, '')
  }
  if (isRecord(value)) return value
  throw badInput(where, 'not a JSON object', '')
}

/** `JSON.parse` would round the ids. Texts and fractions stay as they are. */
function withStandIns(text: string, ids: BigIds, where: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g, (token) => {
    if (token.length < 16 || !/^\d+$/.test(token)) return token
    const id = ids.ofText(token)
    if (id === undefined) throw badInput(where, `${token} has more than 64 bits`, '')
    return String(id)
  })
}
