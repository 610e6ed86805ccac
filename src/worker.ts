import { backends } from '../backends/registry.ts'
import { workloads } from '../workloads/registry.ts'
import { isPolicyFile, loadPolicy } from './cache/load-policy.ts'
import { policies } from './cache/policies/registry.ts'
import type { PolicySpec } from './cache/policy.ts'
import { openGridSteps } from './calibration/grid-steps.ts'
import { type CalibrationResult, measureGrid } from './calibration/measure.ts'
import { assert, badInput, MemwallError, orRefusal, type Refusal } from './errors.ts'
import type { RunSettings } from './experiment/arm-input.ts'
import { parseArm } from './experiment/arms/arm.ts'
import { games } from './experiment/arms/games.ts'
import { arms } from './experiment/arms/registry.ts'
import type { Draw } from './experiment/draws/draw.ts'
import { type PlannedArm, planPoint } from './experiment/sweep/plan-point.ts'
import { loadOfTask, type PlanFigures, type PlanTask } from './experiment/sweep/plan-task.ts'
import { pointFigures } from './experiment/sweep/point-figures.ts'
import { cutLimits, type LoadedWorkload, loadWorkload } from './experiment/workload-source.ts'
import type { OpenGpu } from './gpu/backend.ts'
import type { ExecuteTask } from './gpu/execute-task.ts'
import type { GpuMemory } from './gpu/memory.ts'
import { type ProgramResult, runProgram } from './gpu/run-program.ts'
import { type LabTask, type PolicyHits, runPolicy, runTwoTiers, type TwoTierHits } from './lab/replay/policy-task.ts'
import { admissions } from './plan/admission/registry.ts'
import { routers } from './plan/router/registry.ts'
import type { StoreMemory } from './warehouse/store-memory.ts'

/** What a thread runs. Each export is a task by name. */

const opened = new Map<string, OpenGpu>()

/** Runs a stretch of a program on a GPU. */
export function execute(task: ExecuteTask): ProgramResult {
  const open = openGpu(task.backend, task.gpuId, task.gpu)
  return runProgram(task.gpu, open, task.store, new Int32Array(task.words), task.fromWord, task.toWord)
}

export interface CalibrateTask {
  readonly backend: string
  readonly gpus: readonly GpuMemory[]
  readonly store: StoreMemory
  readonly contextTokens: number
  readonly steps: SharedArrayBuffer
}

/** Measures the grid of the cost model on the thread's own GPUs. */
export function calibrate({ backend, gpus, store, contextTokens, steps }: CalibrateTask): CalibrationResult {
  const open = gpus.map((memory) => ({ memory, open: openBackend(backend, memory) }))
  return measureGrid(open, store, contextTokens, openGridSteps(steps))
}

const loaded = new Map<string, Promise<LoadedWorkload>>()
const mostLoaded = 5

/** Plans some arms at one load. Workloads stay loaded: the points of a sweep share them. */
export function plan(task: PlanTask): Promise<PlanFigures | Refusal> {
  return orRefusal(planFigures(task))
}

async function planFigures(task: PlanTask): Promise<PlanFigures> {
  const planned = await planTask(task)
  return Object.fromEntries([...planned].map(([name, { metrics }]) => [name, pointFigures(metrics)]))
}

/** Plans some arms at one load and gives all that the books say, so that several draws can be joined. */
export function draw(task: PlanTask): Promise<Draw | Refusal> {
  return orRefusal(drawOf(task))
}

async function drawOf(task: PlanTask): Promise<Draw> {
  const planned = await planTask(task)
  return Object.fromEntries(
    [...planned].map(([name, { metrics, counts, collector }]) => [
      name,
      { metrics, counts, replicas: collector.replicas },
    ]),
  )
}

async function planTask(task: PlanTask): Promise<Map<string, PlannedArm>> {
  const { deployment, requests, seed } = task
  const workload = await workloadOf(task)
  const settings = await settingsOf(task)
  const load = loadOfTask(task.load, settings.replicas, deployment.timeScale, workload)
  const known = [...arms, ...games]
  const chosen = task.arms.map((name) => parseArm(name, 'arms', known))
  return planPoint(chosen, deployment, settings, workload.pool, load, requests, seed)
}

/** Replays a trace under a policy, or through two tiers. */
export function lab(task: LabTask): Promise<PolicyHits | TwoTierHits | Refusal> {
  return orRefusal(labHits(task))
}

async function labHits(task: LabTask): Promise<PolicyHits | TwoTierHits> {
  const policy = (text: string): Promise<PolicySpec> => loadPolicy(text, '--policies', policies)
  if (task.kind === 'policy') {
    const spec = await policy(task.policy)
    return isPolicyFile(task.policy) ? ownErrors(spec, () => runPolicy(spec, task)) : runPolicy(spec, task)
  }
  const specs = { hbm: await policy(task.hbmPolicy), warehouse: await policy(task.warehousePolicy) }
  return runTwoTiers(specs, find(routers, task.router).create, task)
}

/** What a policy from a file throws is told with its message, and not as an error of ours. */
function ownErrors<T>(policy: PolicySpec, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof MemwallError) throw error
    throw badInput(`policy ${policy.name}`, `threw while it ran: ${(error as Error).message}`, 'Mend the module.')
  }
}

/** Members of families are told by name, policies of one's own by file: functions do not cross threads. */
async function settingsOf({ settings }: PlanTask): Promise<RunSettings> {
  const { router, admission, tiers, ...rest } = settings
  const policy = (text: string): Promise<PolicySpec> => loadPolicy(text, '--policy', policies)
  const hbm = await policy(tiers.policies.hbm)
  const dram = await policy(tiers.policies.dram)
  const warehouse = await policy(tiers.policies.warehouse)
  return {
    ...rest,
    router: find(routers, router),
    admission: find(admissions, admission),
    tiers: { ...tiers, policies: { hbm, dram, warehouse } },
  }
}

function find<T extends { readonly name: string }>(members: readonly T[], name: string): T {
  const member = members.find((candidate) => candidate.name === name)
  assert(member !== undefined, 'a task names a member of a family', { name })
  return member
}

function workloadOf({ source, deployment, seed }: PlanTask): Promise<LoadedWorkload> {
  const limits = cutLimits(deployment)
  // A trace is the same for every seed: the seats draw from it.
  const key = JSON.stringify([source, deployment.workloadScale, limits, source.kind === 'trace' ? 0 : seed])
  const loading = loaded.get(key) ?? loadWorkload(source, workloads, deployment.workloadScale, limits, seed)
  // The last used ones stay: a full-scale workload is large.
  loaded.delete(key)
  loaded.set(key, loading)
  for (const oldest of [...loaded.keys()].slice(0, -mostLoaded)) loaded.delete(oldest)
  return loading
}

/** A GPU is opened once per thread; its id is unique in the process. */
function openGpu(backend: string, gpuId: string, gpu: GpuMemory): OpenGpu {
  const open = opened.get(gpuId) ?? openBackend(backend, gpu)
  opened.set(gpuId, open)
  return open
}

function openBackend(name: string, gpu: GpuMemory): OpenGpu {
  const backend = backends.find((candidate) => candidate.name === name)
  assert(backend?.open !== undefined, 'a task names a backend that measures', { name })
  return backend.open(gpu)
}
