/** Markup that is safe to put into the page as it stands. */
export interface Markup {
  readonly markup: string
}

type Value = string | number | Markup | readonly Markup[]

export const nothing: Markup = { markup: '' }

/** A template of the page. Text that goes in is escaped; only Markup is not. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { markup: parts.map((part, i) => (i === 0 ? part : markupOf(values[i - 1]!) + part)).join('') }
}

/** What a library has rendered and escaped. */
export function trusted(markup: string): Markup {
  return { markup }
}

function markupOf(value: Value): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value))
  if ('markup' in value) return value.markup
  return value.map(({ markup }) => markup).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A number and its unit stay on one line. */
function withUnits(text: string): string {
  return text.replaceAll(/(\d) (?=%|[mµ]?s\b|[kMGTP]?B\b|GPUs?\b)/g, '$1\u00a0')
}

function escapeText(text: string): string {
  return withUnits(text).replaceAll(/[&<>"']/g, (sign) => entities[sign]!)
}
