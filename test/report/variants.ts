import type { Report } from '../../src/report/report.ts'
import type { Change } from './fixture.ts'
import {
  alternatives,
  attributionFixture,
  breakEvenFixture,
  equalServiceFixture,
  scaleComparisonFixture,
  strongestBaseline,
  sweepFixture,
  validationFixture,
} from './sections-fixture.ts'
import { timelineFixture } from './timeline-fixture.ts'

/** A run with everything that a report can show. */
export const complete: Change = (report) => {
  report.sweep = sweepFixture()
  report.equalService = equalServiceFixture()
  report.strongestBaseline = structuredClone(strongestBaseline)
  report.attribution = attributionFixture()
  report.breakEven = breakEvenFixture()
  report.alternatives = structuredClone(alternatives)
  report.scaleComparison = scaleComparisonFixture()
  report.validation = validationFixture()
  report.timeline = timelineFixture()
}

/** 104 GPUs as 13 replicas of 8. */
export const tensorParallel: Change = (report) => {
  Object.assign(report.target, { gpus: 104, tensorParallel: 8, replicas: 13 })
  for (const arm of Object.values(report.arms)) arm.gpus = report.trust === 'catalogue' ? 104 : arm.gpus
}

/** Arms with parameters in their names, and one with other GPUs than the baseline's. */
export const withParameters: Change = (report) => {
  const dram = report.arms['local-dram']!
  const add = (name: string, share: number, gpuFactor = 1): void => {
    const gpus = dram.gpus * gpuFactor
    const tokensPerGpuSecond = dram.tokensPerGpuSecond * share
    report.arms[name] = { ...dram, gpus, tokensPerGpuSecond, tokensPerSecond: tokensPerGpuSecond * gpus }
    const { value, low, high, ...rest } = report.multiplier['local-dram']!
    const scaled = (figure: number | null) => (figure === null ? null : figure * share)
    report.multiplier[name] = { ...rest, value: value * share, low: scaled(low), high: scaled(high) }
    for (const point of report.knee) {
      point.arms[name] = point.arms['local-dram']!
      point.multiplier[name] = point.multiplier['local-dram']!
    }
  }
  add('infinite-hbm', 1.3)
  add('local-dram:512GB', 1.06)
  add('more-gpus:2', 0.5, 2)
  add('compact-kv:fp8', 0.6)
  add('dram+warehouse', 1.15)
}

/** Under round-robin one replica of four can starve its users while the average looks fine. */
export const unevenReplica: Change = (report) => {
  Object.assign(report.arms.warehouse!.replicas[2]!, { hitRate: 0, ttftP50Ms: 61_000, ttftP95Ms: 212_000 })
}

/** No arm keeps any SLO but the ceiling, and the baseline keeps none. */
export const noEqualService: Change = (report) => {
  report.equalService = equalServiceFixture()
  for (const { arms, multiplier, gpuEquivalents } of report.equalService) {
    for (const name of ['hbm-only', 'local-dram', 'warehouse'])
      Object.assign(arms[name]!, { tokensPerGpuSecond: null, sessionsPerReplica: null })
    for (const name of Object.keys(multiplier)) multiplier[name] = gpuEquivalents[name] = null
  }
}

/** The link, its queues and the stores take everything that the memory gives. */
export const lossy: Change = (report) => {
  complete(report)
  const found = report.attribution!
  found.loss = { latencyAndBandwidth: 0.3, queueing: 0.8, stores: 0.9 }
  const { loss, tokensPerGpuSecond } = found
  tokensPerGpuSecond.real = tokensPerGpuSecond.both * loss.latencyAndBandwidth * loss.queueing * loss.stores
  found.capacityBytes = null
  report.breakEven!.contextTokens = 'never'
  report.breakEven!.curve = []
  report.strongestBaseline!.multiplier = 0.6
}

