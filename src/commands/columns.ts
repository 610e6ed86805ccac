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

/** Text broken at spaces. */
export function wrapped(text: string, columns = 100): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
