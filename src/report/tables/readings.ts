import { formatInterval, formatRatio } from '../../units.ts'
import { armNames, armPhrase, baselineArm, hasOtherGpus } from '../arms.ts'
import { bestOf, kneeCurve, ownScale } from '../headline.ts'
import type { EqualService, Report } from '../report.ts'
import { aReplica, loadPhrase } from '../words/load.ts'
import { boundNote, gpusOf } from '../words/ratio.ts'
import { none, type ReportTable } from './report-table.ts'

/** A way to compare: its name, and what each arm is worth in it. */
interface Reading {
  readonly name: string
  readonly cell: (arm: string) => string
}

/** A multiplier depends on how it is taken: same load, best against best and equal service, never mixed. */
export function readingsTable(report: Report): ReportTable | undefined {
  const names = armNames(report).filter((name) => report.multiplier[name] !== undefined)
  const readings = readingsOf(report).filter(({ cell }) => names.some((name) => cell(name) !== none))
  if (names.length === 0 || readings.length === 0) return undefined
  return {
    title: titleOf(readings.length),
    head: ['arm', ...readings.map(({ name }) => name)],
    rows: names.map((name) => [name, ...readings.map(({ cell }) => cell(name))]),
    wordsFrom: 1,
  }
}

const countWords = ['No reading', 'One reading', 'Two readings', 'Three readings', 'Four readings', 'Five readings']

function titleOf(count: number): string {
  return `${countWords[count] ?? `${count} readings`} of the multiplier, not to be mixed: the ratio, and what 100 GPUs are worth by it`
}

function readingsOf(report: Report): Reading[] {
  const { strongestBaseline } = report
  return [
    { name: `same load: ${lowered(loadPhrase(report))}`, cell: (arm) => sameLoad(report, arm) },
    ...(strongestBaseline === undefined
      ? []
      : [
          {
            name: `against the strongest free baseline (${strongestBaseline.name}), planned`,
            cell: (arm: string) => worth(strongestBaseline.multipliers[arm]),
          },
        ]),
    { name: 'best against best, planned: each at its own best load', cell: (arm) => best(report, arm) },
    ...report.equalService.map((service) => ({
      name: `equal service, planned: ${service.slo.text}`,
      cell: (arm: string) => equalServiceCell(service, arm),
    })),
  ]
}

function sameLoad(report: Report, arm: string): string {
  const figure = report.multiplier[arm]
  if (figure === undefined || !Number.isFinite(figure.value)) return none
  const { value, low, high, bound } = figure
  const baseline = report.arms[baselineArm]
  return [
    low === null || high === null ? formatRatio(value) : `${formatRatio(value)} (${formatInterval(low, high)})`,
    bound === 'loadLimited' ? '' : gpus(value),
    boundNote(bound),
    hasOtherGpus(report, arm) && baseline !== undefined && baseline.tokensPerSecond > 0
      ? `${report.arms[arm]!.gpus} GPUs in all ${formatRatio(report.arms[arm]!.tokensPerSecond / baseline.tokensPerSecond)}`
      : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}

function best(report: Report, arm: string): string {
  const figure = bestOf(report, arm)
  if (figure === undefined) return none
  const { value, sessionsPerReplica, baselineSessionsPerReplica } = figure
  const loads = kneeCurve(report, ownScale(report), report.setup.router).filter((point) => point.arms[arm])
  const edge = loads.at(-1)?.sessionsPerReplica === sessionsPerReplica ? ', the highest tried: a lower bound' : ''
  return `${worth(value)}; at ${sessionsPerReplica} against ${baselineSessionsPerReplica} ${aReplica(report)}${edge}`
}

/** "2.10×, 210 GPUs, a lower bound"; without a load that keeps the SLO it says whose. */
export function equalServiceCell({ arms, multiplier }: EqualService, arm: string): string {
  const own = arms[arm]
  const baseline = arms[baselineArm]
  if (own === undefined) return none
  if (own.tokensPerGpuSecond === null) return 'keeps it at no load'
  if (baseline === undefined || baseline.tokensPerGpuSecond === null)
    return `${armPhrase(baselineArm)} keeps it at no load`
  const ratio = multiplier[arm] ?? null
  if (ratio === null) return none
  const bound = equalServiceBound(own.isHighestTried, baseline.isHighestTried)
  return [worth(ratio), bound].filter((part) => part !== '').join(', ')
}

/** An arm that still keeps the SLO at the highest load of the grid may well keep it beyond. */
export function equalServiceBound(arm: boolean, baseline: boolean): string {
  if (arm && baseline) return 'load-limited: both keep it at the highest load tried'
  if (arm) return 'a lower bound'
  return baseline ? 'an upper bound' : ''
}

function worth(ratio: number | undefined): string {
  return ratio === undefined ? none : `${formatRatio(ratio)}, ${gpus(ratio)}`
}

function gpus(ratio: number): string {
  return `${gpusOf(ratio)} GPUs`
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
