import { boundOf } from '../../account/multiplier.ts'
import { equalService } from '../../experiment/analysis/equal-service.ts'
import type { StrongestBaseline } from '../../experiment/analysis/strongest-baseline.ts'
import { withCeiling } from '../../experiment/arms/ceiling.ts'
import { breakEvenOf } from '../../experiment/break-even.ts'
import type { ArmAnswer } from '../../experiment/draws/answers.ts'
import { againstStrongest, besideAnswer, toAnswer } from '../../experiment/draws/beside-answer.ts'
import type { Deployment } from '../../experiment/scale/deployment.ts'
import { residentContexts } from '../../experiment/scale/scale-model.ts'
import type { KneePoint } from '../../experiment/sweep/knee.ts'
import type { Validation } from '../../experiment/validation/validation.ts'
import type { ValidationRow } from '../../experiment/validation/validation-row.ts'
import { mfuOf } from '../../plan/roofline.ts'
import type { Report } from '../../report/report.ts'
import type { Analyses } from './analyses.ts'
import { kneeRequests, onFewReplicas } from './plan-tasks.ts'
import { fullDeployment } from './run-context.ts'
import type { RunFigures } from './run-figures.ts'
import { defaults, type Settings } from './settings.ts'

/** The GPU as reports name it. */
export function gpuName({ target, points }: Settings): string {
  return points === undefined ? target.gpu.name : `${target.gpu.name} (measured points)`
}

/** The deployment that a run answers for. */
export function targetFigures(settings: Settings): Report['target'] {
  const { target, gpus, replicas } = settings
  const full = fullDeployment(settings)
  return {
    gpu: gpuName(settings),
    gpus,
    tensorParallel: target.tensorParallel,
    replicas,
    model: target.model.name,
    weightFormat: target.weightFormat,
    kvFormat: target.kvFormat,
    warehouseLink: target.warehouseLink.name,
    dramLink: target.dramLink.name,
    contextTokens: target.contextTokens,
    maxContextTokens: target.maxContextTokens,
    dramBytesPerGpu: target.dramBytes,
    poolTokensPerReplica: full.poolTokens,
    contextsPerReplica: residentContexts(full),
    prefillMfu: mfuOf(target.gpu, { ...target, bound: 'default' }).gemm,
    assumptions: Object.fromEntries(
      Object.entries(target.assumptions).map(([name, { low, value, high }]) => [name, { low, value, high }]),
    ),
  }
}

type AnalysisKeys = 'sweep' | 'equalService' | 'strongestBaseline' | 'attribution' | 'breakEven' | 'alternatives'

/** What was planned beside the run's own figures. */
export function analysisFigures(
  settings: Settings,
  figures: RunFigures,
  analyses: Analyses,
  knee: readonly KneePoint[],
  answers: ReadonlyMap<string, ArmAnswer>,
): Pick<Report, AnalysisKeys> {
  const points = knee.filter(({ scale, router }) => scale === 'target' && router === settings.router.name)
  const { load } = figures
  return {
    ...(analyses.sweep === undefined ? {} : { sweep: analyses.sweep }),
    equalService:
      // Under three seeds a p95 says too little to hold arms to it.
      points.length === 0 || analyses.kneeSeeds < defaults.serviceDraws
        ? []
        : settings.slos.map((slo) => serviceFigures(points, slo, settings, analyses.kneeSeeds)),
    ...(analyses.strongest === undefined
      ? {}
      : { strongestBaseline: strongestFigures(analyses.strongest, settings, analyses.seedsOfAnalyses, answers) }),
    ...(analyses.attribution === undefined
      ? {}
      : {
          attribution: {
            arm: 'warehouse',
            router: settings.router.name,
            sessionsPerReplica: load.kind === 'closed' ? load.seats / settings.replicas : null,
            capacityBytes: settings.warehouseBytes ?? null,
            seeds: analyses.seedsOfAnalyses,
            requests: analyses.requestsOfAnalyses ?? null,
            ...toAnswer(analyses.attribution, answers.get('warehouse')?.value),
          },
        }),
    breakEven: breakEvenFigures(settings),
    alternatives: besideAnswer(analyses.alternatives, answers),
  }
}

