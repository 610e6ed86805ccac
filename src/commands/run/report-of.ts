import { availableParallelism, cpus, platform, release } from 'node:os'
import { replicaFigures } from '../../account/replica-figures.ts'
import { baselineArm } from '../../experiment/arms/registry.ts'
import type { Control } from '../../experiment/controls.ts'
import { armAnswers } from '../../experiment/draws/answers.ts'
import { bestAgainstBest, kneeOf } from '../../experiment/sweep/knee.ts'
import type { Validation } from '../../experiment/validation/validation.ts'
import { type Report, type ReportArm, reportSchemaVersion } from '../../report/report.ts'
import { packageVersion } from '../../root.ts'
import { quantiles } from '../../statistics/quantile.ts'
import type { Analyses } from './analyses.ts'
import { answerFigures, kneeWithAnswer } from './answer-figures.ts'
import { analysisFigures, gpuName, leastKneeRequests, targetFigures, validationFigures } from './report-analyses.ts'
import { costModelHash, inputsHash } from './run-context.ts'
import type { ArmFigures, RunFigures } from './run-figures.ts'
import type { Settings } from './settings.ts'
import { timelineFigures } from './timeline-figures.ts'
import { promptTokensOf, workloadFigures } from './workload-figures.ts'

const ecdfShares = Array.from({ length: 101 }, (_, i) => i / 100)

/** Everything that a run found, in the form that is published. */
export function reportOf(
  settings: Settings,
  figures: RunFigures,
  controls: readonly Control[],
  analyses: Analyses,
  validation: Validation,
): Report {
  const { load, measured } = figures
  const baseline = figures.arms.get(baselineArm)
  const first = baseline ?? [...figures.arms.values()][0]!
  const answers = armAnswers(figures.planned, measured)
  const knee = kneeWithAnswer(kneeOf(analyses.knee), figures, settings.router.name, settings.replicas, answers)
  return {
    schemaVersion: reportSchemaVersion,
    trust: figures.trust,
    inputsHash: inputsHash(settings, figures.deployment.cost, figures.requests, measured?.draws.length),
    partial: measured?.interrupted ?? false,
    createdAt: new Date().toISOString(),
    target: targetFigures(settings),
    setup: setupOf(settings, figures),
    environment: environment(settings),
    parameters: parameters(settings, figures),
    arms: Object.fromEntries(
      [...figures.arms].map(([name, arm]) => [name, armOf(arm, figures.deployment.gpusPerReplica)]),
    ),
    ...answerFigures(figures, answers),
    window: {
      requests: first.metrics.window.requests,
      seconds: first.metrics.window.seconds,
      start: load.kind === 'closed' ? load.start : 'cold',
    },
    cut: { ...figures.workload.cut, keptPromptTokens: promptTokensOf(figures.workload.pool) },
    workload: workloadFigures(figures),
    knee,
    ...(knee.length > 0
      ? {
          kneeRuns: {
            seeds: analyses.kneeSeeds,
            requests: leastKneeRequests(settings, figures.deployment, knee),
          },
        }
      : {}),
    bestAgainstBest: bestAgainstBest(knee, settings.router.name),
    ...analysisFigures(settings, figures, analyses, knee, answers),
    ...comparisonOf(figures),
    ...validationFigures(validation),
    verification: verificationOf(figures),
    costModel: {
      hash: costModelHash(figures.deployment.cost),
      fitErrorRelative: figures.fitErrorRelative,
      planErrorRelative: measured?.planErrorRelative ?? null,
      ...(settings.costModelPath === undefined ? {} : { fromFile: true }),
    },
    scaleModel: [...figures.scaleModel],
    controls: [...controls],
    planSeconds: figures.planSeconds,
    timeline: Object.fromEntries([...figures.arms].map(([name, { timeline }]) => [name, timelineFigures(timeline)])),
  }
}

function comparisonOf({ scaleComparison }: RunFigures): Pick<Report, 'scaleComparison'> {
  if (scaleComparison === undefined) return {}
  const { arms, agrees, reasons } = scaleComparison
  return { scaleComparison: { arms: { ...arms }, agrees, reasons: [...reasons] } }
}

function verificationOf({ measured }: RunFigures): Report['verification'] {
  if (measured === undefined) return null
  const { answersCompared, blocksCompared, differences, requestsCompared, requests } = measured.evidence
  const { mutant, prefixesRecomputed, copies, copiesSlowerThanLink } = measured.evidence
  return {
    answersCompared,
    blocksCompared,
    mismatches: differences,
    mutantDetected: mutant ? mutant.logitsNoticed && mutant.checksumNoticed : null,
    requestsCompared,
    requests,
    prefixesRecomputed,
    copies,
    copiesSlowerThanLink,
  }
}

