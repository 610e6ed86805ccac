import type { Report } from '../../src/report/report.ts'
import type { Change } from './fixture.ts'

/** The warehouse costs throughput. */
export const losing: Change = (report) => {
  setMultiplier(report, 'warehouse', { value: 0.83, low: 0.81, high: 0.85 })
  setMultiplier(report, 'local-dram', { value: 0.91, low: 0.89, high: 0.93 })
  const { gpuTimeShare } = report.arms['hbm-only']!
  Object.assign(gpuTimeShare, { redundantPrefill: 0.01, decode: gpuTimeShare.decode + 0.65 })
  report.bestAgainstBest = {}
  report.knee = []
}

export const loadLimited: Change = (report) => {
  report.setup.sessionsPerReplica = 2
  for (const name of Object.keys(report.multiplier))
    setMultiplier(report, name, { value: 1.01, low: 0.99, high: 1.03, bound: 'loadLimited' })
  for (const arm of Object.values(report.arms)) Object.assign(arm, { starvedShare: 0.4, busyShare: 0.58 })
}

export const interrupted: Change = (report) => {
  report.partial = true
  report.trust = 'fitted'
  report.controls = []
  report.verification!.mutantDetected = null
  report.costModel.planErrorRelative = null
  withoutIntervals(report)
}

/** A run of the backend `model`. */
export const planned: Change = (report) => {
  report.trust = 'catalogue'
  report.verification = null
  report.setup.backend = 'model'
  report.setup.repeats = 0
  report.scaleModel = []
  report.costModel = { hash: '7f3a9c', fitErrorRelative: null, planErrorRelative: null }
  report.knee = report.knee.filter(({ scale }) => scale === 'target')
  withoutIntervals(report)
}

/** Keeps the named arms only, as a run of these arms would have it. */
export function onlyArms(...names: readonly string[]): Change {
  const keep = <Value>(record: Record<string, Value>): Record<string, Value> =>
    Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)))
  return (report) => {
    const compared = names.includes('hbm-only')
    report.arms = keep(report.arms)
    report.multiplier = compared ? keep(report.multiplier) : {}
    report.seeds.multiplier = compared ? keep(report.seeds.multiplier) : {}
    report.bestAgainstBest = {}
    for (const point of report.knee) {
      point.arms = keep(point.arms)
      point.multiplier = compared ? keep(point.multiplier) : {}
    }
  }
}

export function withoutKnee(report: Report): void {
  report.knee = []
  report.bestAgainstBest = {}
}

export function setMultiplier(report: Report, name: string, figures: Partial<Report['multiplier'][string]>): void {
  Object.assign(report.multiplier[name]!, figures)
}

function withoutIntervals(report: Report): void {
  for (const name of Object.keys(report.multiplier))
    setMultiplier(report, name, { low: null, high: null, minimaRatio: null })
}

/** Names that would break a page or a table if they were taken for markup. */
export const hostileName = `<script>alert("x")</script> | \`b\` & 'c'`

export const hostile: Change = (report) => {
  report.setup.workload = hostileName
  report.setup.link = hostileName
  report.setup.gpu = hostileName
  report.environment[hostileName] = hostileName
  report.parameters[hostileName] = hostileName
  report.controls[0]!.name = hostileName
  report.controls[0]!.passed = false
  report.scaleModel[0]!.ratio = hostileName
  report.arms[hostileName] = report.arms['local-dram']!
  report.multiplier[hostileName] = report.multiplier['local-dram']!
  for (const point of report.knee) {
    point.arms[hostileName] = point.arms['local-dram']!
    point.multiplier[hostileName] = point.multiplier['local-dram']!
  }
}

/** Nothing at all was reached. */
export const empty: Change = (report) => {
  onlyArms()(report)
  interrupted(report)
  withoutKnee(report)
  report.scaleModel = []
  report.verification = null
}

/** A cold window in which nothing ended: no latencies, no prompt tokens. */
export const withoutRequests: Change = (report) => {
  const noTimes = { p50: null, p90: null, p95: null, p99: null }
  for (const arm of Object.values(report.arms)) {
    Object.assign(arm, {
      promptTokens: 0,
      ttftMs: noTimes,
      tpotMs: noTimes,
      e2eMs: noTimes,
      ttftEcdfMs: [],
      tpotEcdfMs: [],
    })
  }
}

export const timed: Change = (report) => {
  Object.assign(report.setup, { load: 'timed', sessionsPerReplica: null })
  withoutKnee(report)
}

export const backlog: Change = (report) => {
  Object.assign(report.setup, { load: 'backlog', sessionsPerReplica: null, inFlightPerReplica: 12 })
  withoutKnee(report)
}

/** Every shape of a report that the renderers must cope with. */
export const variants: Readonly<Record<string, readonly Change[]>> = {
  winning: [],
  losing: [losing],
  'load-limited': [loadLimited],
  interrupted: [interrupted],
  planned: [planned],
  'baseline alone': [onlyArms('hbm-only')],
  'warehouse alone': [onlyArms('warehouse')],
  'without a knee': [withoutKnee],
  hostile: [hostile],
  empty: [empty],
  'without requests': [withoutRequests],
  timed: [timed],
  backlog: [backlog],
}
