import { freemem } from 'node:os'
import { badInput } from '../../errors.ts'
import { refuseArm } from '../../experiment/arm-input.ts'
import type { Arm } from '../../experiment/arms/arm.ts'
import { targetBlockTokens } from '../../experiment/scale/deployment.ts'
import { residentContexts } from '../../experiment/scale/scale-model.ts'
import type { PlannedArm } from '../../experiment/sweep/plan-point.ts'
import type { LoadedWorkload } from '../../experiment/workload-source.ts'
import { mockBlockTokens } from '../../gpu/mock-model.ts'
import { type Load, seatCount } from '../../plan/plan-input.ts'
import { formatBytes, formatCount } from '../../units.ts'
import type { LowerTierSpec } from '../../warehouse/lower-tier.ts'
import { type ExperimentOptions, limits } from './options.ts'
import {
  fullDeployment,
  load,
  loadOf,
  mockContext,
  mockLayout,
  mockTokenScale,
  runSettings,
  tierOptions,
} from './run-context.ts'
import { defaults, type Settings } from './settings.ts'

/** Refuses tiers that hold not one KV block, or more of them than can be planned, in the sizes that the user gave. */
export function refuseTiers(settings: Settings): void {
  const deployment = fullDeployment(settings)
  const scaled = settings.backend.measures
  const blockTokens = settings.blockTokens ?? (scaled ? mockBlockTokens : targetBlockTokens)
  const fullBlockTokens = blockTokens / (scaled ? mockTokenScale(settings) : 1)
  const blockBytes = fullBlockTokens * deployment.cost.kvBytesPerToken
  const { target, warehouseBytes, replicas } = settings
  const sizes = [
    { flag: '--dram', bytes: target.dramBytes, otherwise: '' },
    { flag: '--warehouse-capacity', bytes: warehouseBytes, otherwise: ', or leave it out: all fits then' },
  ]
  for (const { flag, bytes, otherwise } of sizes) {
    if (bytes === undefined) continue
    if (bytes < blockBytes) {
      const fix = `Give at least ${formatBytes(blockBytes)}: sizes are those of the target.`
      throw badInput(flag, `${formatBytes(bytes)} hold not one KV block`, fix)
    }
    if (bytes / blockBytes <= mostBlocks) continue
    const fix = `Give at most ${formatBytes(mostBlocks * blockBytes)}${otherwise}.`
    throw badInput(flag, `${formatBytes(bytes)} hold more KV blocks than can be planned`, fix)
  }
  // Sizes that arms have as parameters.
  const tiers = { ...tierOptions(settings, deployment), byteScale: 1 }
  const context = { deployment, tiers, blockTokens: fullBlockTokens, replicas }
  for (const arm of settings.arms) refuseManyBlocks(arm, arm.shape(context).lowers, settings)
}

function refuseManyBlocks({ name }: Arm, lowers: readonly LowerTierSpec[], { replicas, target }: Settings): void {
  for (const { capacityBlocks, shared } of lowers) {
    const stores = shared ? 1 : replicas
    if (!Number.isFinite(capacityBlocks) || capacityBlocks * stores <= mostBlocks) continue
    const what = `the stores of "${name}" hold more KV blocks than can be planned`
    const most = Math.floor(mostBlocks / capacityBlocks)
    if (most < 1) throw badInput('--arms', what, `Give a smaller size than ${name}.`)
    throw badInput('--gpus', what, `Give at most ${formatCount(most * target.tensorParallel, 'GPU')}, or less --dram.`)
  }
}

/** Refuses arms whose sizes make no sense. */
export function refuseArms(settings: Settings): void {
  const full = fullDeployment(settings)
  for (const arm of settings.arms) refuseArm(arm, full, runSettings(settings, full))
}

/** Blocks of all stores of a tier: a plan has some twenty bytes for each. */
const mostBlocks = 1 << 26
/** Share of the free memory that mock GPUs and stores may take. */
const memoryShare = 0.7