/** What is at the edge of what can be drawn: rates of 0, one point, arms and figures that are not there. */
export const degenerate: Change = (report) => {
  complete(report)
  Object.assign(report.attribution!.tokensPerGpuSecond, { none: 0 })
  Object.assign(report.attribution!.gain, { capacity: Number.POSITIVE_INFINITY })
  report.sweep!.points.splice(1)
  for (const arm of Object.values(report.sweep!.points[0]!.arms))
    Object.assign(arm, { ttftP95Ms: null, tpotP95Ms: null })
  for (const service of report.equalService) delete service.arms['hbm-only']
  report.knee = report.knee.filter(({ sessionsPerReplica }) => sessionsPerReplica === 8)
  for (const { arms } of report.knee)
    for (const arm of Object.values(arms)) Object.assign(arm, { ttftP95Ms: null, redundantPrefillOverhead: 0 })
  report.breakEven!.contextTokens = 1
  report.breakEven!.curve.forEach((point) => {
    point.fetchMs = 0
  })
  report.validation!.rows = report.validation!.rows.filter(({ role }) => role === 'unexplained')
  report.scaleComparison!.arms = {}
  report.target.assumptions = {}
  report.alternatives.splice(1)
  for (const arm of Object.values(report.arms))
    for (const replica of arm.replicas) Object.assign(replica, { ttftP50Ms: null, ttftP95Ms: null, hitRate: 0 })
}

/** A sweep over names, planned once. */
export const namedSweep: Change = (report) => {
  report.sweep = sweepFixture()
  report.sweep.parameter = 'kv'
  report.sweep.seeds = 1
  report.sweep.requests = null
  report.sweep.points.forEach((point, i) => {
    point.value = ['bf16', 'fp8', 'int8', 'compact'][i]!
  })
}

/** A sweep that moves another arm than the headline's. */
export const dramSweep: Change = (report) => {
  report.sweep = sweepFixture()
  report.sweep.parameter = 'dram'
  report.sweep.points.splice(3)
  report.sweep.points.forEach((point, i) => {
    const figure = (mean: number) => ({ mean, low: null, high: null, min: mean, max: mean, bound: 'exact' as const })
    point.value = ['64GB', '256GB', '1TB'][i]!
    point.arms['local-dram'] = point.arms.warehouse!
    point.multiplier = { 'local-dram': figure([1.05, 1.4, 1.86][i]!), warehouse: figure(1.86) }
  })
}

/** The warehouse costs throughput. */
export const losing: Change = (report) => {
  setMultiplier(report, 'warehouse', { value: 0.83, low: 0.81, high: 0.85, minimaRatio: 0.835 })
  setMultiplier(report, 'local-dram', { value: 0.91, low: 0.89, high: 0.93, minimaRatio: 0.915 })
  const { gpuTimeShare } = report.arms['hbm-only']!
  Object.assign(gpuTimeShare, { redundantPrefill: 0.01, decode: gpuTimeShare.decode + 0.65 })
  report.bestAgainstBest = {}
  report.knee = []
}

export const loadLimited: Change = (report) => {
  report.setup.sessionsPerReplica = 2
  for (const name of Object.keys(report.multiplier))
    setMultiplier(report, name, { value: 1.01, low: 0.99, high: 1.03, minimaRatio: 1.015, bound: 'loadLimited' })
  for (const name of Object.keys(report.strongestBaseline?.bounds ?? {})) {
    report.strongestBaseline!.bounds[name] = 'loadLimited'
  }
  for (const arm of Object.values(report.arms)) Object.assign(arm, { starvedShare: 0.4, busyShare: 0.58 })
}

