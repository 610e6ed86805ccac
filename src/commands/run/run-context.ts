import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { workloads } from '../../../workloads/registry.ts'
import {
  type Calibration,
  calibrateCached,
  type OnCalibrationStep,
  readCalibration,
} from '../../calibration/calibrate.ts'
import { badInput } from '../../errors.ts'
import { armInput, type RunSettings } from '../../experiment/arm-input.ts'
import type { Arm } from '../../experiment/arms/arm.ts'
import { answerWindow, besideWindow, settledPerSeat } from '../../experiment/draws/window.ts'
import { type Deployment, targetBlockTokens, targetDeployment } from '../../experiment/scale/deployment.ts'
import { measuredCost, withMeasuredCost } from '../../experiment/scale/measured-points.ts'
import { mockContextTokens } from '../../experiment/scale/mock-context.ts'
import { mockDeployment, mockSizes } from '../../experiment/scale/scale-model.ts'
import { cutLimits, type LoadedWorkload, loadWorkload } from '../../experiment/workload-source.ts'
import { capForPool, type GpuLayout, gpuLayout } from '../../gpu/memory.ts'
import { mockBlockTokens, mockCostSizes, mockModel } from '../../gpu/mock-model.ts'
import type { Load, PlanInput } from '../../plan/plan-input.ts'
import { refuseSessionPolicies } from './policies.ts'
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

/** Tokens of the mock for one of the target: as given, or what makes attention as large a part of prefill as it is there. */
export function mockTokenScale(settings: Settings): number {
  if (settings.tokenScale !== undefined) return settings.tokenScale
  const { contextTokens } = settings.target
  return Math.min(1, mockContextTokens(fullDeployment(settings), mockCostSizes) / contextTokens)
}

export function mockContext(settings: Settings): number {
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
  onMeasure: OnCalibrationStep,
): Promise<Calibration> {
  if (settings.costModelPath === undefined) {
    onMeasure({ done: 0, all: 0, share: 0 })
    return calibrateCached(calibrateRequest(settings, layout, threads.count), threads.calibrate, onMeasure)
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
export function loadOf(settings: Settings, deployment: Deployment, workload: Pick<LoadedWorkload, 'arrivalsMs'>): Load {
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
  refuseSessionPolicies(settings.policies, 'timed')
  if (sessionsPerReplica !== undefined || settings.sweep?.name === loadParameter) {
    const where = sessionsPerReplica !== undefined ? '--sessions-per-replica' : '--sweep'
    throw badInput(where, 'this trace has no sessions', 'Leave it out, or give --in-flight-per-replica N.')
  }
  return inFlightPerReplica === undefined
    ? { kind: 'timed', arrivalsMs: workload.arrivalsMs, timeScale: deployment.timeScale }
    : { kind: 'backlog', inFlightPerReplica }
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
  // What tensors are spent on: a measured window is compared with the plan of the very same one.
  const window = { requests, overrunRequests, settleRequests: undefined }
  return armInput(arm, deployment, runSettings(settings, deployment), workload.pool, load, window, seed)
}

/**
 * Names the inputs of a run: equal hashes mean that deterministic figures must be equal.
 * @param measuredDraws over which counts were summed; how many fit the budget is no option
 */
export function inputsHash(
  settings: Settings,
  costModel: object,
  requests: number | undefined,
  measuredDraws?: number,
): string {
  const { source, seed, backend, replicas, router, fetch, fetchMode, start } = settings
  const content = source.kind === 'trace' ? sha256(readFileSync(source.path)) : ''
  const { sessionsPerReplica, inFlightPerReplica, timeScale, tokenScale, thinkCapMs } = settings
  const { blockTokens, warehouseBytes, sweep, admission, policies, fetchPart, target, slos } = settings
  const named = source.kind === 'trace' ? { ...source, path: '' } : source
  return sha256(
    JSON.stringify([
      [
        named,
        content,
        seed,
        settings.draws,
        backend.measures,
        replicas,
        settings.arms.map(({ name }) => name),
        router.name,
      ],
      [fetch, fetchMode, start, sessionsPerReplica, inFlightPerReplica, timeScale, tokenScale, thinkCapMs],
      [blockTokens, warehouseBytes, sweep, costModel, requests, target, slos, settings.points],
      // What decides how knee, sweep and analyses are planned beside the run.
      [settings.requests, settings.kneeRequests, settings.seedsAsked, settings.isDefaultExperiment, measuredDraws],
      [settledPerSeat, answerWindow(0), besideWindow(0)],
      [
        admission.name,
        policies.hbm.name,
        policies.dram.name,
        policies.warehouse.name,
        fetchPart,
        ...ownFiles(settings),
        ...sweptFiles(settings),
      ],
    ]),
  )
}

/** Hashes of the files that policies come from, those of a sweep included. */
function ownFiles({ policies, ownPolicies }: Settings): string[] {
  const texts = [...ownPolicies.keys(), ...Object.values(policies).flatMap(({ text }) => text ?? [])]
  const paths = [...new Set(texts.map((text) => text.split(':')[0]!))].sort()
  return paths.filter(existsSync).map((path) => sha256(readFileSync(path)))
}

/** Hashes of the files that a sweep goes through. */
function sweptFiles({ sweep }: Settings): string[] {
  if (sweep === undefined || !['trace', 'points'].includes(sweep.key)) return []
  return sweep.values.filter(existsSync).map((path) => sha256(readFileSync(path)))
}

export function costModelHash(costModel: object): string {
  return sha256(JSON.stringify(costModel))
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16)
}
