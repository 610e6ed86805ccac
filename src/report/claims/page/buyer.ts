import type { BuyerCard } from '../../../claims/result.ts'
import { html, type Markup, nothing } from '../../page/markup.ts'
import { tableOf } from '../../page/table.ts'
import { cardLines, cardTable, firstLine, takenLine } from '../words/card.ts'

/** The buyer's own questions, on top of the page: the answer as its title, the rest a line each, the arms over the load. */
export function buyerCard(card: BuyerCard): Markup {
  const [answer, ...rest] = cardLines(card)
  const taken = takenLine(card)
  return html`<h1>${answer!}</h1>
${rest.map((line) => html`<p>${line}</p>\n`)}${tableOf(cardTable(card))}<p>${firstLine(card)}</p>
${taken === '' ? nothing : html`<p class="source">${taken}</p>\n`}`
}
