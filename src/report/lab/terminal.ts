import type { LabReport } from '../../lab/lab-report.ts'
import { formatCount } from '../../units.ts'
import { alignedLines, wrap } from '../words/terminal-text.ts'
import { definitions } from './definitions.ts'
import { tierTable, tierWords } from './tiers.ts'
import { headroomText, labSentence, middleCapacity, rateText, resultsAt, traceWords } from './words.ts'

/** What `memwall policies` prints: hit rates at every size, then one size counted in every way. */
export function renderLabTerminal(report: LabReport, width: number): string {
  const lines = [...wrap(labSentence(report), width), '', ...wrap(traceWords(report), width), '']
  lines.push(...sizes(report), '', ...everyWay(report))
  if (report.twoTier.length > 0) lines.push('', ...twoTiers(report))
  for (const note of report.trace.notes) lines.push('', ...wrap(note, width))
  return lines.join('\n')
}

function sizes(report: LabReport): string[] {
  const { capacities } = report
  const order = resultsAt(report, middleCapacity(report)).map(({ policy }) => policy)
  const rows = order.map((policy) => [
    policy,
    ...capacities.flatMap((capacity) => {
      const result = report.results.find((one) => one.policy === policy && one.capacityBlocks === capacity)!
      return [rateText(result.anyBlockHitRate), headroomText(result)]
    }),
  ])
  const head = ['any-block hit rate', ...capacities.flatMap((capacity) => [formatCount(capacity, 'block'), 'won'])]
  return alignedLines([head, ...rows])
}

function everyWay(report: LabReport): string[] {
  const at = middleCapacity(report)
  const told = definitions.filter(({ key }) => report.infinite[key] !== null)
  const row = (name: string, rates: LabReport['infinite']): string[] => [
    name,
    ...told.map(({ key }) => rateText(rates[key])),
  ]
  return alignedLines([
    [`${formatCount(at, 'block')}`, ...told.map(({ short }) => short)],
    ...resultsAt(report, at).map((result) => row(result.policy, result)),
    row('infinite', report.infinite),
  ])
}

function twoTiers(report: LabReport): string[] {
  return [`Two tiers: ${tierWords(report.twoTier[0]!)}`, ...alignedLines(tierTable(report))]
}