function setupOf(settings: Settings, { load, deployment }: RunFigures): Report['setup'] {
  const { target } = settings
  return {
    workload: settings.workloadName,
    backend: settings.backend.name,
    variant: settings.backend.variant(),
    router: settings.router.name,
    load: load.kind,
    replicas: settings.replicas,
    sessionsPerReplica: load.kind === 'closed' ? load.seats / settings.replicas : null,
    inFlightPerReplica: load.kind === 'backlog' ? load.inFlightPerReplica : null,
    repeats: settings.backend.measures ? settings.repeats : 0,
    gpu: gpuName(settings),
    model: target.model.name,
    link: target.warehouseLink.name,
    contextTokens: target.contextTokens,
    fabricUnlimited: deployment.warehouseLink.fabric === undefined,
  }
}

function armOf({ metrics, totals, replicas, replicaRates, counts }: ArmFigures, gpusPerReplica: number): ReportArm {
  const { fetches, fetchedBytes, storedBytes, droppedStoreBlocks, evictions, preemptions } = counts
  const ecdf = (sample: readonly number[]): number[] => (sample.length === 0 ? [] : quantiles(sample, ecdfShares))
  return {
    ...metrics,
    replicas: replicaFigures(replicas, gpusPerReplica).map((replica, i) => ({
      ...replica,
      tokensPerGpuSecond: replicaRates[i]!,
    })),
    ttftEcdfMs: ecdf(totals.ttftMs),
    tpotEcdfMs: ecdf(totals.tpotMs),
    traffic: { fetches, fetchedBytes, storedBytes, droppedStoreBlocks, evictions, preemptions },
  }
}

function environment(settings: Settings): Record<string, string> {
  const [cpu] = cpus()
  return {
    memwall: packageVersion(),
    node: process.versions.node,
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: String(availableParallelism()),
    system: `${platform()} ${release()}`,
    kernels: settings.backend.variant(),
  }
}

function parameters(settings: Settings, figures: RunFigures): Report['parameters'] {
  const { deployment, requests, load } = figures
  const { scale } = deployment
  return {
    workload: settings.workloadName,
    backend: settings.backend.name,
    gpus: settings.gpus,
    gpu: settings.target.gpu.name,
    tp: settings.target.tensorParallel,
    model: settings.target.model.name,
    weights: settings.target.weightFormat,
    kv: settings.target.kvFormat,
    link: settings.target.warehouseLink.name,
    slo: settings.slos.map(({ text }) => text).join('; '),
    arms: settings.arms.map(({ name }) => name).join(','),
    router: settings.router.name,
    'sessions-per-replica': load.kind === 'closed' ? load.seats / settings.replicas : null,
    'in-flight-per-replica': load.kind === 'backlog' ? load.inFlightPerReplica : null,
    requests: requests ?? null,
    'budget, s': settings.backend.measures ? settings.budgetMs / 1000 : null,
    repeats: settings.backend.measures ? settings.repeats : null,
    seed: settings.seed,
    seeds: figures.planned.draws.length,
    draws: settings.backend.measures ? settings.draws : null,
    start: load.kind === 'closed' ? load.start : 'cold',
    fetch: settings.fetch,
    'fetch-mode': settings.fetchMode,
    'fetch-part': settings.fetchPart,
    admission: settings.admission.name,
    policy: `hbm=${settings.policies.hbm.name},dram=${settings.policies.dram.name},warehouse=${settings.policies.warehouse.name}`,
    'think-cap at full scale, s': settings.thinkCapMs / 1000,
    'max-context at full scale, tokens': settings.target.maxContextTokens,
    'dram per GPU at full scale, bytes': settings.target.dramBytes,
    'warehouse-capacity at full scale, bytes': settings.warehouseBytes ?? 'everything fits',
    'time-scale': deployment.timeScale,
    'token-scale': deployment.workloadScale.tokenScale,
    'output-scale': deployment.workloadScale.outputScale,
    'block-tokens': figures.workload.pool.blockTokens,
    [`${scale}: max context, tokens`]: deployment.maxContextTokens,
    [`${scale}: HBM pool, tokens`]: deployment.poolTokens,
    [`${scale}: DRAM of a replica, bytes`]: deployment.dramBytes,
    [`${scale}: most tokens a step`]: deployment.maxBatchedTokens,
    [`${scale}: request overhead, ms`]: deployment.requestOverheadMs,
    [`${scale}: warehouse link, GB/s`]: deployment.warehouseLink.readBytesPerMs / 1e6,
    [`${scale}: warehouse latency, ms`]: deployment.warehouseLink.latencyMs,
    [`${scale}: DRAM link, GB/s`]: deployment.dramLink.readBytesPerMs / 1e6,
  }
}
