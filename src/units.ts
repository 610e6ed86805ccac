import { badInput } from './errors.ts'
import { loadMath } from './mathjs.ts'

/** Bytes: decimal as data sheets write them, binary as memories count them. */
export const GB = 1e9
export const KiB = 1024
export const MiB = 1024 * KiB
export const GiB = 1024 * MiB

const countSuffixes: Readonly<Record<string, number>> = { k: 1e3, K: 1e3, M: 1e6, G: 1e9 }

/** "100k tokens", "1,600", "12_000", "2.5k" → a count. */
export function parseCount(value: string | number, where: string): number {
  const text = String(value).trim()
  const match = /^([\d][\d_,]*(?:\.\d+)?(?:e\d+)?)\s*([kKMG]?)(?:\s*(?:tokens?|blocks?|requests?))?$/.exec(text)
  const count = match ? Number(match[1]!.replace(/[_,]/g, '')) * (countSuffixes[match[2]!] ?? 1) : Number.NaN
  if (!Number.isFinite(count))
    throw badInput(where, `"${text}" is no count`, 'Write a number such as 1600, 1,600 or 100k.')
  return count
}

/** "288 GB", "12 MiB" → bytes. */
export function parseBytes(value: string | number, where: string): number {
  return parseQuantity(value, 'B', where, 'a size such as "288 GB" (1e9) or "12 GiB" (2^30)')
}

/** "37.5 GB/s" → bytes per ms. */
export function parseBytesPerMs(value: string | number, where: string): number {
  return parseQuantity(value, 'B/ms', where, 'a bandwidth such as "37.5 GB/s"')
}

/** "45s", "10 min", "0.5 ms" → ms. */
export function parseMs(value: string | number, where: string): number {
  return parseQuantity(value, 'ms', where, 'a time such as "45s", "200 ms" or "5 min"')
}

/** mathjs reads the quantity. A bare or ambiguous byte ("40 gb") is refused. */
function parseQuantity(value: string | number, unit: string, where: string, example: string): number {
  const text = String(value).trim()
  const refuse = (why: string): Error => badInput(where, `"${text}" ${why}`, `Write ${example}.`)
  const match = /^(-?[\d.][\d_,.]*(?:e-?\d+)?)\s*([A-Za-zµ/]+)$/.exec(text)
  if (!match) throw refuse('has no number with a unit')
  if (/^[kmgt]b(\/|$)/.test(match[2]!) || /^[KMGT]?i?b(\/|$)/.test(match[2]!)) {
    throw refuse('does not say which byte it means: GB is 1e9 bytes, GiB is 2^30')
  }
  try {
    const parsed = loadMath()
      .unit(`${match[1]!.replace(/[_,]/g, '')} ${match[2]!.replace(/^min$/, 'minutes')}`)
      .toNumber(unit)
    if (!Number.isFinite(parsed) || parsed < 0) throw refuse('is negative or not finite')
    return parsed
  } catch (error) {
    if (error instanceof Error && error.name === 'MemwallError') throw error
    throw refuse('has a unit that does not fit')
  }
}

/** Three significant figures, thousands separated. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : String(value)
  const rounded = Number(value.toPrecision(3))
  return rounded.toLocaleString('en-US', { maximumSignificantDigits: 3 })
}

/** Always three figures, so that "3.70" stands beside "3.84". */
export function formatFigures(value: number): string {
  return value.toLocaleString('en-US', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 })
}

/** "3.84×". */
export function formatRatio(value: number): string {
  return `${formatFigures(value)}×`
}

/** "3.71–3.96". */
export function formatInterval(low: number, high: number): string {
  return `${formatFigures(low)}–${formatFigures(high)}`
}

/** A whole count with its noun, not rounded: "1 request", "1,204 requests". */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`
}

/** A share of 0..1 as "61.2 %". */
export function formatShare(share: number): string {
  return `${(share * 100).toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} %`
}

/** Milliseconds in the unit that reads best. */
export function formatMs(ms: number): string {
  if (ms >= 1000) return `${formatNumber(ms / 1000)} s`
  if (ms >= 1 || ms === 0) return `${formatNumber(ms)} ms`
  return `${formatNumber(ms * 1000)} µs`
}

/** Bytes in decimal units. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return 'unlimited'
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${formatNumber(value)} ${units[unit]}`
}
