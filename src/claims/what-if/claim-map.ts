import type { Ask } from '../ask.ts'
import type { ClaimMap } from '../result.ts'
import { attempt } from './attempt.ts'
import { type Parameter, spaced, together } from './parameter.ts'

/** A parameter with the ends between which it is drawn. */
export interface MapAxis {
  readonly parameter: Parameter
  readonly from: number
  readonly to: number
}

export interface MapSettings {
  readonly ask: Ask
  readonly x: MapAxis
  readonly y: MapAxis
  /** The claimed value. */
  readonly line: number
  /** Whose own values are the point: "the claim's experiment", "mine.yaml". */
  readonly label: string
  /** Values an axis: 6; 3 where it must be quick. */
  readonly size?: number
}

/** The value over two parameters, asked at size × size conditions. What could not be tried is NaN, in JSON null. */
export async function claimMap({ ask, x, y, line, label, size = 6 }: MapSettings): Promise<ClaimMap> {
  const columns = spaced(x.parameter, x.from, x.to, size)
  const rows = spaced(y.parameter, y.from, y.to, size)
  const values = await Promise.all(
    rows.map((row) =>
      Promise.all(
        columns.map(async (column) => {
          const answer = await attempt(ask, together(x.parameter.question(column), y.parameter.question(row)))
          return answer.state === 'answered' ? answer.range.value : Number.NaN
        }),
      ),
    ),
  )
  return {
    x: { parameter: x.parameter.name, unit: x.parameter.unit, values: columns },
    y: { parameter: y.parameter.name, unit: y.parameter.unit, values: rows },
    values,
    line,
    point: { x: x.parameter.own, y: y.parameter.own, label },
  }
}
