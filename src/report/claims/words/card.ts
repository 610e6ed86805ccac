import type { BuyerCard, CardLoad } from '../../../claims/result.ts'
import { formatFigures, formatMs, formatNumber, formatRatio } from '../../../units.ts'
import { none, type ReportTable } from '../../tables/report-table.ts'
import { worthSentence } from './worth.ts'

/** Below this share a gain is told as none. */
const told = 0.03
const conversations = (count: number): string => `${formatNumber(count)} conversations a replica`

/** The buyer's questions in order, a line each: is it true for me, why, is what I own enough, when would it be true, what is it worth. */
export function cardLines(card: BuyerCard): string[] {
  return [answerLine(card), whyLine(card), enoughLine(card), whenLine(card), worthSentence(card)].filter(
    (line) => line !== '',
  )
}

/** "NO. At 12 conversations a replica the warehouse adds nothing: 1.00×, not 4.2×." */
export function answerLine(card: BuyerCard): string {
  const { answer, load, multiplier, claimed } = card
  const at = `At ${conversations(load)} the warehouse`
  if (multiplier === null) return `OPEN. ${at} has no figure.`
  const value = formatRatio(multiplier.value)
  const over = againstWords(card)
  const line = `${formatNumber(claimed)}×`
  if (answer === 'yes') return `YES. ${at} is worth ${value} against ${over}; ${line} is claimed.`
  if (answer === 'undecided') {
    const range = `${formatFigures(multiplier.low)} to ${formatFigures(multiplier.high)}`
    return `OPEN. ${at} is worth ${range}× against ${over}, which leaves ${line} undecided.`
  }
  const adds = addsWords(multiplier.value)
  return `NO. ${at} ${adds === '' ? `is worth ${value} against ${over}` : `${adds} ${over}: ${value}`}, not ${line}.`
}

function addsWords(value: number): string {
  if (value < 1 - told) return 'does less than'
  return value <= 1 + told ? 'adds nothing to' : ''
}

function againstWords({ against }: BuyerCard): string {
  return against === 'hbm-only' ? 'HBM alone' : 'your DRAM'
}

function whyLine({ contexts, load, dram }: BuyerCard): string {
  const holds = `Why: a replica’s HBM holds ${formatNumber(contexts.hbm)} such contexts; ${formatNumber(load)} are live`
  if (load <= contexts.hbm) return `${holds}, so nothing is thrown away.`
  if (dram === null || contexts.dram === null) return `${holds}, so what does not fit is computed again.`
  const fits = load <= contexts.hbm + contexts.dram
  return `${holds}, and ${fits ? 'the rest lies in your DRAM' : 'your DRAM does not hold the rest'}.`
}

/** Whether a memory that the buyer has does what the warehouse does. */
function keepsUp({ arms }: CardLoad, arm: string): boolean {
  return (arms[arm]?.tokensPerGpuSecond ?? 0) >= (1 - told) * (arms.warehouse?.tokensPerGpuSecond ?? 0)
}

function enoughLine({ loads, against, dram, contexts }: BuyerCard): string {
  const name = against === 'hbm-only' ? 'Your HBM' : 'Your DRAM'
  const short = loads.findIndex((load) => !keepsUp(load, against))
  if (short === -1) {
    const most = dram === null ? '' : `: ${dram} holds ${formatNumber(contexts.dram ?? 0)} more contexts a replica`
    return `${name} is enough at every load tried${most}.`
  }
  const { sessionsPerReplica, arms } = loads[short]!
  const gain = arms.warehouse!.tokensPerGpuSecond / arms[against]!.tokensPerGpuSecond
  const beyond = `at ${formatNumber(sessionsPerReplica)} the warehouse does ${formatRatio(gain)} as much`
  const before = loads[short - 1]
  return before === undefined
    ? `${name} is not enough: ${beyond}.`
    : `${name} is enough up to ${conversations(before.sessionsPerReplica)}; ${beyond}.`
}

function whenLine({ claimed, trueFrom, loads, dram }: BuyerCard): string {
  const line = `${formatNumber(claimed)}×`
  if (trueFrom === null) {
    const best = highest(loads)
    const gain = best.arms.warehouse!.tokensPerGpuSecond / best.arms['hbm-only']!.tokensPerGpuSecond
    const most = `${line} is true at no load tried, up to ${conversations(loads.at(-1)!.sessionsPerReplica)}; the most is ${formatRatio(gain)} against HBM alone`
    return `${most}${besideDram(best, dram)}.`
  }
  const away = ({ sessionsPerReplica }: CardLoad): number => Math.abs(sessionsPerReplica - trueFrom)
  const near = loads.reduce((best, load) => (away(load) < away(best) ? load : best))
  return `${line}, within the claim’s tolerance, would be true from about ${conversations(trueFrom)} on, against HBM alone${besideDram(near, dram)}.`
}

