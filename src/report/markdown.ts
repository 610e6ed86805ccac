import { armNames } from './arms.ts'
import type { EvidenceLine } from './evidence.ts'
import { firstScreen } from './first-screen.ts'
import { kneeRouters, kneeScales } from './headline.ts'
import { section, text } from './markdown-table.ts'
import type { Report } from './report.ts'
import { metricRows } from './tables/arms.ts'
import { comparisonTable, controlsTable, reasonsTable, roles, scaleTable, validationTable } from './tables/belief.ts'
import { equalServiceTable } from './tables/equal-service.ts'
import { kneeTable, sweepTable } from './tables/load.ts'
import {
  alternativesNote,
  alternativesTable,
  attributionNote,
  attributionOf,
  attributionTable,
  breakEvenTable,
  lengthWords,
  strongestNote,
  strongestTable,
} from './tables/origin.ts'
import { readingsTable } from './tables/readings.ts'
import { replicaTable } from './tables/replicas.ts'
import { modelValidation } from './words/measured-points.ts'
import { modelErrors } from './words/scale.ts'
import { validationNote, validationTitle } from './words/validation.ts'

/** The report for a pull request or a wiki. */
export function renderMarkdown(report: Report): string {
  const sections = [
    ...firstLines(report),
    section(readingsTable(report)),
    armSection(report),
    ...originSections(report),
    ...kneeSections(report),
    ...beliefSections(report),
  ]
  return `${sections.filter((one) => one !== '').join('\n\n')}\n`
}

/** The answer, its readings, what could change one's mind; the rest folded. */
function firstLines(report: Report): string[] {
  const { answer, readings, planned, plannedHead, changes, folded } = firstScreen(report)
  const list = (told: readonly string[]): string => told.map((line) => `- ${text(line)}`).join('\n')
  const evidence = (lines: readonly EvidenceLine[]): string =>
    lines.map(({ topic, text: told, sound }) => `- ${sound ? '' : '**!** '}${text(topic)}: ${text(told)}`).join('\n')
  return [
    `**${text(answer)}**`,
    list(readings),
    text(plannedHead),
    list(planned),
    evidence(changes),
    folded.length === 0 ? '' : `<details><summary>How this was measured</summary>\n\n${evidence(folded)}\n\n</details>`,
  ]
}

function armSection(report: Report): string {
  const names = armNames(report)
  if (names.length === 0) return ''
  const rows = metricRows(report).map(({ metric, cells }) => [metric.trim(), ...cells])
  return section({ title: 'Arms', head: ['', ...names], rows })
}

function originSections(report: Report): string[] {
  const { breakEven } = report
  const attribution = attributionOf(report)
  return [
    section(strongestTable(report), strongestNote(report)),
    section(attribution && attributionTable(attribution), attribution && attributionNote(attribution)),
    ...report.equalService.map((service) => section(equalServiceTable(report, service))),
    section(
      breakEven && breakEvenTable(breakEven),
      breakEven &&
        `A fetch over ${breakEven.link} takes no longer than a recompute from: ${lengthWords(breakEven.contextTokens)}.`,
    ),
    ...armNames(report).map((name) => section(replicaTable(report, name))),
    section(alternativesTable(report), alternativesNote),
  ]
}

function kneeSections(report: Report): string[] {
  const knees = kneeScales(report).flatMap((scale) =>
    kneeRouters(report).map((router) => kneeTable(report, scale, router)),
  )
  return [...knees, report.sweep && sweepTable(report.sweep)].map((table) =>
    section(table && { ...table, title: `Multiplier over ${table.head[0]!}: ${table.title}` }),
  )
}

function beliefSections(report: Report): string[] {
  const { scaleComparison } = report
  const validation = modelValidation(report)
  return [
    section(scaleComparison && comparisonTable(scaleComparison)),
    section(scaleComparison && reasonsTable(scaleComparison)),
    section(report.scaleModel.length === 0 ? undefined : scaleTable(report)),
    text(modelErrors(report).join(' ')),
    section(report.controls.length === 0 ? undefined : controlsTable(report)),
    validation === undefined ? '' : text(`${validationTitle(validation)}. ${validationNote(validation)}`),
    ...roles.map((role) => section(validation && validationTable(validation, role))),
  ]
}
