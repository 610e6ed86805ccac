import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { arch, cpus, homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { badInput } from '../errors.ts'
import { createGpuMemory, type GpuLayout, type GpuMemory } from '../gpu/memory.ts'
import { mockModel } from '../gpu/mock-model.ts'
import { copyWeights, initialise } from '../gpu/weights.ts'
import { createStoreMemory, type StoreMemory } from '../warehouse/store-memory.ts'
import { type CostSizes, fitCostModel, fitErrorRelative } from './fit.ts'
import { openGridSteps, type StepsDone, stepsOf } from './grid-steps.ts'
import type { CalibrationResult } from './measure.ts'

const positive = z.number().positive()
const zeroOrMore = z.number().min(0)

const costModelSchema = z.strictObject({
  /** Absent in files of older versions. */
  layers: z.int().positive().default(mockModel.layers),
  layerFlopsPerToken: positive,
  projectionFlopsPerRow: positive,
  layerWeightBytes: positive,
  projectionWeightBytes: positive,
  attentionFlopsPerPair: positive,
  kvBytesPerToken: positive,
  linearFlopsPerMs: positive,
  attentionFlopsPerMs: positive,
  weightBytesPerMs: positive,
  kvBytesPerMs: positive,
  stepOverheadMs: zeroOrMore,
  decodeRowMs: zeroOrMore,
})

const calibrationSchema = z.strictObject({
  version: z.literal(1),
  backend: z.string(),
  variant: z.string(),
  blockTokens: z.int().positive(),
  maxBatchedTokens: z.int().positive(),
  machine: z.string(),
  fitErrorRelative: zeroOrMore,
  fetchBytesPerMs: positive,
  costModel: costModelSchema,
})

/** A fitted cost model with where it comes from. `calibrate --out` writes it, `run --cost-model` reads it. */
export type Calibration = z.output<typeof calibrationSchema>

export interface CalibrateRequest {
  readonly backend: string
  readonly variant: string
  readonly layout: GpuLayout
  readonly sizes: CostSizes
  readonly contextTokens: number
  readonly threads: number
}

export type RunCalibration = (task: {
  readonly backend: string
  readonly gpus: readonly GpuMemory[]
  readonly store: StoreMemory
  readonly contextTokens: number
  readonly steps: SharedArrayBuffer
}) => Promise<CalibrationResult>

/** A fit with a larger error was made on a machine that was busy with something else: it is used, but not kept. */
const worthKeeping = 0.12

/** Told now and then how far a calibration is. */
export type OnCalibrationStep = (steps: StepsDone) => void

const pollMs = 250

/** GPUs that a thread measures in turn, as a run of several arms interleaves them. */
const gpusPerThread = 4

/** Measures on all threads at once, as a run does, and fits one cost model to what they saw. */
export async function calibrate(
  request: CalibrateRequest,
  run: RunCalibration,
  onStep: OnCalibrationStep = () => undefined,
): Promise<Calibration> {
  const { layout, contextTokens } = request
  const weights = createGpuMemory(layout)
  initialise(weights, 1)
  const gpu = (): GpuMemory => {
    const made = createGpuMemory(layout)
    copyWeights(weights, made)
    return made
  }
  const steps = openGridSteps()
  const polling = setInterval(() => onStep(stepsOf(steps)), pollMs)
  const results = await Promise.all(
    Array.from({ length: request.threads }, () =>
      run({
        backend: request.backend,
        gpus: Array.from({ length: gpusPerThread }, gpu),
        store: createStoreMemory(Math.ceil(contextTokens / layout.blockTokens), layout.blockBytes),
        contextTokens,
        steps: steps.buffer,
      }),
    ),
  ).finally(() => clearInterval(polling))
  const points = results.flatMap((result) => result.points)
  const costModel = fitCostModel(request.sizes, points)
  return {
    version: 1,
    backend: request.backend,
    variant: request.variant,
    blockTokens: layout.blockTokens,
    maxBatchedTokens: layout.maxBatchedTokens,
    machine: machineName(),
    fitErrorRelative: fitErrorRelative(costModel, points),
    fetchBytesPerMs: Math.min(...results.map((result) => result.fetchBytesPerMs)),
    costModel,
  }
}

/** Reads a calibration file of the user's. */
export function readCalibration(path: string): Calibration {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw badInput('--cost-model', `cannot read ${path}`, 'Write one with "memwall calibrate --out FILE".')
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw badInput(path, 'is not JSON', 'Write it anew with "memwall calibrate --out FILE".')
  }
  const parsed = calibrationSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw badInput(
    `${path} ${issue.path.join('.')}`.trim(),
    issue.message,
    'Write it anew with "memwall calibrate --out FILE".',
  )
}

/** Writes a file whole or not at all. */
export function writeCalibration(path: string, calibration: Calibration): void {
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, `${JSON.stringify(calibration, undefined, 2)}\n`)
  renameSync(temporary, path)
}

/** Where a calibration of this machine, backend and these dimensions is kept between runs. */
function cachePath(request: CalibrateRequest): string {
  const { layout, backend, variant, threads, contextTokens } = request
  const key = JSON.stringify([
    3,
    backend,
    variant,
    threads,
    contextTokens,
    layout.shape,
    layout.blockTokens,
    layout.maxBatchedTokens,
    layout.poolBlocks,
    machineName(),
  ])
  const name = createHash('sha256').update(key).digest('hex').slice(0, 16)
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'memwall', `calibration-${name}.json`)
}

/** The kept calibration, or a new one that is then kept; a cache that cannot be read or written is no error. */
export async function calibrateCached(
  request: CalibrateRequest,
  run: RunCalibration,
  onStep?: OnCalibrationStep,
): Promise<Calibration> {
  const path = cachePath(request)
  try {
    return readCalibration(path)
  } catch {
    const fresh = await calibrate(request, run, onStep)
    if (fresh.fitErrorRelative > worthKeeping) return fresh
    try {
      mkdirSync(dirname(path), { recursive: true })
      writeCalibration(path, fresh)
    } catch {
      // The next run measures again.
    }
    return fresh
  }
}

/** Drops the kept calibration, so that the next run measures anew: for when the machine was not itself while it was made. */
export function forgetCalibration(request: CalibrateRequest): void {
  rmSync(cachePath(request), { force: true })
}

function machineName(): string {
  const [cpu] = cpus()
  return `${cpu?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${arch()}, Node ${process.versions.node}`
}
