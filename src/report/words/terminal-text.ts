/** Breaks at spaces; a word that is longer than a line stays whole. */
export function wrap(text: string, columns = 100): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

/** Names come from files: no control character of theirs reaches the terminal. */
export function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '')
}

/** The same, but a word that is longer than a line is broken. */
export function wrapWhole(text: string, columns: number): string[] {
  return wrap(text, columns).flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [line])
}

/** Rows of cells as lines: columns as wide as their widest cell, the first flush left, the others flush right. */
export function alignedLines(rows: readonly (readonly string[])[], gap = 2): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0]!) : ' '.repeat(gap) + cell.padStart(widths[column]!),
      )
      .join('')
      .trimEnd(),
  )
}
