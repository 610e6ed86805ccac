import { formatFigures, formatNumber, formatRatio } from '../units.ts'
import { answerSentence, boundNote } from './answer.ts'
import { metricRows } from './arm-table.ts'
import { armNames, inArmOrder } from './arms.ts'
import { evidenceLines } from './evidence.ts'
import { kneeCurve, kneeRouters, kneeScales, scaleNames } from './headline.ts'
import type { KneePoint, Report } from './report.ts'
import { expectedWords, mismatchCell, mismatchWords, modelErrors } from './scale-words.ts'

/** The report for a pull request, an issue or a wiki. */
export function renderMarkdown(report: Report): string {
  const sections = [
    `**${text(answerSentence(report))}**`,
    evidenceLines(report)
      .map(({ topic, text: told }) => `- ${text(topic)}: ${text(told)}`)
      .join('\n'),
    armSection(report),
    ...kneeSections(report),
    scaleSection(report),
    errorSection(report),
    controlSection(report),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function armSection(report: Report): string {
  const names = armNames(report)
  if (names.length === 0) return ''
  const rows = metricRows(report).map(({ metric, cells }) => [metric.trim(), ...cells])
  return `## Arms\n\n${table(['', ...names], rows)}`
}

function kneeSections(report: Report): string[] {
  return kneeScales(report).flatMap((scale) =>
    kneeRouters(report).flatMap((router) => {
      const points = kneeCurve(report, scale, router)
      return points.length === 0
        ? []
        : [`## Multiplier over load on ${scaleNames[scale]}, ${text(router)}\n\n${kneeTable(points)}`]
    }),
  )
}

function kneeTable(points: readonly KneePoint[]): string {
  const arms = inArmOrder(Object.keys(points[0]!.multiplier))
  const rows = points.map(({ sessionsPerReplica, multiplier }) => [
    String(sessionsPerReplica),
    ...arms.map((arm) => kneeCell(multiplier[arm])),
  ])
  return table(['conversations a GPU', ...arms], rows)
}

/** "3.31× (2.95–3.60)", with the bound that it is. */
export function kneeCell(figure: KneePoint['multiplier'][string] | undefined): string {
  if (figure === undefined) return '–'
  const note = boundNote(figure.bound)
  return `${formatRatio(figure.mean)} (${formatFigures(figure.min)}–${formatFigures(figure.max)})${note && `, ${note}`}`
}

function scaleSection({ scaleModel }: Report): string {
  if (scaleModel.length === 0) return ''
  const rows = scaleModel.map((row) => [
    row.ratio,
    formatNumber(row.target),
    formatNumber(row.mock),
    mismatchCell(row),
    mismatchWords(row),
  ])
  return `## Scale model\n\n${table(['ratio', 'target', 'mock', 'mismatch', 'reading'], rows)}`
}

function errorSection({ costModel }: Report): string {
  return modelErrors(costModel).join(' ')
}

function controlSection({ controls }: Report): string {
  if (controls.length === 0) return ''
  const rows = controls.map((control) => [
    control.name,
    control.measured.toFixed(3),
    expectedWords(control),
    control.passed ? 'as expected' : 'failed',
  ])
  return `## Controls\n\n${table(['control', 'outcome', 'expected', 'verdict'], rows)}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const align = head.map((_, i) => (i === 0 ? ':--' : '--:'))
  const lines = [head.map(text), align, ...rows.map((cells) => cells.map(text))]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Text as text: nothing in it is markup. */
function text(value: string): string {
  return value
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/[\\`*_[\]<>|#~]/g, (sign) => `\\${sign}`)
    .replaceAll('\\<', '&lt;')
}
