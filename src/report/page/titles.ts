import { formatFigures, formatMs, formatNumber, formatRatio, formatShare } from '../../units.ts'
import { conversations, gpusOf } from '../answer.ts'
import { armNames, armPhrase, baselineArm, ceilingArm, headlineArm } from '../arms.ts'
import { headlineMultiplier, kneeCurve, ownScale, verdictOf } from '../headline.ts'
import type { Report, ReportArm } from '../report.ts'
import { agrees, mismatchCell } from '../scale-words.ts'
import type { LatencyMetric } from './charts/latency.ts'

/** Titles of the charts: each is a finding with its number, and says the opposite when the data does. */
export function equivalentsTitle(report: Report): string {
  const headline = headlineMultiplier(report)
  if (headline === undefined) return 'What 100 GPUs are worth'
  const { arm, multiplier } = headline
  const worth = gpusOf(multiplier.value)
  const subject = `With ${armPhrase(arm)} 100 GPUs`
  switch (verdictOf(multiplier)) {
    case 'gain':
      return `${subject} do the work of ${worth}${besideOthers(report, arm)}`
    case 'none':
      return `${subject} do the work of 100: there is no gain that can be told from none`
    case 'loss':
      return `${subject} do the work of only ${worth}: it costs throughput`
    case 'atLeast':
      return `${subject} do the work of at least ${worth}: it ran out of requests before it ran out of memory`
    case 'atMost':
      return `${subject} do the work of at most ${worth}: the baseline was not under full load`
    case 'loadLimited':
      return `No gain in capacity is shown with ${armPhrase(arm)}: the load is the limit, not memory`
  }
}