function besideDram({ arms, sessionsPerReplica }: CardLoad, dram: string | null): string {
  const own = arms['local-dram']
  if (dram === null || own === undefined) return ''
  const gain = arms.warehouse!.tokensPerGpuSecond / own.tokensPerGpuSecond
  return `; against your DRAM it is ${formatRatio(gain)} at ${formatNumber(sessionsPerReplica)}`
}

function highest(loads: readonly CardLoad[]): CardLoad {
  const gain = ({ arms }: CardLoad): number => arms.warehouse!.tokensPerGpuSecond / arms['hbm-only']!.tokensPerGpuSecond
  return loads.reduce((best, load) => (gain(load) > gain(best) ? load : best))
}

/** What to do first, and the link as it was taken. */
export function firstLine(card: BuyerCard): string {
  const { link } = card
  const perGpu = formatNumber(link.bytesPerSecond / 1e9)
  const own = / a GPU$/i.test(link.text) ? '' : ` (${perGpu} GB/s a GPU)`
  return `Do first: ${doFirst(card)}. Link taken as ${link.text}${own}.`
}

function doFirst({ loads, against, contexts, load, dram }: BuyerCard): string {
  const full = Math.max(1, Math.floor(contexts.hbm))
  const own = loads.find(({ isOwn }) => isOwn)!
  if (keepsUp(own, 'hbm-only')) {
    return dram === null
      ? `nothing at this load; ask again before ${conversations(full)}`
      : `DRAM offload, before about ${conversations(full)}`
  }
  if (dram === null) return 'put DRAM into the hosts and ask again with "dram:", before anything is bought'
  if (keepsUp(own, against)) return 'DRAM offload, now'
  return `DRAM offload, now; a warehouse for what ${formatNumber(load)} conversations need beyond it`
}

/** What was done to the workload, as a sentence; empty where nothing was. */
export function takenLine({ scaled, claim }: BuyerCard): string {
  return scaled === '' ? '' : `Taken: the workload of ${claim}, ${scaled}.`
}

const armNames = { 'hbm-only': 'HBM', 'local-dram': '+DRAM', warehouse: 'warehouse' } as const

/** The buyer's arms over loads: tokens per GPU-second, then TTFT p95. */
export function cardTable({ loads }: BuyerCard): ReportTable {
  const arms = Object.keys(armNames).filter((arm) => loads[0]?.arms[arm] !== undefined) as (keyof typeof armNames)[]
  return {
    title: 'Your arms over the load',
    head: [
      'conversations a replica',
      ...arms.map((arm) => `tokens per GPU-second, ${armNames[arm]}`),
      ...arms.map((arm) => `TTFT p95, ${armNames[arm]}`),
    ],
    rows: loads.map(({ sessionsPerReplica, isOwn, arms: figures }) => [
      `${formatNumber(sessionsPerReplica)}${isOwn ? ' (you)' : ''}`,
      ...arms.map((arm) => formatFigures(figures[arm]!.tokensPerGpuSecond)),
      ...arms.map((arm) => (figures[arm]!.ttftP95Ms === null ? none : formatMs(figures[arm]!.ttftP95Ms!))),
    ]),
  }
}

/** The table as lines of a terminal, with the two figures as heads over their arms. */
export function cardTableLines(card: BuyerCard): string[] {
  const { head, rows } = cardTable(card)
  const arms = (head.length - 1) / 2
  const short = head.map((name, i) => (i === 0 ? 'a replica' : name.split(', ')[1]!))
  const widths = short.map((name, i) => Math.max(name.length, i === 0 ? 13 : 9, ...rows.map((row) => row[i]!.length)))
  const block = (from: number): number => widths.slice(from, from + arms).reduce((sum, width) => sum + width + 2, 0)
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]! + 2))).join('')
  const over = `${'conversations'.padEnd(widths[0]!)}${'tokens per GPU-second'.padStart(block(1))}${'TTFT p95'.padStart(block(1 + arms))}`
  return [over, line(short), ...rows.map(line)]
}
