import type { ClaimResult, ClaimsReport } from '../../claims/result.ts'
import { section, text } from '../markdown-table.ts'
import type { ReportTable } from '../tables/report-table.ts'
import {
  curveTable,
  figureTable,
  mapTable,
  mustTable,
  pairTable,
  screenTable,
  thresholdTable,
  tornadoTable,
} from './tables/claim.ts'
import { overviewTable } from './tables/overview.ts'
import { claimsSentence } from './words/answer.ts'
import { cardLines, cardTable, firstLine, takenLine } from './words/card.ts'
import { curveGroups, curveSource } from './words/curves.ts'
import { claimsEvidence } from './words/evidence.ts'
import { foundNote, foundTitle } from './words/found.ts'
import { byPairVerdict } from './words/pairs.ts'
import { assumedText, thereTitle, thereWorth } from './words/there.ts'
import { regionText, trustNames, verdictNames } from './words/verdict.ts'

/** The verdicts for a pull request, an issue or a wiki; what changes in them shows up in a diff. */
export function renderClaimsMarkdown(report: ClaimsReport): string {
  const sections = [
    ...cardSections(report.card),
    `**${text(claimsSentence(report))}**`,
    claimsEvidence(report)
      .map(({ topic, text: told }) => `- ${text(topic)}: ${text(told)}`)
      .join('\n'),
    report.claims.length < 2 ? '' : section(overviewTable(report)),
    report.pairs.length === 0 ? '' : section(pairTable(byPairVerdict(report.pairs))),
    ...report.claims.flatMap(claimSections),
  ]
  return `${sections.filter((one) => one !== '').join('\n\n')}\n`
}

function cardSections(card: ClaimsReport['card']): string[] {
  if (card === null) return []
  const [answer, ...rest] = cardLines(card)
  const after = [firstLine(card), takenLine(card)].filter((line) => line !== '')
  return [`## ${text(answer!)}`, list('', rest), section(cardTable(card)), after.map((line) => text(line)).join(' ')]
}

function claimSections(claim: ClaimResult): string[] {
  const { id, statement, who, where, when, source, verdict, trust, conditions, notes, missing, map } = claim
  return [
    `## ${text(id)}: ${verdictNames[verdict]}`,
    text(claim.summary),
    verdict === 'holdsWhen' ? text(`Holds ${regionText(claim)}.`) : '',
    `> ${text(statement)}\n>\n> ${text([who, where, when].filter((part) => part !== '').join(', '))}`,
    `${text(foundTitle(claim))}. ${text(foundNote(claim))}${verdict === 'notTestable' ? '' : ` Trust: ${trustNames[trust]}.`}`,
    ...curveGroups(claim).map((group) => under(curveTable(claim, group), curveSource(group))),
    ...(claim.mustBeTrue.length === 0 ? [] : [under(mustTable(claim))]),
    ...(claim.mustBeTrue.some(({ curve }) => curve.length > 0) ? [under(thresholdTable(claim))] : []),
    ...(map === null ? [] : [under(mapTable(claim, map))]),
    ...(claim.tornado.length === 0 ? [] : [under(tornadoTable(claim))]),
    ...(claim.screen.length === 0 ? [] : [under(screenTable(claim))]),
    ...(claim.there === null
      ? []
      : [`### ${text(thereTitle(claim))}`, text(thereWorth(claim)), text(assumedText(claim.there))]),
    ...(claim.figures.length === 0 ? [] : [under(figureTable(claim))]),
    list('Stated', conditions.stated),
    list('Left out', conditions.leftOut),
    list('Missing', missing),
    list('Notes', notes),
    source === '' ? '' : `Source: ${text(source)}`,
  ]
}

function under(table: ReportTable, note = ''): string {
  return `#${section(table, note)}`
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0
    ? ''
    : `${title === '' ? '' : `${title}:\n\n`}${items.map((item) => `- ${text(item)}`).join('\n')}`
}
