import { formatCount, formatNumber, formatShare } from '../../units.ts'
import type { Validation } from '../report.ts'

/** What the cost model aims at; beyond it what is planned rests on little. */
const aims = { median: 0.15, worst: 0.4 }

/** What all published rows are measured on. */
export const idleRequests = 'single requests on an idle engine'

/** A figure's error is that of its own kind, and no kind under load is on file. */
export const loadedNotValidated = 'loaded figures are not validated: no published row under load is on file'

export const kindTitles: Readonly<Record<string, string>> = {
  recompute: 'recomputed',
  'first-turn': 'first turns',
  fetch: 'fetched',
  speedup: 'recomputed ÷ fetched',
  'kv-bytes': 'sizes of KV',
  'hit-rate': 'hit rates',
}

/** Independent rows that are times or ratios of times. */
export function testedTimes(rows: readonly { readonly role: string; readonly unit: string }[]): number {
  return rows.filter(({ role, unit }) => role === 'test' && (unit === 'ms' || unit === 'ratio')).length
}

/** "15 % for the median and 40 % at worst"; empty where both aims are met. */
export function missedAims(median: number, worst: number): string {
  const share = (aim: number): string => `${formatNumber(aim * 100)} %`
  return [
    median > aims.median ? `${share(aims.median)} for the median` : '',
    worst > aims.worst ? `${share(aims.worst)} at worst` : '',
  ]
    .filter((aim) => aim !== '')
    .join(' and ')
}

export function validationTitle({ timesMedianRelativeError, timesWorstRelativeError, rows }: Validation): string {
  const tested = testedTimes(rows)
  if (tested === 0) return 'The model was tested on no independent published time'
  const [median, worst] = [formatShare(timesMedianRelativeError), formatShare(timesWorstRelativeError)]
  const times = formatCount(tested, 'independent published time')
  const off = `Against ${times} of ${idleRequests} the model is off by ${median} (median), ${worst} at worst`
  const missed = missedAims(timesMedianRelativeError, timesWorstRelativeError)
  return missed === '' ? off : `${off}: beyond the aim of ${missed}`
}

/** What the error above covers, and what it does not. */
export function validationNote({ byKind = [] }: Validation): string {
  const kinds = byKind.map(
    ({ kind, rows, medianRelativeError: median, worstRelativeError: worst }) =>
      `${kindTitles[kind] ?? kind} (${formatCount(rows, 'row')}) ${formatShare(median)}, ${formatShare(worst)} at worst`,
  )
  const apart = kinds.length === 0 ? '' : ` Median by kind: ${kinds.join('; ')}.`
  return `All rows are of ${idleRequests}; ${loadedNotValidated}.${apart} One set of defaults and one overhead of a request hold for all rows; where a source leaves the number format of the KV open, the worse counts.`
}