/** Refuses more conversations than can be planned; returns how many a replica has. */
export function refuseSeats({ replicas, sessionsPerReplica, inFlightPerReplica }: Settings): number {
  const sessions = sessionsPerReplica ?? inFlightPerReplica ?? defaults.sessionsPerReplica
  if (replicas * sessions <= limits.seats) return sessions
  const flag = inFlightPerReplica === undefined ? '--sessions-per-replica' : '--in-flight-per-replica'
  const fix = `Give at most ${Math.floor(limits.seats / replicas)} for ${replicas} replicas.`
  throw badInput(flag, `${sessions} on each of ${replicas} replicas is more than can be planned`, fix)
}

/** Refuses a context that would change nothing but a label: a planned run has the workload's own lengths. */
export function refuseIdleContext({ context }: ExperimentOptions, { backend, sweep }: Settings): void {
  if (backend.measures || (context === undefined && sweep?.key !== 'context')) return
  const where = context === undefined ? '--sweep' : '--context'
  const fix = 'Leave it out, or scale all lengths with --token-scale; wall and predict take a context.'
  throw badInput(where, 'a planned run has the lengths of its workload, a context changes nothing in it', fix)
}

/**
 * Refuses what this machine cannot hold, and with tensors a trace that cannot be read, before anything is measured.
 * Returns how requests come, as far as that is known before a plan.
 */
export async function refuseLarge(settings: Settings): Promise<Load['kind']> {
  const { replicas } = settings
  const sessions = refuseSeats(settings)
  if (!settings.backend.measures) return 'closed'
  const { memoryBytes, blockTokens, blockBytes, poolBlocks } = mockLayout(settings)
  const pool = { poolTokens: poolBlocks * blockTokens, contextTokens: mockContext(settings) }
  const seatBytes = (poolBlocks * blockBytes) / residentContexts(pool)
  const bytesPerGpu = settings.arms.length * (memoryBytes + sessions * seatBytes)
  const room = freemem() * memoryShare
  if (replicas * bytesPerGpu > room) {
    const took = `${formatCount(replicas, 'mock GPU')} with ${formatCount(sessions, 'conversation')} each in ${formatCount(settings.arms.length, 'arm')} take about ${formatBytes(replicas * bytesPerGpu)}`
    const free = `a run may take ${formatBytes(room)}, ${memoryShare * 100} % of the memory that is free here`
    const fits = Math.floor(room / bytesPerGpu)
    const fewer = fits < 1 ? '' : `at most ${formatCount(settings.target.tensorParallel * fits, 'GPU')}, `
    const flag = settings.tokenScale === undefined ? '--gpus' : '--token-scale'
    throw badInput(flag, `${took}; ${free}`, `Give ${fewer}fewer conversations, or a smaller --token-scale.`)
  }
  if (settings.source.kind === 'trace') {
    const full = fullDeployment(settings)
    const workload = await load(settings, full, settings.seed)
    const requestLoad = loadOf(settings, full, workload)
    refuseShortTrace(settings, requestLoad, workload, settings.requests)
    return requestLoad.kind
  }
  return 'closed'
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
  // A backlog's window ends when the last request is sent: then as many are still in flight as settled before.
  if (available < seats + (requests ?? seats + 1)) {
    throw badInput(
      requests === undefined ? '--in-flight-per-replica' : '--requests',
      `the trace has ${available} requests, ${seats} settle before the window opens${requests === undefined ? '' : `, and ${requests} are asked for`}`,
      'Ask for fewer, or give a longer trace.',
    )
  }
  if (load.kind !== 'timed' || requests !== undefined) return
  if (load.arrivalsMs.at(-1) !== load.arrivalsMs[0]) return
  const what =
    available === 1 ? 'the trace has one request' : `the ${available} requests of the trace arrive at one instant`
  throw badInput(
    '--trace',
    `${what}: that fills no window`,
    available === 1 ? 'Give a longer trace.' : 'Give a longer trace, or --in-flight-per-replica N.',
  )
}

/** A trace may end before its first answers have begun. */
export function refuseEmptyWindow({ metrics }: Pick<PlannedArm, 'metrics'>, { kind }: Load): void {
  if (kind === 'closed' || metrics.tokensPerSecond > 0) return
  throw badInput('--trace', 'no token falls into the window: the trace has too few requests', 'Give a longer trace.')
}
