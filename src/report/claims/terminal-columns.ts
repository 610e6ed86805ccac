import { wrap } from '../words/terminal-text.ts'

export interface Column {
  readonly head: string
  readonly cells: readonly string[]
}

const gap = 2
const leastWidth = 4

/**
 * Rows of padded cells that fit the width, the head first: rows[row][line][column]. The widest column gives way first, down to
 * its longest word; then words are broken.
 */
export function layOut(columns: readonly Column[], width: number): string[][][] {
  const words = columns.map(({ head, cells }) => Math.max(...[head, ...cells].map(longestWord)))
  const widths = columns.map(({ head, cells }) => Math.max(...[head, ...cells].map((cell) => cell.length)))
  const room = width - gap * (columns.length - 1)
  shrink(widths, words, room)
  shrink(
    widths,
    columns.map(() => leastWidth),
    room,
  )
  const rows = [
    columns.map(({ head }) => head),
    ...columns[0]!.cells.map((_, row) => columns.map(({ cells }) => cells[row]!)),
  ]
  return rows.map((cells) => {
    const lines = cells.map((cell, i) => broken(cell, widths[i]!))
    const height = Math.max(...lines.map(({ length }) => length))
    return Array.from({ length: height }, (_, line) => lines.map((one, i) => (one[line] ?? '').padEnd(widths[i]!)))
  })
}

function shrink(widths: number[], least: readonly number[], room: number): void {
  const sum = (): number => widths.reduce((total, one) => total + one, 0)
  while (sum() > room) {
    let widest = -1
    for (let i = 0; i < widths.length; i++) {
      if (widths[i]! > least[i]! && (widest < 0 || widths[i]! > widths[widest]!)) widest = i
    }
    if (widest < 0) return
    widths[widest]!--
  }
}

function longestWord(text: string): number {
  return Math.max(...text.split(' ').map(({ length }) => length))
}

function broken(text: string, width: number): string[] {
  return wrap(text, width).flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [''])
}