/** Requests in the window of the smallest point of a knee: the others have as many at least. */
export function leastKneeRequests(settings: Settings, deployment: Deployment, knee: readonly KneePoint[]): number {
  const { replicas } = onFewReplicas(settings, deployment)
  return kneeRequests(settings, replicas * Math.min(...loadsOf(knee)))
}

function loadsOf(knee: readonly KneePoint[]): number[] {
  return knee.map(({ sessionsPerReplica }) => sessionsPerReplica)
}

function serviceFigures(
  points: readonly KneePoint[],
  slo: Settings['slos'][number],
  settings: Settings,
  seeds: number,
): Report['equalService'][number] {
  const full = fullDeployment(settings)
  const { arms, multiplier, gpuEquivalents } = equalService(points, slo, settings.gpus)
  return {
    slo: { ...slo },
    seeds,
    requests: leastKneeRequests(settings, full, points),
    arms: Object.fromEntries(
      Object.entries(arms).map(([name, arm]) => [name, { ...arm, brokenBelow: [...arm.brokenBelow] }]),
    ),
    multiplier: { ...multiplier },
    gpuEquivalents: { ...gpuEquivalents },
  }
}

function strongestFigures(
  found: StrongestBaseline,
  settings: Settings,
  seeds: number,
  answers: ReadonlyMap<string, ArmAnswer>,
): NonNullable<Report['strongestBaseline']> {
  const { arm, router, admission, policy, limit, figures, arms, tried } = found
  const { tokensPerGpuSecond } = figures
  const multipliers = withCeiling(againstStrongest(found, answers))
  const headline = settings.arms.find(({ name }) => name.includes('warehouse')) ?? settings.arms.at(-1)!
  return {
    name: baselineWords(found),
    arm,
    router,
    admission,
    policy,
    sessionsPerReplica: limit,
    tokensPerGpuSecond,
    multiplier: multipliers[headline.name]!,
    multipliers,
    bounds: Object.fromEntries(Object.entries(arms).map(([name, rate]) => [name, boundOf(rate, figures)])),
    tried,
    seeds,
  }
}

/** "session-affine routing, host DRAM, longest-prefix-first, at most 6 at once a replica". */
export function baselineWords({ arm, router, admission, policy, limit }: StrongestBaseline): string {
  return [
    `${router} routing`,
    arm === 'local-dram' ? 'host DRAM' : 'HBM alone',
    admission === 'fcfs' ? undefined : admission,
    policy === 'lru' ? undefined : policy,
    limit === null ? undefined : `at most ${limit} at once a replica`,
  ]
    .filter((part) => part !== undefined)
    .join(', ')
}

function breakEvenFigures(settings: Settings): NonNullable<Report['breakEven']> {
  const full = fullDeployment(settings)
  const { contextTokens, bandwidthBytesPerMs, mfu, curve } = breakEvenOf(full, full.warehouseLink)
  return {
    link: full.warehouseLink.name,
    contextTokens,
    atContextTokens: full.contextTokens,
    bandwidthBytesPerMs,
    linearMfu: mfu ?? 'always',
    curve: curve.map((point) => ({ ...point })),
  }
}

/** How well the cost model predicts single requests on an idle engine. */
export function validationFigures(validation: Validation): Pick<Report, 'validation'> {
  const { medianRelativeError, worstRelativeError, timesMedianRelativeError, timesWorstRelativeError } = validation
  const errors = { medianRelativeError, worstRelativeError, timesMedianRelativeError, timesWorstRelativeError }
  const byKind = validation.byKind.map((kind) => ({ ...kind }))
  return { validation: { ...errors, byKind, rows: validation.rows.flatMap(validationRowFigures) } }
}

function validationRowFigures({
  predicted,
  relativeError,
  reason,
  ...row
}: ValidationRow): NonNullable<Report['validation']>['rows'] {
  if (predicted === null || relativeError === null) return []
  const { id, kind, metric, unit, published, source, role } = row
  const why = reason === undefined ? {} : { reason }
  return [{ id, kind, metric, unit, published, predicted, relativeError, source, role, ...why }]
}
