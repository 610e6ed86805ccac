import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { freemem } from 'node:os'
import { workloads } from '../../../workloads/registry.ts'
import { type Calibration, calibrateCached, readCalibration } from '../../calibration/calibrate.ts'
import { badInput } from '../../errors.ts'
import { armInput, type RunSettings, refuseArm } from '../../experiment/arm-input.ts'
import type { Arm } from '../../experiment/arms/arm.ts'
import { type Deployment, targetBlockTokens, targetDeployment } from '../../experiment/scale/deployment.ts'
import { measuredCost, withMeasuredCost } from '../../experiment/scale/measured-points.ts'
import { mockContextTokens } from '../../experiment/scale/mock-context.ts'
import { mockDeployment, mockSizes, residentContexts } from '../../experiment/scale/scale-model.ts'
import { cutLimits, type LoadedWorkload, loadWorkload } from '../../experiment/workload-source.ts'
import { capForPool, type GpuLayout, gpuLayout } from '../../gpu/memory.ts'
import { mockBlockTokens, mockCostSizes, mockModel } from '../../gpu/mock-model.ts'
import { type Load, type PlanInput, seatCount } from '../../plan/plan-input.ts'
import { formatBytes } from '../../units.ts'
import { defaults, type Settings } from './settings.ts'
import { loadParameter } from './sweep-axis.ts'
import type { Threads } from './threads.ts'

/** The target at its own sizes, under the user's factors. */
export function fullDeployment(settings: Settings): Deployment {
  const tokenScale = settings.backend.measures ? 1 : (settings.tokenScale ?? 1)
  const blockTokens = settings.backend.measures ? targetBlockTokens : (settings.blockTokens ?? targetBlockTokens)
  const deployment = targetDeployment(settings.target, blockTokens, tokenScale)
  const scaled = { ...deployment, timeScale: deployment.timeScale * settings.timeScale }
  const { points } = settings
  return points === undefined ? scaled : withMeasuredCost(scaled, measuredCost(scaled.cost, points))
}

/** Refuses tiers that hold not one KV block, in the sizes that the user gave. */
export function refuseSmallTiers(settings: Settings): void {
  const deployment = fullDeployment(settings)
  const scaled = settings.backend.measures
  const blockTokens = settings.blockTokens ?? (scaled ? mockBlockTokens : targetBlockTokens)
  const fullBlockTokens = blockTokens / (scaled ? mockTokenScale(settings) : 1)
  const blockBytes = fullBlockTokens * deployment.cost.kvBytesPerToken
  const sizes = [
    ['--dram', settings.target.dramBytes],
    ['--warehouse-capacity', settings.warehouseBytes ?? Number.POSITIVE_INFINITY],
  ] as const
  for (const [flag, bytes] of sizes) {
    if (bytes >= blockBytes) continue
    const fix = `Give at least ${formatBytes(blockBytes)}: sizes are those of the target.`
    throw badInput(flag, `${formatBytes(bytes)} hold not one KV block`, fix)
  }
  // Sizes that arms have as parameters.
  const tiers = { ...tierOptions(settings, deployment), byteScale: 1 }
  const context = { deployment, tiers, blockTokens: fullBlockTokens, replicas: settings.replicas }
  for (const arm of settings.arms) arm.shape(context)
}

/** Refuses arms whose sizes make no sense. */
export function refuseArms(settings: Settings): void {
  const full = fullDeployment(settings)
  for (const arm of settings.arms) refuseArm(arm, full, runSettings(settings, full))
}

/** Seats that a plan holds at once. */
const mostSeats = 100_000
/** Share of the free memory that mock GPUs and stores may take. */
const memoryShare = 0.7

/**
 * Refuses what this machine cannot hold, and with tensors a trace that cannot be read, before anything is measured.
 * Returns how requests come, as far as that is known before a plan.
 */
