import type { ClaimMap, ClaimResult } from '../../../claims/result.ts'
import { isBeyond } from './direction.ts'
import { inputText, valueText } from './value.ts'

/** Over which part of the map the claim's line is reached, and whether the point lies inside. */
export function mapTitle(claim: ClaimResult, map: ClaimMap): string {
  const cells = map.values.flat().filter(Number.isFinite)
  const axes = `${map.x.parameter} and ${map.y.parameter}`
  if (cells.length === 0) return `No value was found over ${axes}`
  const inside = cells.filter((value) => isBeyond(claim, value, map.line)).length
  const line = valueText(map.line, claim.claimed.unit)
  const [low, high] = [Math.min(...cells), Math.max(...cells)]
  const share =
    isBeyond(claim, cells[0]!, map.line) === undefined
      ? `Over ${axes} the value goes from ${valueText(low, claim.claimed.unit)} to ${valueText(high, claim.claimed.unit)}, with ${line} claimed`
      : inside === 0
        ? `No combination of ${axes} reaches ${line}: the ${best(claim)} is ${valueText(claimBest(claim, low, high), claim.claimed.unit)}`
        : inside === cells.length
          ? `Every combination of ${axes} reaches ${line}`
          : `${inside} of ${cells.length} combinations of ${axes} reach ${line}`
  return `${share}${pointWords(claim, map)}`
}

function best(claim: ClaimResult): string {
  return isBeyond(claim, 1, 0) ? 'most' : 'least'
}

function claimBest(claim: ClaimResult, low: number, high: number): number {
  return isBeyond(claim, 1, 0) ? high : low
}

function pointWords(claim: ClaimResult, map: ClaimMap): string {
  if (map.point === null) return ''
  const value = valueAt(map, map.point.x, map.point.y)
  const where = `${map.point.label} (${map.x.parameter} ${inputText(map.point.x, map.x.unit)}, ${map.y.parameter} ${inputText(map.point.y, map.y.unit)})`
  if (value === undefined) return `; ${where} lies off the map`
  const reaches = isBeyond(claim, value, map.line)
  if (reaches === undefined) return `; ${where} is at about ${valueText(value, claim.claimed.unit)}`
  return `; ${where} ${reaches ? 'reaches it' : 'does not'}, at about ${valueText(value, claim.claimed.unit)}`
}

/** Place of a value between those of an axis: 0 for the first, 1.5 halfway between the second and third; undefined outside. */
export function placeOf(values: readonly number[], at: number): number | undefined {
  const after = values.findIndex((value, i) => value === at || (i > 0 && between(values[i - 1]!, at, value)))
  if (after < 0) return undefined
  if (values[after] === at) return after
  const [from, to] = [values[after - 1]!, values[after]!]
  // Values that grow by factors are read on a logarithmic axis.
  const share = from > 0 && to > 0 ? Math.log(at / from) / Math.log(to / from) : (at - from) / (to - from)
  return after - 1 + share
}

function between(a: number, value: number, b: number): boolean {
  return (a < value && value < b) || (b < value && value < a)
}

/** The value between the four points around a place, undefined off the map or beside a missing one. */
function valueAt({ x, y, values }: ClaimMap, atX: number, atY: number): number | undefined {
  const [column, row] = [placeOf(x.values, atX), placeOf(y.values, atY)]
  if (column === undefined || row === undefined) return undefined
  const at = (j: number, i: number): number =>
    values[Math.min(j, y.values.length - 1)]![Math.min(i, x.values.length - 1)]!
  const [i, j] = [Math.floor(column), Math.floor(row)]
  const mix = (a: number, b: number, share: number): number => (share === 0 ? a : a + (b - a) * share)
  const value = mix(mix(at(j, i), at(j, i + 1), column - i), mix(at(j + 1, i), at(j + 1, i + 1), column - i), row - j)
  return Number.isFinite(value) ? value : undefined
}

/** "context 32,768 tokens". */
export function axisText({ parameter, unit }: ClaimMap['x'], value: number): string {
  return `${parameter} ${inputText(value, unit)}`
}
