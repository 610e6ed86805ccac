import type { Figure } from '../history/figure.ts'
import { armNames } from './arms.ts'
import { ownScale } from './headline.ts'
import type { Report, ReportArm } from './report.ts'

/** Times are sums of floating-point numbers, and `exp` and `log` may differ in a last bit between machines. */
const timeTolerance = 1e-9

type Details = Partial<Pick<Figure, 'low' | 'high' | 'toleranceRelative'>>

/**
 * The numbers of a report that are worth following: what history keeps, the gate compares and the formats of CI carry. Names and
 * order are stable. Where the run is planned all of them but the wall times are deterministic; where it was measured, only what the plan fixes is.
 */
export function figuresOf(report: Report): Figure[] {
  return [
    ...multiplierFigures(report),
    ...armNames(report).flatMap((name) => armFigures(name, report.arms[name]!, timing(report))),
    ...loadFigures(report),
    ...wallFigures(report),
  ]
}

function timing({ trust }: Report): Figure['kind'] {
  return trust === 'tensors' ? 'measured' : 'deterministic'
}

function figure(
  name: string,
  unit: string,
  value: number,
  kind: Figure['kind'],
  better: Figure['better'],
  { low = null, high = null, toleranceRelative = timeTolerance }: Details = {},
): Figure {
  return { name, unit, value, low, high, kind, better, toleranceRelative }
}

function multiplierFigures(report: Report): Figure[] {
  const own = Object.entries(report.multiplier).map(([name, { value, low, high }]) =>
    figure(`${name}/multiplier`, '×', value, timing(report), 'higher', { low, high }),
  )
  const { strongestBaseline: strongest } = report
  const against = Object.entries(strongest?.multipliers ?? {}).map(([name, value]) =>
    // It is the answer over what that baseline is worth: measured where the answer is.
    figure(`${name}/multiplier against strongest free baseline`, '×', value, timing(report), 'higher'),
  )
  return [...own, ...against]
}

/** What a plan says of an arm; percentiles and counts alike. */
export function armFigures(
  name: string,
  arm: Omit<ReportArm, 'replicas' | 'ttftEcdfMs' | 'tpotEcdfMs'>,
  times: Figure['kind'],
): Figure[] {
  const count = (metric: string, unit: string, value: number, better: Figure['better'] = 'neither'): Figure =>
    figure(`${name}/${metric}`, unit, value, 'deterministic', better, { toleranceRelative: 0 })
  const timed = (metric: string, unit: string, value: number | null, better: Figure['better']): Figure[] =>
    value === null ? [] : [figure(`${name}/${metric}`, unit, value, times, better)]
  const { traffic, ttftMs, tpotMs } = arm
  return [
    ...timed('tokens per GPU-second', 'tokens/s', arm.tokensPerGpuSecond, 'higher'),
    count('hit rate', '', arm.hitRate, 'higher'),
    count('ceiling hit rate', '', arm.ceilingHitRate),
    count('prompt tokens', 'tokens', arm.promptTokens),
    count('tokens hit in HBM', 'tokens', arm.hbmHitTokens, 'higher'),
    count('tokens hit in DRAM', 'tokens', arm.dramHitTokens),
    count('tokens hit in warehouse', 'tokens', arm.warehouseHitTokens),
    count('tokens computed the first time', 'tokens', arm.firstTimeTokens),
    count('tokens computed again', 'tokens', arm.redundantTokens, 'lower'),
    count('evictions', 'blocks', traffic.evictions, 'lower'),
    count('preemptions', '', traffic.preemptions, 'lower'),
    count('fetches', '', traffic.fetches),
    count('bytes fetched', 'bytes', traffic.fetchedBytes),
    count('bytes stored', 'bytes', traffic.storedBytes),
    count('blocks not stored', 'blocks', traffic.droppedStoreBlocks, 'lower'),
    ...timed('redundant prefill overhead', '', arm.redundantPrefillOverhead, 'lower'),
    ...timed('busy share', '', arm.busyShare, 'neither'),
    ...timed('TTFT p50', 'ms', ttftMs.p50, 'lower'),
    ...timed('TTFT p95', 'ms', ttftMs.p95, 'lower'),
    ...timed('TPOT p50', 'ms', tpotMs.p50, 'lower'),
    ...timed('TPOT p95', 'ms', tpotMs.p95, 'lower'),
  ]
}

/** What was planned over loads, parameters and limits. */
function loadFigures(report: Report): Figure[] {
  const { knee, sweep, equalService } = report
  const planned = (
    place: string,
    multipliers: Readonly<Record<string, number | null>>,
    kind: Figure['kind'] = 'deterministic',
  ): Figure[] =>
    Object.entries(multipliers).flatMap(([name, value]) =>
      value === null ? [] : [figure(`${place}/${name}/multiplier`, '×', value, kind, 'higher')],
    )
  const means = (multiplier: Report['knee'][number]['multiplier']): Record<string, number> =>
    Object.fromEntries(Object.entries(multiplier).map(([name, { mean }]) => [name, mean]))
  return [
    ...knee.flatMap((point) => {
      const { scale, router, sessionsPerReplica, multiplier } = point
      const kind = isOwnPoint(report, point) ? timing(report) : 'deterministic'
      return planned(`knee/${scale}/${router}/${sessionsPerReplica}`, means(multiplier), kind)
    }),
    ...(sweep?.points ?? []).flatMap(({ value, multiplier }) =>
      planned(`sweep/${sweep!.parameter}=${value}`, means(multiplier)),
    ),
    ...equalService.flatMap(({ slo, multiplier }) => planned(`equal service/${slo.text}`, multiplier)),
  ]
}

/** The point of the knee that is the answer: measured where the answer is. */
function isOwnPoint(report: Report, { scale, router, sessionsPerReplica }: Report['knee'][number]): boolean {
  const { setup } = report
  return scale === ownScale(report) && router === setup.router && sessionsPerReplica === setup.sessionsPerReplica
}

/** How long the tool itself took, and how well its cost model fits: never the same twice. */
function wallFigures({ planSeconds, costModel }: Report): Figure[] {
  const { fitErrorRelative, planErrorRelative } = costModel
  const error = (name: string, value: number | null): Figure[] =>
    value === null ? [] : [figure(name, '', value, 'measured', 'lower')]
  return [
    figure('planning time', 's', planSeconds, 'measured', 'lower'),
    ...error('fit error', fitErrorRelative),
    ...error('plan error', planErrorRelative),
  ]
}
