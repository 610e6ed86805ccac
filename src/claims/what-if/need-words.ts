import { formatNumber } from '../../units.ts'
import type { Threshold } from '../result.ts'

/** Nouns of parameters by their names, and how more and less of each is said. */
const nouns: Readonly<Record<string, readonly [noun: string, more: string, less: string]>> = {
  'HBM for KV': ['HBM for KV', 'larger', 'smaller'],
  'context length': ['contexts', 'longer', 'shorter'],
  'link rate': ['a link', 'faster', 'slower'],
  'link latency': ['a link latency', 'longer', 'shorter'],
  'output length': ['outputs', 'longer', 'shorter'],
  'MFU of prefill': ['a prefill MFU', 'higher', 'lower'],
}

/**
 * A threshold as what must be true, for a claim that its experiment does not meet: "with a prefill MFU 1.6× lower than taken",
 * "from 40 conversations a replica on". undefined where no value of the parameter makes it true.
 */
export function needWords(threshold: Threshold, own: number): string | undefined {
  const { parameter, direction, value, upper, outcome } = threshold
  if (outcome !== 'threshold' || value === null) return undefined
  const end = direction === 'between' && upper !== null && upper < own ? upper : value
  if (parameter === 'conversations per replica') return loads(threshold)
  if (parameter === 'ceiling hit rate')
    return `with a ceiling hit rate of at ${most(direction)} ${formatNumber(100 * end)} %`
  if (parameter === 'host DRAM of the baseline') {
    return `against host DRAM of at ${most(direction)} ${formatNumber(end)} GB a GPU`
  }
  const words = nouns[parameter]
  if (words === undefined) return undefined
  const [noun, more, less] = words
  return `with ${noun} ${formatNumber(end > own ? end / own : own / end)}× ${end > own ? more : less} than taken`
}

function loads({ direction, value, upper }: Threshold): string {
  const [from, to] = [formatNumber(value!), formatNumber(upper ?? value!)]
  if (direction === 'between') return `from ${from} to ${to} conversations a replica`
  return direction === 'atMost' ? `up to ${from} conversations a replica` : `from ${from} conversations a replica on`
}

function most(direction: Threshold['direction']): string {
  return direction === 'atMost' ? 'most' : 'least'
}
