import type { PolicySpec } from '../cache/policy.ts'

/** Cost, what it must be told, and parameters with their defaults: a line under a policy's name. */
export function policyTraits({ cost, knows, parameters }: PolicySpec): string {
  const told = knows.length === 0 ? '' : `; must know ${knows.join(', ')}`
  const settings = Object.entries(parameters).map(
    ([name, { default: value, summary }]) => `${name}=${value} (${summary})`,
  )
  return `${cost} an operation${told}${settings.length === 0 ? '' : `; ${settings.join(', ')}`}`
}

/** A row of the table in docs/policies.md. */
export function policyRow({ name, summary, cost, knows, parameters, source }: PolicySpec): string {
  const settings = Object.entries(parameters).map(
    ([key, { default: value, summary: meaning }]) => `\`${key}\` ${value}: ${meaning}`,
  )
  const from = /^https:\S+$/.test(source)
    ? `[${source.replace(/^https:\/\/(www\.)?/, '').split('/')[0]}](${source})`
    : source
  return `| \`${name}\` | ${summary} | ${cost} | ${knows.join(', ') || '–'} | ${settings.join('; ') || '–'} | ${from} |`
}
