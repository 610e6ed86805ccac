import { badInput } from '../../errors.ts'
import type { BigIds } from './big-ids.ts'
import { linesOf } from './lines.ts'
import { firstLineOf, type RecordFormat } from './record-format.ts'

/** Rows of comma-separated values under a header, one a line; what looks like a number is one. */
export const csvRecords: RecordFormat = {
  name: 'csv',
  sniff: (head) => /^[^{["]*[A-Za-z][^{["]*,|^"[^"]+",/.test(firstLineOf(head)),
  rows: linesOf,

  parser(ids) {
    let header: readonly string[] | undefined
    return (row, where) => {
      const line = row.bytes
        .toString('utf8')
        .replace(/^\uFEFF/, '')
        .trim()
      if (line === '') return undefined
      const cells = cellsOf(line)
      if (header === undefined) {
        header = cells
        return undefined
      }
      if (cells.length !== header.length) {
        throw badInput(where, `has ${cells.length} cells, and the header has ${header.length}`, '')
      }
      return Object.fromEntries(header.map((name, column) => [name, cellValue(cells[column]!, ids, where)]))
    }
  },
}

function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',').map((cell) => cell.trim())
  return [...line.matchAll(/(?:^|,)(?:\s*"((?:[^"]|"")*)"\s*|([^,]*))/g)].map(([, quoted, bare]) =>
    quoted === undefined ? bare!.trim() : quoted.replaceAll('""', '"'),
  )
}

function cellValue(cell: string, ids: BigIds, where: string): unknown {
  if (cell === '') return undefined
  if (!/^-?\d+(\.\d+)?$/.test(cell)) return cell
  if (!/^\d+$/.test(cell)) return Number(cell)
  const id = ids.ofText(cell)
  if (id === undefined) throw badInput(where, `${cell} has more than 64 bits`, '')
  return id
}
