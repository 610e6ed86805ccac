import { wrap } from '../words/terminal-text.ts'

export interface Column {
  readonly head: string
  readonly cells: readonly string[]
}

const gap = 2

/**
 * Rows of padded cells that fit the width, the head first: rows[row][line][column]. The widest column gives way first, down to
 * its longest word; undefined where that is not enough.
 */
export function layOut(columns: readonly Column[], width: number): string[][][] | undefined {
  const words = columns.map(({ head, cells }) => Math.max(...[head, ...cells].map(longestWord)))
  const widths = columns.map(({ head, cells }) => Math.max(...[head, ...cells].map((cell) => cell.length)))
  if (!shrink(widths, words, width - gap * (columns.length - 1))) return undefined
  const rows = [
    columns.map(({ head }) => head),
    ...columns[0]!.cells.map((_, row) => columns.map(({ cells }) => cells[row]!)),
  ]
  return rows.map((cells) => {
    const lines = cells.map((cell, i) => wrap(cell, widths[i]!))
    const height = Math.max(...lines.map(({ length }) => length))
    return Array.from({ length: height }, (_, line) => lines.map((one, i) => (one[line] ?? '').padEnd(widths[i]!)))
  })
}

function shrink(widths: number[], least: readonly number[], room: number): boolean {
  while (widths.reduce((total, one) => total + one, 0) > room) {
    let widest = -1
    for (let i = 0; i < widths.length; i++) {
      if (widths[i]! > least[i]! && (widest < 0 || widths[i]! > widths[widest]!)) widest = i
    }
    if (widest < 0) return false
    widths[widest]!--
  }
  return true
}

function longestWord(text: string): number {
  return Math.max(...text.split(' ').map(({ length }) => length))
}
