/** A piece of a contour between two points of a grid, in places of its columns and rows. */
export interface ContourPiece {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

/** Where the values of a grid pass a level: marching squares, straight pieces between neighbouring points. */
export function contour(values: readonly (readonly number[])[], level: number): ContourPiece[] {
  const pieces: ContourPiece[] = []
  for (let row = 0; row + 1 < values.length; row++) {
    for (let column = 0; column + 1 < values[row]!.length; column++) {
      const corners = [
        { x: column, y: row },
        { x: column + 1, y: row },
        { x: column + 1, y: row + 1 },
        { x: column, y: row + 1 },
      ].map((corner) => ({ ...corner, value: values[corner.y]?.[corner.x] ?? Number.NaN }))
      if (!corners.every(({ value }) => Number.isFinite(value))) continue
      const crossings = corners.flatMap((from, i) => {
        const to = corners[(i + 1) % corners.length]!
        if (from.value >= level === to.value >= level) return []
        const share = (level - from.value) / (to.value - from.value)
        return [{ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }]
      })
      for (const [a, b] of paired(crossings)) pieces.push({ x1: a.x, y1: a.y, x2: b.x, y2: b.y })
    }
  }
  return pieces
}

/** Two crossings are one piece; in a saddle with four each is joined with the next. */
function paired<T>(crossings: readonly T[]): [T, T][] {
  const pairs: [T, T][] = []
  for (let i = 0; i + 1 < crossings.length; i += 2) pairs.push([crossings[i]!, crossings[i + 1]!])
  return pairs
}