export const interrupted: Change = (report) => {
  report.partial = true
  report.trust = 'fitted'
  report.controls = []
  report.verification!.mutantDetected = null
  report.costModel.planErrorRelative = null
  nothingMeasured(report)
  singleDraw(report)
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
  nothingMeasured(report)
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
    if (report.timeline !== undefined) report.timeline = keep(report.timeline)
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

/** Draws are planned only: no correction, no timing, and the interval is that of the draws. */
function nothingMeasured(report: Report): void {
  report.measuredDraws = []
  for (const [name, { draws }] of Object.entries(report.multiplier)) {
    const planned = { ...draws, measured: 0 }
    setMultiplier(report, name, { draws: planned, minimaRatio: null, timingNoise: null, correction: null })
  }
}

/** One planned draw, such as a trace, says nothing of how far others would be from it. */
export function singleDraw(report: Report): void {
  report.plannedWindow.draws = 1
  for (const [name, { draws }] of Object.entries(report.multiplier)) {
    const planned = { ...draws, planned: 1, spreadLow: null, spreadHigh: null }
    setMultiplier(report, name, { draws: planned, low: null, high: null })
  }
}

/** Names that would break a page or a table if they were taken for markup. */
export const hostileName = `<script>alert("x")</script> | \`b\` & 'c'`

export const hostile: Change = (report) => {
  report.setup.workload = hostileName
  report.setup.link = hostileName
  report.setup.gpu = hostileName
  report.environment[hostileName] = hostileName
  Object.assign(report.target, { gpu: hostileName, model: hostileName, warehouseLink: hostileName })
  if (report.strongestBaseline) report.strongestBaseline.name = hostileName
  if (report.breakEven) report.breakEven.link = hostileName
  if (report.sweep) report.sweep.parameter = hostileName
  report.parameters[hostileName] = hostileName
  report.controls[0]!.name = hostileName
  report.controls[0]!.passed = false
  report.scaleModel[0]!.ratio = hostileName
  report.arms[hostileName] = report.arms['local-dram']!
  report.multiplier[hostileName] = report.multiplier['local-dram']!
  if (report.timeline !== undefined) report.timeline[hostileName] = report.timeline['local-dram']!
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
  Object.assign(report.plannedWindow, { requests: null, settleRequests: 0, seats: 0 })
  withoutKnee(report)
}

export const backlog: Change = (report) => {
  Object.assign(report.setup, { load: 'backlog', sessionsPerReplica: null, inFlightPerReplica: 12 })
  withoutKnee(report)
}

/** GPUs that have all the memory they need, and a window of which nothing is known. */
export const roomy: Change = (report) => {
  complete(report)
  for (const arm of Object.values(report.timeline!)) {
    arm.evictions = arm.evictions.map(() => 0)
    for (const lane of arm.lanes) {
      lane.evictions = lane.evictions.map(() => 0)
      for (const key of ['fetchFromMs', 'fetchUntilMs', 'fetches', 'fetchedBytes'] as const) lane[key] = []
    }
    const { hbm, warehouse } = arm.memories
    hbm.heldBytes = hbm.heldBytes.map((bytes) => bytes / 2)
    hbm.pinnedBytes = hbm.pinnedBytes!.map((bytes) => bytes / 2)
    if (warehouse !== undefined) warehouse.heldBytes = warehouse.heldBytes.map(() => 0)
  }
  report.timeline!['infinite-hbm'] = structuredClone(report.timeline!.warehouse!)
  report.timeline!['infinite-hbm'].memories.hbm.capacityBytes = null
  report.arms['infinite-hbm'] = report.arms['infinite-cache']!
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
  complete: [complete],
  'complete, planned, TP 8': [planned, complete, tensorParallel],
  'arms with parameters': [complete, withParameters],
  'an uneven replica': [unevenReplica],
  'no equal service': [noEqualService],
  lossy: [lossy],
  'load-limited, complete': [complete, loadLimited],
  'named sweep': [namedSweep],
  'a sweep of another arm': [complete, dramSweep],
  degenerate: [degenerate],
  'complete, hostile': [complete, hostile],
  'complete, baseline alone': [complete, onlyArms('hbm-only')],
  'complete, without the baseline': [complete, onlyArms('local-dram', 'warehouse')],
  'complete, losing': [complete, losing],
  roomy: [roomy],
}
