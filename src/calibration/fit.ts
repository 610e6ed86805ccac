import { loadMath } from '../mathjs.ts'
import type { CostModel, StepLoad } from '../plan/cost-model.ts'
import { stepMs } from '../plan/cost-model.ts'

/** A measured step: what it did and how long it took. */
export interface CalibrationPoint {
  readonly load: StepLoad
  readonly ms: number
}

/** The sizes of a model that a cost model carries; the fit supplies the rates. */
export type CostSizes = Pick<
  CostModel,
  | 'layers'
  | 'layerFlopsPerToken'
  | 'projectionFlopsPerRow'
  | 'layerWeightBytes'
  | 'projectionWeightBytes'
  | 'attentionFlopsPerPair'
  | 'kvBytesPerToken'
>

/** A rate that stands for "costs nothing". */
const free = 1e15

/**
 * Fits the rates of a cost model by least squares on relative errors, with non-negative coefficients: a term whose
 * coefficient comes out negative is left out and the rest fitted again (active set; Lawson & Hanson 1974, ch. 23, in its
 * simplest form). The mock's weights stay in the CPU's caches, so the term of weight bytes is not fitted.
 */
export function fitCostModel(sizes: CostSizes, points: readonly CalibrationPoint[]): CostModel {
  const terms = points.map(({ load }) => [
    (load.prefillTokens + load.decodes) * sizes.layerFlopsPerToken + load.sampledRows * sizes.projectionFlopsPerRow,
    load.prefillPairs * sizes.attentionFlopsPerPair,
    (load.decodeContextTokens + load.prefillContextTokens) * sizes.kvBytesPerToken,
    load.decodes,
    1,
  ])
  const [linear, attention, kv, decodeRow, overhead] = nonNegativeLeastSquares(
    terms.map((row, i) => row.map((value) => value / points[i]!.ms)),
    points.map(() => 1),
  )
  return {
    ...sizes,
    linearFlopsPerMs: rate(linear!),
    attentionFlopsPerMs: rate(attention!),
    weightBytesPerMs: free,
    kvBytesPerMs: rate(kv!),
    stepOverheadMs: overhead!,
    decodeRowMs: decodeRow!,
  }
}

/** Median of |predicted − measured| ÷ measured over the points. */
export function fitErrorRelative(cost: CostModel, points: readonly CalibrationPoint[]): number {
  const errors = points.map(({ load, ms }) => Math.abs(stepMs(cost, load) - ms) / ms).sort((a, b) => a - b)
  return errors[Math.floor(errors.length / 2)]!
}

function rate(coefficient: number): number {
  return coefficient > 1 / free ? 1 / coefficient : free
}

/** Coefficients, none of them negative, with which the columns of `rows` come nearest to `target`. */
export function nonNegativeLeastSquares(rows: readonly (readonly number[])[], target: readonly number[]): number[] {
  const columns = rows[0]!.map((_, column) => column)
  let active = columns
  for (;;) {
    const solution = leastSquares(
      rows.map((row) => active.map((column) => row[column]!)),
      target,
    )
    const worst = solution.reduce((least, value, i) => (value < solution[least]! ? i : least), 0)
    if (solution[worst]! >= 0) return columns.map((column) => solution[active.indexOf(column)] ?? 0)
    active = active.filter((_, i) => i !== worst)
  }
}

/** Solves the normal equations, each column scaled to unit length so that FLOPs and counts mix well. */
function leastSquares(rows: readonly (readonly number[])[], target: readonly number[]): number[] {
  const math = loadMath()
  const lengths = rows[0]!.map((_, column) => Math.hypot(...rows.map((row) => row[column]!)) || 1)
  const scaled = math.matrix(rows.map((row) => row.map((value, column) => value / lengths[column]!)))
  const transposed = math.transpose(scaled)
  const solution = math.lusolve(math.multiply(transposed, scaled), math.multiply(transposed, math.matrix([...target])))
  const values = math.flatten(solution).toArray() as number[]
  return values.map((value, column) => value / lengths[column]!)
}
