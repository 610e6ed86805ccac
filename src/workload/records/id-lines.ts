import { badInput } from '../../errors.ts'
import { linesOf } from './lines.ts'
import { firstLineOf, type RecordFormat } from './record-format.ts'

/** Whole numbers, one a line, as records `{ id }`. */
export const idLines: RecordFormat = {
  name: 'ids',
  sniff: (head) => /^\d+$/.test(firstLineOf(head)),
  rows: linesOf,
  parser: (ids) => (row, where) => {
    const text = row.bytes.toString('latin1').trim()
    if (text === '') return undefined
    if (!/^\d+$/.test(text)) throw badInput(where, `"id" is ${JSON.stringify(text)}`, 'It must be a whole number.')
    const id = ids.ofText(text)
    if (id === undefined) throw badInput(where, `"id" is ${text}`, 'It must have at most 64 bits.')
    return { id }
  },
}
