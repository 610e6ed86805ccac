import { styleText } from 'node:util'
import type { BuyerCard, ClaimResult, ClaimsReport } from '../../claims/result.ts'
import { none } from '../tables/report-table.ts'
import { plain, wrapWhole } from '../words/terminal-text.ts'
import { foundCell, strongestCell } from './tables/overview.ts'
import { type Column, layOut } from './terminal-columns.ts'
import { claimsSentence } from './words/answer.ts'
import { cardLines, cardTableLines, firstLine, takenLine } from './words/card.ts'
import { mustLine } from './words/must.ts'
import { pairSentence } from './words/pairs.ts'
import { thereTitle, thereWorth } from './words/there.ts'
import { regionText, thereName, trustCell, verdictNames } from './words/verdict.ts'

export interface ClaimsTerminalOptions {
  readonly colour: boolean
  readonly width: number
  /** Where the report was written; empty where none was. */
  readonly reportPath: string
}

/** Parts of a region that are told where there are many claims. */
const mostPartsOfMany = 3

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan'
type Paint = (style: Style, text: string) => string

const mostColumns = 100
const leastColumns = 40

const verdictStyles = {
  holds: 'green',
  holdsWhen: 'yellow',
  doesNotHold: 'red',
  notTestable: 'dim',
  undecidedQuick: 'dim',
} as const

/** The verdicts for a terminal: the sentence, a table of claims, claims against each other, where the report is. */
export function renderClaimsTerminal(
  report: ClaimsReport,
  { colour, width, reportPath }: ClaimsTerminalOptions,
): string {
  const columns = Math.max(leastColumns, Math.min(mostColumns, width))
  // The caller has decided about colour; styleText would look at the stream again.
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text)
  const told = (text: string, indent = ''): string[] =>
    wrapWhole(plain(text), columns - indent.length).map((line) => indent + line)
  const [only] = report.claims
  return [
    ...(report.card === null ? [] : [...cardPart(report.card, told, paint), '']),
    ...told(claimsSentence(report)).map((line) => paint('bold', line)),
    ...(report.quick
      ? told('A quick look: what it leaves undecided the full run decides.').map((line) => paint('yellow', line))
      : []),
    '',
    ...table(report, columns, paint),
    ...(report.claims.length === 1 ? ['', ...details(only!, told, paint)] : []),
    ...(report.pairs.length === 0 ? [] : ['', ...told(`Against each other: ${pairSentence(report.pairs)}.`)]),
    ...(reportPath === '' ? [] : [paint('cyan', plain(reportPath))]),
  ].join('\n')
}

function table({ claims }: ClaimsReport, columns: number, paint: Paint): string[] {
  const mostParts = claims.length === 1 ? Number.POSITIVE_INFINITY : mostPartsOfMany
  const there = claims.some((claim) => claim.there !== null)
  const fields: readonly (readonly [head: string, cell: (claim: ClaimResult) => string])[] = [
    ['claimed', ({ claimed }) => claimed.text],
    ['found', foundCell],
    ['vs strongest', strongestCell],
    ...(there ? [['there', (claim: ClaimResult) => thereName(claim) || none] as const] : []),
    ['trust', trustCell],
  ]
  const laidOut = layOut(
    [
      column('claim', claims, ({ id }) => id),
      column('verdict', claims, ({ verdict }) => verdictNames[verdict].replaceAll(' ', '\u00a0')),
      ...fields.map(([head, cell]) => column(head, claims, cell)),
    ],
    columns,
  )
  if (laidOut === undefined) return claims.flatMap((claim) => stacked(claim, fields, columns, paint, mostParts))
  const [head, ...rows] = laidOut
  return [
    ...head!.map((cells) => paint('dim', cells.join('  ').trimEnd())),
    ...claims.flatMap((claim, i) => [
      ...rows[i]!.map((cells) =>
        cells
          .map((cell, at) => (at === 1 ? paint(verdictStyles[claim.verdict], cell) : cell))
          .join('  ')
          .replaceAll('\u00a0', ' ')
          .trimEnd(),
      ),
      ...region(claim, columns, paint, mostParts),
    ]),
  ]
}

/** Where columns do not fit: the verdict under the name, the rest beneath. */
function stacked(
  claim: ClaimResult,
  fields: readonly (readonly [head: string, cell: (claim: ClaimResult) => string])[],
  columns: number,
  paint: Paint,
  mostParts: number,
): string[] {
  const told = fields.map(([head, cell]) => `${head} ${cell(claim)}`).join(', ')
  return [
    ...wrapWhole(plain(claim.id), columns).map((line) => paint('bold', line)),
    `  ${paint(verdictStyles[claim.verdict], verdictNames[claim.verdict])}`,
    ...region(claim, columns, paint, mostParts),
    ...wrapWhole(plain(told), columns - 4).map((line) => `    ${line}`),
  ]
}

function column(head: string, claims: readonly ClaimResult[], cell: (claim: ClaimResult) => string): Column {
  // A figure and its unit stay on one line.
  const tied = (text: string): string => plain(text).replaceAll(/(\d) (?=%|[kMGTP]?B\b|[mµ]?s\b)/g, '$1\u00a0')
  return { head, cells: claims.map((claim) => tied(cell(claim))) }
}

/** The region on the next line. */
function region(claim: ClaimResult, columns: number, paint: Paint, mostParts: number): string[] {
  const text = regionText(claim, mostParts)
  return text === '' ? [] : wrapWhole(plain(text), columns - 4).map((line) => paint('dim', `    ${line}`))
}

/** The buyer's own questions, above all claims. */
function cardPart(card: BuyerCard, told: (text: string) => string[], paint: Paint): string[] {
  const [answer, ...rest] = cardLines(card)
  return [
    ...told(answer!).map((line) => paint('bold', line)),
    ...rest.flatMap((line) => told(line)),
    ...cardTableLines(card),
    ...told(firstLine(card)),
    ...[takenLine(card)].filter((line) => line !== '').flatMap((line) => told(line)),
  ]
}

/** What a claim alone has room for. */
function details(claim: ClaimResult, told: (text: string, indent?: string) => string[], paint: Paint): string[] {
  const { statement, who, where, when, conditions, baseline, againstStrongest, mustBeTrue, there, missing, notes } =
    claim
  const heading = (text: string): string => paint('bold', text)
  const list = (title: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : [heading(title), ...items.flatMap((item) => told(item, '  '))]
  const beside = againstStrongest === null ? '' : `; the strongest free one: ${againstStrongest.baseline}`
  return [
    ...list('Claim', [statement, [who, where, when].filter((part) => part !== '').join(', ')]),
    ...list('Baseline', baseline === '' ? [] : [`${baseline}${beside}`]),
    ...list('Stated', conditions.stated),
    ...list('Left out', conditions.leftOut),
    ...list('Must be true, all else as it is', mustBeTrue.map(mustLine)),
    ...list(
      'There',
      there === null
        ? []
        : [
            thereTitle(claim),
            ...(thereWorth(claim) === '' ? [] : [thereWorth(claim)]),
            ...there.assumed.map((one) => `assumed: ${one}`),
          ],
    ),
    ...list('Missing', missing),
    ...list('Notes', notes),
  ]
}
