import type { ClaimResult, ClaimsReport } from '../../../claims/result.ts'
import { none, type ReportTable } from '../../tables/report-table.ts'
import { rangeText, valueText } from '../words/value.ts'
import { regionText, thereName, trustCell, verdictNames } from '../words/verdict.ts'

/** All verdicts, a row a claim; the region of one that holds somewhere is in its cell. */
export function overviewTable(report: ClaimsReport): ReportTable {
  const there = report.claims.some((claim) => claim.there !== null)
  return {
    title: 'All verdicts',
    head: ['claim', 'verdict', 'claimed', 'found', 'against strongest', ...(there ? ['there'] : []), 'trust'],
    rows: report.claims.map((claim) => [
      claim.id,
      claim.verdict === 'holdsWhen' ? `holds ${regionText(claim)}` : verdictNames[claim.verdict],
      claim.claimed.text,
      foundCell(claim),
      strongestCell(claim),
      ...(there ? [thereName(claim) || none] : []),
      trustCell(claim),
    ]),
    wordsFrom: 1,
  }
}

export function foundCell({ measured, claimed }: ClaimResult): string {
  return measured === null ? none : rangeText(measured, claimed.unit)
}

export function strongestCell({ againstStrongest, claimed }: ClaimResult): string {
  return againstStrongest === null ? none : valueText(againstStrongest.value, claimed.unit)
}
