import type { Range } from '../../../claims/result.ts'
import { formatBytes, formatMs, formatNumber, formatRatio, formatShare } from '../../../units.ts'

const formats: ReadonlyMap<string, (value: number) => string> = new Map([
  ['', formatNumber],
  ['×', formatRatio],
  ['x', formatRatio],
  ['B', formatBytes],
  ['B/s', (value) => `${formatBytes(value)}/s`],
  ['ms', formatMs],
])

/** "share", "share of peak": 0..1, told in per cent. */
export function isShare(unit: string): boolean {
  return /^share\b/.test(unit)
}

/** A value in its unit: "3.84×", "96.3 %" of a share, "40 GB" of bytes, "1,200 USD/day". */
export function valueText(value: number, unit: string): string {
  if (!Number.isFinite(value)) return 'no figure'
  if (isShare(unit)) return formatShare(value).replace('-', '−') + unit.slice('share'.length)
  const sign = value < 0 ? '−' : ''
  const size = Math.abs(value)
  return sign + (formats.get(unit)?.(size) ?? `${formatNumber(size)} ${unit}`)
}

/** "3.84× (3.71–3.96)"; a value whose range is a point stands alone. */
export function rangeText({ value, low, high }: Range, unit: string): string {
  const told = valueText(value, unit)
  if (low === high || !Number.isFinite(low) || !Number.isFinite(high)) return told
  const ends = endsText(low, high, unit)
  const suffix = suffixOf(told)
  const isSame = suffix !== '' && suffixOf(ends) === suffix && !hasUnitInside(ends, suffix)
  return `${told} (${isSame ? ends.slice(0, -suffix.length) : ends})`
}

/** The two ends have units of their own: "900 ms–1.2 s". */
function hasUnitInside(ends: string, suffix: string): boolean {
  return /[a-zA-Zµ%×]/.test(ends.slice(0, -suffix.length).replace(' to ', ''))
}

/** "3.71–3.96×", "−2 to 5 USD/day": the unit once where it is the same. */
export function endsText(low: number, high: number, unit: string, text = valueText): string {
  const [from, to] = [text(low, unit), text(high, unit)]
  const joint = low < 0 || high < 0 ? ' to ' : '–'
  const suffix = suffixOf(to)
  return `${suffixOf(from) === suffix ? from.slice(0, from.length - suffix.length) : from}${joint}${to}`
}

/** What follows the last digit. */
function suffixOf(text: string): string {
  return /[^\d]*$/.exec(text)![0]
}

/** A value as it was put in, not found: "8,192 tokens" is not rounded to three figures. */
export function inputText(value: number, unit: string): string {
  if (unit === 'B' || unit === 'B/s' || unit === 'ms') return valueText(value, unit)
  const exact = isShare(unit) ? Number((100 * value).toPrecision(6)) : value
  const told = exact.toLocaleString('en-US', { maximumSignificantDigits: Number.isInteger(exact) ? 6 : 3 })
  if (unit === '×' || unit === 'x') return `${told}×`
  return unit === '' ? told : `${told} ${unitName(unit)}`
}

/** Short ticks: "131K", "0.5". */
export function tickText(value: number, unit = ''): string {
  if (isShare(unit)) return `${Number((value * 100).toPrecision(3))} %`
  if (unitName(unit) === '') return unit === '' ? compact(value) : valueText(value, unit)
  return unit === '×' || unit === 'x' ? `${compact(value)}×` : compact(value)
}

function compact(value: number): string {
  return value.toLocaleString('en-US', { notation: 'compact', maximumSignificantDigits: 3 })
}

/** The unit as it stands in the title of an axis whose ticks are short; empty where the ticks have it. */
export function unitName(unit: string): string {
  if (unit === 'B' || unit === 'B/s' || unit === 'ms') return ''
  if (unit === 'x') return '×'
  return isShare(unit) ? `%${unit.slice('share'.length)}` : unit
}

/** "conversations a replica" for the option that files and the command line have. */
export function axisName(option: string): string {
  return optionNames.get(option) ?? option.replaceAll('-', ' ')
}

/** "TTFT 15 s, TPOT 100 ms" for limits as the command line has them; other values as given. */
export function placeText(at: string): string {
  const limits = /^ttft=([\d.]+)(\w+),tpot=([\d.]+)(\w+)$/.exec(at)
  return limits === null ? at : `TTFT ${limits[1]} ${limits[2]}, TPOT ${limits[3]} ${limits[4]}`
}

const optionNames: ReadonlyMap<string, string> = new Map([
  ['sessions-per-replica', 'conversations a replica'],
  ['in-flight-per-replica', 'requests in flight a replica'],
  ['slo', 'limits on latency (p95)'],
  ['dram', 'host DRAM a GPU'],
  ['context', 'context, tokens'],
  ['max-context', 'limit on the context, tokens'],
  ['tp', 'GPUs a replica'],
  ['gpus', 'GPUs'],
])