export async function refuseLarge(settings: Settings): Promise<Load['kind']> {
  const { replicas } = settings
  const sessions = settings.sessionsPerReplica ?? settings.inFlightPerReplica ?? defaults.sessionsPerReplica
  if (replicas * sessions > mostSeats) {
    const flag = settings.inFlightPerReplica === undefined ? '--sessions-per-replica' : '--in-flight-per-replica'
    const fix = `Give at most ${Math.floor(mostSeats / replicas)} for ${replicas} replicas.`
    throw badInput(flag, `${sessions} on each of ${replicas} replicas is more than can be planned`, fix)
  }
  if (!settings.backend.measures) return 'closed'
  const { memoryBytes, blockTokens, blockBytes, poolBlocks } = mockLayout(settings)
  const pool = { poolTokens: poolBlocks * blockTokens, contextTokens: mockContext(settings) }
  const seatBytes = (poolBlocks * blockBytes) / residentContexts(pool)
  const bytesPerGpu = settings.arms.length * (memoryBytes + sessions * seatBytes)
  const room = freemem() * memoryShare
  if (replicas * bytesPerGpu > room) {
    const took = `${replicas} mock GPUs with ${sessions} conversations each in ${settings.arms.length} arms take about ${formatBytes(replicas * bytesPerGpu)}`
    const fix = `Give at most ${settings.target.tensorParallel * Math.max(1, Math.floor(room / bytesPerGpu))} GPUs, fewer conversations, or a smaller --token-scale.`
    throw badInput('--gpus', `${took}; this machine has ${formatBytes(freemem())} free`, fix)
  }
  if (settings.source.kind === 'trace') {
    const full = fullDeployment(settings)
    return loadOf(settings, full, await load(settings, full, settings.seed)).kind
  }
  return 'closed'
}

/** Tokens of the mock for one of the target: as given, or what makes attention as large a part of prefill as it is there. */
function mockTokenScale(settings: Settings): number {
  if (settings.tokenScale !== undefined) return settings.tokenScale
  const { contextTokens } = settings.target
  return Math.min(1, mockContextTokens(fullDeployment(settings), mockCostSizes) / contextTokens)
}

function mockContext(settings: Settings): number {
  return Math.round(settings.target.contextTokens * mockTokenScale(settings))
}

/** The memory of a mock GPU; known before any measurement, so that what does not fit is refused at once. */
export function mockLayout(settings: Settings): GpuLayout {
  const blockTokens = settings.blockTokens ?? mockBlockTokens
  const tokenScale = mockTokenScale(settings)
  const target = targetDeployment(settings.target, targetBlockTokens)
  const { poolTokens, maxBatchedTokens } = mockSizes(target, tokenScale, blockTokens, mockCostSizes.kvBytesPerToken)
  const shape = { ...mockModel, maxContextTokens: poolTokens }
  const poolBlocks = Math.floor(poolTokens / blockTokens)
  if (poolBlocks < 1)
    throw badInput('--token-scale', 'leaves no KV block in the pool', 'Give a larger scale or smaller blocks.')
  return gpuLayout(shape, blockTokens, maxBatchedTokens, capForPool(shape, blockTokens, maxBatchedTokens, poolBlocks))
}

/** The cost model of the mock: the user's file, or this machine's own calibration. */
export async function mockCalibration(
  settings: Settings,
  layout: GpuLayout,
  threads: Threads,
  onMeasure: () => void,
): Promise<Calibration> {
  if (settings.costModelPath === undefined) {
    onMeasure()
    return calibrateCached(calibrateRequest(settings, layout, threads.count), threads.calibrate)
  }
  const calibration = readCalibration(settings.costModelPath)
  if (calibration.blockTokens !== layout.blockTokens || calibration.maxBatchedTokens !== layout.maxBatchedTokens) {
    throw badInput(
      '--cost-model',
      `was made for blocks of ${calibration.blockTokens} and steps of ${calibration.maxBatchedTokens} tokens, not ${layout.blockTokens} and ${layout.maxBatchedTokens}`,
      'Calibrate with the same --block-tokens and --token-scale.',
    )
  }
  return calibration
}

export function calibrateRequest(settings: Settings, layout: GpuLayout, threads: number) {
  return {
    backend: settings.backend.name,
    variant: settings.backend.variant(),
    layout,
    sizes: mockCostSizes,
    contextTokens: mockContext(settings),
    threads,
  }
}

export function mockDeploymentOf(settings: Settings, calibration: Calibration): Deployment {
  const deployment = mockDeployment(
    settings.target,
    mockTokenScale(settings),
    calibration.blockTokens,
    calibration.costModel,
  )
  return { ...deployment, timeScale: deployment.timeScale * settings.timeScale }
}