/** What the next best arm does, and what no memory system can exceed. */
function besideOthers(report: Report, arm: string): string {
  const dram = arm === 'local-dram' ? undefined : report.multiplier['local-dram']
  const ceiling = arm === ceilingArm ? undefined : report.multiplier[ceilingArm]
  const parts = [
    dram && Number.isFinite(dram.value) ? `local DRAM gives ${gpusOf(dram.value)}` : '',
    ceiling && Number.isFinite(ceiling.value) && ceiling.value >= report.multiplier[arm]!.value
      ? `the ceiling is ${gpusOf(ceiling.value)}`
      : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`
}

export function promptTokensTitle(report: Report): string {
  const { baseline, arm, name } = compared(report)
  const again = (one: ReportArm): number => one.redundantTokens / one.promptTokens
  if (baseline === undefined || arm === undefined) {
    const [only, who] = arm === undefined ? [baseline, baselineArm] : [arm, name]
    if (only === undefined) return 'Where prompt tokens came from'
    return `With ${armPhrase(who)} ${formatShare(again(only))} of prompt tokens are computed again`
  }
  const [without, withArm] = [again(baseline), again(arm)]
  if (without < 0.05)
    return `Only ${formatShare(without)} of prompt tokens are computed again without ${armPhrase(name)}: there is little to save`
  if (withArm >= without * 0.9)
    return `${formatShare(withArm)} of prompt tokens are computed again with ${armPhrase(name)}, no less than the ${formatShare(without)} without`
  return `${formatShare(without)} of prompt tokens are computed again without ${armPhrase(name)}, ${some(withArm)} with it`
}

export function gpuTimeTitle(report: Report): string {
  const { baseline, arm, name } = compared(report)
  const redundant = (one: ReportArm): number => one.gpuTimeShare.redundantPrefill
  const waste = (one: ReportArm): number => redundant(one) + one.gpuTimeShare.stalled
  if (baseline === undefined || arm === undefined) {
    const [only, who] = arm === undefined ? [baseline, baselineArm] : [arm, name]
    if (only === undefined) return 'Where GPU time went'
    return `Redundant prefill is ${formatShare(redundant(only))} of GPU time with ${armPhrase(who)}`
  }
  if (waste(arm) > waste(baseline) + 0.005) {
    return `More GPU time is wasted with ${armPhrase(name)} than without: ${formatShare(waste(arm))} redundant or stalled against ${formatShare(waste(baseline))}`
  }
  const only = redundant(baseline) < 0.05 ? 'only ' : ''
  return `Redundant prefill is ${only}${formatShare(redundant(baseline))} of GPU time without ${armPhrase(name)}, ${some(redundant(arm))} with it`
}

export function latencyTitle(report: Report, metric: LatencyMetric): string {
  const { baseline, arm, name } = compared(report)
  const p95 = (one: ReportArm | undefined): number | null =>
    (metric === 'ttft' ? one?.ttftMs : one?.tpotMs)?.p95 ?? null
  const [without, withArm] = [p95(baseline), p95(arm)]
  const title = `${metric.toUpperCase()} p95`
  const mock = report.trust === 'catalogue' ? '' : ' (mock time)'
  if (without === null || withArm === null) {
    const [only, who] = withArm === null ? [without, baselineArm] : [withArm, name]
    return only === null ? title : `${title} is ${formatMs(only)} with ${armPhrase(who)}${mock}`
  }
  const change = `from ${formatMs(without)} without ${armPhrase(name)} to ${formatMs(withArm)} with it${mock}`
  if (Math.abs(withArm / without - 1) < 0.05) return `${title} hardly changes: ${change}`
  return `${title} ${withArm < without ? 'falls' : 'rises'} ${change}`
}

export function kneeTitle(report: Report): string {
  const name = headlineArm(report)
  const curve = kneeCurve(report, ownScale(report), report.setup.router)
  const points = curve.flatMap((point) => {
    const figure = name === undefined ? undefined : point.multiplier[name]
    return figure === undefined ? [] : [{ load: point.sessionsPerReplica, ...figure }]
  })
  if (name === undefined || points.length === 0) return 'Throughput over load'
  const last = points.at(-1)!
  const gains = points.filter(
    ({ mean, min, bound }) => bound !== 'loadLimited' && bound !== 'upper' && mean > 1.05 && min > 1,
  )
  const [from] = gains
  if (from === undefined)
    return `At no load up to ${conversations(last.load)} a GPU is a gain with ${armPhrase(name)} shown`
  const top = gains.reduce((best, point) => (point.mean > best.mean ? point : best))
  const most = top === from ? '' : `, ${formatRatio(top.mean)} at ${top.load}`
  const start = from === points[0] ? 'There is a gain at every load from' : 'The gain begins at'
  return `${start} ${conversations(from.load)} a GPU: ${formatRatio(from.mean)}${most} (planned)`
}

export function throughputTitle(report: Report): string {
  const curve = kneeCurve(report, ownScale(report), report.setup.router)
  const rates = curve.flatMap(({ sessionsPerReplica, arms }) =>
    arms[baselineArm] === undefined ? [] : [{ load: sessionsPerReplica, rate: arms[baselineArm].tokensPerGpuSecond }],
  )
  if (rates.length < 2) return 'Tokens per GPU-second over load'
  const peak = rates.reduce((best, point) => (point.rate > best.rate ? point : best))
  const last = rates.at(-1)!
  if (last.rate > peak.rate * 0.95) {
    return `More load does not slow ${armPhrase(baselineArm)}: ${formatFigures(last.rate)} tokens per GPU-second at ${conversations(last.load)} a GPU`
  }
  return `More load slows ${armPhrase(baselineArm)}: from ${formatFigures(peak.rate)} tokens per GPU-second at ${conversations(peak.load)} a GPU to ${formatFigures(last.rate)} at ${last.load}`
}

export function scaleTitle({ scaleModel }: Report): string {
  const close = scaleModel.filter(agrees)
  const furthest = scaleModel.reduce((worst, row) => (Math.abs(row.mismatch) > Math.abs(worst.mismatch) ? row : worst))
  const count = `${close.length} of ${scaleModel.length} ratios of the mock are within 10 % of the target’s`
  if (close.length === scaleModel.length) return count
  return `${count}; the furthest off is ${furthest.ratio} (${mismatchCell(furthest)})`
}

export function controlsTitle({ controls }: Report): string {
  const failed = controls.filter(({ passed }) => !passed).length
  const count = formatNumber(controls.length)
  return failed === 0 ? `All ${count} controls came out as expected` : `${failed} of ${count} controls failed`
}

/** A share, or that there is none. */
function some(share: number): string {
  return share < 0.0005 ? 'none' : formatShare(share)
}

function compared(report: Report): { baseline: ReportArm | undefined; arm: ReportArm | undefined; name: string } {
  const asked = headlineArm(report)
  const withPrompts = armNames(report).filter((name) => report.arms[name]!.promptTokens > 0)
  const of = (name: string | undefined): ReportArm | undefined =>
    name !== undefined && withPrompts.includes(name) ? report.arms[name] : undefined
  return { baseline: of(baselineArm), arm: of(asked), name: asked ?? baselineArm }
}
