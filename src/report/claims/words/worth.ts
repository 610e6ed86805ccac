import type { BuyerCard, Range } from '../../../claims/result.ts'
import { formatNumber } from '../../../units.ts'

/** A figure of money with its sign said in words: a saving is positive, a cost "costs". One figure, no range. */
export function worthWords({ value, low, high }: Range): string {
  if (low < 0 && high > 0) return 'neither saves nor costs for sure'
  const usd = `${formatNumber(Math.abs(value))} USD a day`
  return value < 0 ? `costs ${usd}` : value === 0 ? 'saves nothing' : `saves ${usd}`
}

/** What the warehouse is worth against what the buyer has, at the buyer's load. */
export function worthSentence({ usdPerDay, against, load }: BuyerCard): string {
  const beside = against === 'hbm-only' ? 'HBM alone' : 'your DRAM'
  const at = `against ${beside} at ${formatNumber(load)} conversations a replica`
  if (usdPerDay === null) return `It saves no GPU ${at}.`
  return `It ${worthWords(usdPerDay)} ${at}.`
}
