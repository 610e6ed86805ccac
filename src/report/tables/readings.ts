import { formatRatio } from '../../units.ts'
import { armNames, armPhrase, baselineArm, hasOtherGpus } from '../arms.ts'
import { againstStrongest, bestOf, type Multiplier } from '../headline.ts'
import type { EqualService, Report } from '../report.ts'
import { loadPhrase } from '../words/load.ts'
import { gpusOf } from '../words/ratio.ts'
import { sloName } from '../words/slo.ts'
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
    title: titleOf(report, readings.length),
    head: ['arm', ...readings.map(({ name }) => name)],
    rows: names.map((name) => [name, ...readings.map(({ cell }) => cell(name))]),
    wordsFrom: 1,
  }
}

const countWords = ['No reading', 'One reading', 'Two readings', 'Three readings', 'Four readings', 'Five readings']

function titleOf({ trust }: Report, count: number): string {
  const planned = trust === 'tensors' && count > 1 ? '; all but the first are planned' : ''
  return `${countWords[count] ?? `${count} readings`} of the multiplier, and the GPUs that 100 are worth by each${planned}`
}

function readingsOf(report: Report): Reading[] {
  const strongest = (arm: string): string => {
    const figure = againstStrongest(report, arm)
    return figure === undefined ? none : worth(figure.value, figure.bound)
  }
  return [
    { name: `same load: ${lowered(loadPhrase(report))}`, cell: (arm) => sameLoad(report, arm) },
    { name: 'against the strongest free baseline', cell: strongest },
    { name: 'best against best: each at its own best load', cell: (arm) => best(report, arm) },
    ...report.equalService.map((service) => ({
      name: `equal service: ${sloName(service.slo)}`,
      cell: (arm: string) => equalServiceCell(service, arm),
    })),
  ]
}

function sameLoad(report: Report, arm: string): string {
  const figure = report.multiplier[arm]
  if (figure === undefined || !Number.isFinite(figure.value)) return none
  const baseline = report.arms[baselineArm]
  const inAll =
    hasOtherGpus(report, arm) && baseline !== undefined && baseline.tokensPerSecond > 0
      ? `; ${report.arms[arm]!.gpus} GPUs in all ${formatRatio(report.arms[arm]!.tokensPerSecond / baseline.tokensPerSecond)}`
      : ''
  return `${worth(figure.value, figure.bound)}${inAll}`
}

function best(report: Report, arm: string): string {
  const figure = bestOf(report, arm)
  if (figure === undefined) return none
  return worth(figure.value, figure.bound)
}

/** "≥ 2.10×, 210 GPUs"; without a load that keeps the SLO it says whose. */
export function equalServiceCell({ arms, multiplier }: EqualService, arm: string): string {
  const own = arms[arm]
  const baseline = arms[baselineArm]
  if (own === undefined) return none
  if (own.tokensPerGpuSecond === null) return 'keeps it at no load'
  if (baseline === undefined) return none
  if (baseline.tokensPerGpuSecond === null) return `${armPhrase(baselineArm)} keeps it at no load`
  return worth(multiplier[arm] ?? undefined, equalServiceBound(own.isHighestTried, baseline.isHighestTried))
}

/** An arm that still keeps the SLO at the highest load of the grid may well keep it beyond. */
export function equalServiceBound(arm: boolean, baseline: boolean): Multiplier['bound'] {
  if (arm && baseline) return 'loadLimited'
  if (arm) return 'lower'
  return baseline ? 'upper' : 'exact'
}

const boundSigns: Readonly<Record<Multiplier['bound'], string>> = {
  exact: '',
  lower: '≥ ',
  upper: '≤ ',
  loadLimited: '',
}

/** "≥ 1.81×, 181 GPUs": a lower bound. What the load limits is worth no GPUs. */
function worth(ratio: number | undefined, bound: Multiplier['bound'] = 'exact'): string {
  if (ratio === undefined) return none
  if (bound === 'loadLimited') return `${formatRatio(ratio)}, load-limited`
  return `${boundSigns[bound]}${formatRatio(ratio)}, ${gpusOf(ratio)} GPUs`
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
