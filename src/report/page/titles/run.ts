import { formatMs, formatRatio, formatShare } from '../../../units.ts'
import { armNames, armPhrase, baselineArm, ceilingArm, headlineArm } from '../../arms.ts'
import { headlineMultiplier, verdictOf } from '../../headline.ts'
import type { Report, ReportArm } from '../../report.ts'
import { gpusOf, plannedWork } from '../../words/ratio.ts'
import type { LatencyMetric } from '../charts/latency.ts'

/** Titles of the charts: each is a finding with its number, and says the opposite when the data does. */
export function equivalentsTitle(report: Report): string {
  const headline = headlineMultiplier(report)
  if (headline === undefined) return 'What 100 GPUs are worth'
  const { arm, multiplier } = headline
  const worth = gpusOf(multiplier.value)
  const subject = `With ${armPhrase(arm)} 100 GPUs`
  switch (verdictOf(multiplier)) {
    case 'gain':
      return `${subject} do the work of ${worth}${againstStrongest(report)}${besideOthers(report, arm)}`
    case 'none':
      return `${subject} do the work of no more than 100 (${formatRatio(multiplier.value)}): no gain can be told from none`
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

/** A gain over the baseline that is none over the best that is free is no gain to pay for. */
function againstStrongest({ strongestBaseline }: Report): string {
  if (strongestBaseline === undefined) return ''
  const work = plannedWork(strongestBaseline.multiplier)
  return work === gpusOf(strongestBaseline.multiplier)
    ? `, of ${work} against the strongest free baseline`
    : `, but of ${work} against the strongest free baseline`
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

/** A share, or that there is none. */
export function some(share: number): string {
  return share < 0.0005 ? 'none' : formatShare(share)
}

function compared(report: Report): { baseline: ReportArm | undefined; arm: ReportArm | undefined; name: string } {
  const asked = headlineArm(report)
  const withPrompts = armNames(report).filter((name) => report.arms[name]!.promptTokens > 0)
  const of = (name: string | undefined): ReportArm | undefined =>
    name !== undefined && withPrompts.includes(name) ? report.arms[name] : undefined
  return { baseline: of(baselineArm), arm: of(asked), name: asked ?? baselineArm }
}