/** Capacities that the user gives at full scale, at the scale of a deployment. */
export function tierOptions(settings: Settings, deployment: Deployment): RunSettings['tiers'] {
  const full = fullDeployment(settings)
  return {
    warehouseBytes: settings.warehouseBytes,
    policies: settings.policies,
    byteScale:
      (deployment.poolTokens * deployment.cost.kvBytesPerToken) / (full.poolTokens * full.cost.kvBytesPerToken),
  }
}

export function runSettings(settings: Settings, deployment: Deployment): RunSettings {
  const { replicas, router, admission, fetch, fetchMode, fetchPart } = settings
  return { replicas, router, admission, fetch, fetchMode, fetchPart, tiers: tierOptions(settings, deployment) }
}

export function load(settings: Settings, deployment: Deployment, seed: number): Promise<LoadedWorkload> {
  return loadWorkload(settings.source, workloads, deployment.workloadScale, cutLimits(deployment), seed)
}

/** How requests come, once it is known whether the workload has sessions. */
export function loadOf(settings: Settings, deployment: Deployment, workload: LoadedWorkload): Load {
  const { inFlightPerReplica, sessionsPerReplica } = settings
  if (workload.arrivalsMs === undefined) {
    if (inFlightPerReplica !== undefined) {
      throw badInput(
        '--in-flight-per-replica',
        'this workload has conversations, a backlog has none',
        'Give --sessions-per-replica.',
      )
    }
    return {
      kind: 'closed',
      seats: settings.replicas * (sessionsPerReplica ?? defaults.sessionsPerReplica),
      start: settings.start,
      timeScale: deployment.timeScale,
      thinkCapMs: settings.thinkCapMs,
    }
  }
  if (sessionsPerReplica !== undefined || settings.sweep?.name === loadParameter) {
    const where = sessionsPerReplica !== undefined ? '--sessions-per-replica' : '--sweep'
    throw badInput(where, 'this trace has no sessions', 'Leave it out, or give --in-flight-per-replica N.')
  }
  return inFlightPerReplica === undefined
    ? { kind: 'timed', arrivalsMs: workload.arrivalsMs, timeScale: deployment.timeScale }
    : { kind: 'backlog', inFlightPerReplica }
}

/** Refuses a trace that ends before its window would open or fill. */
export function refuseShortTrace(
  settings: Settings,
  load: Load,
  workload: LoadedWorkload,
  requests: number | undefined,
): void {
  if (load.kind === 'closed') return
  const seats = seatCount(load, settings.replicas)
  const available = workload.pool.conversations.length
  if (available < seats + (requests ?? 1)) {
    throw badInput(
      requests === undefined ? '--in-flight-per-replica' : '--requests',
      `the trace has ${available} requests, ${seats} settle before the window opens${requests === undefined ? '' : `, and ${requests} are asked for`}`,
      'Ask for fewer, or give a longer trace.',
    )
  }
}

export function inputOf(
  arm: Arm,
  settings: Settings,
  deployment: Deployment,
  workload: LoadedWorkload,
  load: Load,
  requests: number | undefined,
  overrunRequests: number,
  seed: number,
): PlanInput {
  const window = { requests, overrunRequests }
  return armInput(arm, deployment, runSettings(settings, deployment), workload.pool, load, window, seed)
}

/** Names the inputs of a run: equal hashes mean that deterministic figures must be equal. */
export function inputsHash(settings: Settings, costModel: object, requests: number | undefined): string {
  const { source, seed, seeds, backend, replicas, router, fetch, fetchMode, start } = settings
  const content = source.kind === 'trace' ? sha256(readFileSync(source.path)) : ''
  const { sessionsPerReplica, inFlightPerReplica, timeScale, tokenScale, thinkCapMs } = settings
  const { blockTokens, warehouseBytes, sweep, admission, policies, fetchPart, target, slos } = settings
  const named = source.kind === 'trace' ? { ...source, path: '' } : source
  return sha256(
    JSON.stringify([
      [named, content, seed, seeds, backend.measures, replicas, settings.arms.map(({ name }) => name), router.name],
      [fetch, fetchMode, start, sessionsPerReplica, inFlightPerReplica, timeScale, tokenScale, thinkCapMs],
      [blockTokens, warehouseBytes, sweep, costModel, requests, target, slos, settings.points],
      [admission.name, policies.hbm.name, policies.dram.name, policies.warehouse.name, fetchPart],
    ]),
  )
}

export function costModelHash(costModel: object): string {
  return sha256(JSON.stringify(costModel))
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16)
}
