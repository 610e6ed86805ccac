import type { ClaimMap, ClaimPair, ClaimResult } from '../../../claims/result.ts'
import { none, type ReportTable } from '../../tables/report-table.ts'
import { type CurveGroup, curveTitle, variantLabel } from '../words/curves.ts'
import { mapTitle } from '../words/map.ts'
import { mustText, mustTitle, triedText } from '../words/must.ts'
import { pairVerdicts } from '../words/pairs.ts'
import { bySwing, byWeight, interactionText, screenTitle, tornadoTitle } from '../words/sensitivity.ts'
import { axisName, inputText, isShare, rangeText, valueText } from '../words/value.ts'

/** One panel as figures: a row a point, a column a variant. */
export function curveTable({ claimed }: ClaimResult, group: CurveGroup): ReportTable {
  const { curves, axis } = group
  const places = [...new Set(curves.flatMap(({ points }) => points.map(({ at }) => at)))]
  return {
    title: curveTitle(group),
    head: [axisName(axis), ...curves.map((curve) => variantLabel(curve, curves))],
    rows: places.map((place) => [
      place,
      ...curves.map(({ points }) => {
        const point = points.find(({ at }) => at === place)
        if (point === undefined) return none
        const value = point.measured === null ? 'no value' : rangeText(point.measured, claimed.unit)
        const decided = { true: 'holds', false: 'does not', undecided: 'undecided' }[point.decided]
        return [value, decided, point.note].filter((part) => part !== '').join(', ')
      }),
    ]),
  }
}

export function mustTable(claim: ClaimResult): ReportTable {
  return {
    title: mustTitle(claim),
    head: ['parameter', 'must be', 'tried', 'value over it'],
    rows: claim.mustBeTrue.map((threshold) => [
      threshold.parameter,
      mustText(threshold),
      triedText(threshold),
      courseText(claim, threshold),
    ]),
    wordsFrom: 1,
  }
}

/** "1.02× to 4.91×": the value at both ends of what was tried. */
export function courseText({ claimed }: ClaimResult, { curve }: ClaimResult['mustBeTrue'][number]): string {
  const [first, last] = [curve[0], curve.at(-1)]
  if (first === undefined || last === undefined) return none
  return `${valueText(first.measured.value, claimed.unit)} to ${valueText(last.measured.value, claimed.unit)}`
}

/** Every point of the curves behind the thresholds. */
export function thresholdTable({ mustBeTrue, claimed }: ClaimResult): ReportTable {
  return {
    title: 'The curves behind it',
    head: ['parameter', 'at', 'value'],
    rows: mustBeTrue.flatMap(({ parameter, unit, curve }) =>
      curve.map(({ at, measured }) => [parameter, inputText(at, unit), rangeText(measured, claimed.unit)]),
    ),
  }
}

export function mapTable(claim: ClaimResult, map: ClaimMap): ReportTable {
  const { x, y, values } = map
  return {
    title: mapTitle(claim, map),
    head: [`${y.parameter} ↓ ${x.parameter} →`, ...x.values.map((value) => inputText(value, x.unit))],
    rows: y.values.map((value, row) => [
      inputText(value, y.unit),
      ...x.values.map((_, column) => valueText(values[row]?.[column] ?? Number.NaN, claim.claimed.unit)),
    ]),
  }
}

export function tornadoTable(claim: ClaimResult): ReportTable {
  const { unit } = claim.claimed
  return {
    title: tornadoTitle(claim),
    head: ['assumption', 'from', 'value there', 'to', 'value there'],
    rows: bySwing(claim).map(({ assumption, unit: inputUnit, low, high }) => [
      assumption,
      inputText(low.input, inputUnit),
      valueText(low.output, unit),
      inputText(high.input, inputUnit),
      valueText(high.output, unit),
    ]),
  }
}

export function screenTable(claim: ClaimResult): ReportTable {
  const { unit } = claim.claimed
  return {
    title: screenTitle(claim),
    head: ['assumption', 'mean effect μ*', 'spread σ', 'its effect'],
    rows: byWeight(claim).map((one) => [
      one.assumption,
      valueText(one.muStar, isShare(unit) ? unit : ''),
      valueText(one.sigma, isShare(unit) ? unit : ''),
      interactionText(one),
    ]),
    wordsFrom: 3,
  }
}

export function figureTable({ figures }: ClaimResult): ReportTable {
  return {
    title: 'Figures beside it',
    head: ['figure', 'value'],
    rows: figures.map(({ name, value, unit }) => [name, valueText(value, unit)]),
  }
}

export function pairTable(pairs: readonly ClaimPair[]): ReportTable {
  return {
    title: 'Claims against each other',
    head: ['claims', 'question', 'verdict', 'why'],
    rows: pairs.map(({ claims, question, verdict, summary }) => [
      claims.join(' and '),
      question,
      pairVerdicts[verdict],
      summary,
    ]),
    wordsFrom: 1,
  }
}
