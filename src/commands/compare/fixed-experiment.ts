import { createHash } from 'node:crypto'
import { backends } from '../../../backends/registry.ts'
import { readCalibration } from '../../calibration/calibrate.ts'
import { type PlannedSteps, planWithSteps } from '../../experiment/measured/measured-run.ts'
import type { PlanTask } from '../../experiment/sweep/plan-task.ts'
import type { OpenGpu } from '../../gpu/backend.ts'
import type { RunTask } from '../../gpu/execute-task.ts'
import { Machine } from '../../gpu/machine.ts'
import { createGpuMemory } from '../../gpu/memory.ts'
import { runProgram } from '../../gpu/run-program.ts'
import { cutSlices, type Slice } from '../../gpu/slices.ts'
import { computeWarmKv, type WarmKv } from '../../gpu/warm-kv.ts'
import { initialise } from '../../gpu/weights.ts'
import type { RecordedPlan } from '../../plan/plan.ts'
import { armFigures } from '../../report/figures.ts'
import { quantiles } from '../../statistics/quantile.ts'
import { runTask } from '../run/plan-tasks.ts'
import { inputOf, load, loadOf, mockDeploymentOf, mockLayout } from '../run/run-context.ts'
import { settingsOf } from '../run/settings.ts'
import { openPlanThread, type PlanThread } from './plan-thread.ts'
import type { OpenAnswer, Question, SliceTimes, SliceWork } from './slice-protocol.ts'

type Opening = Extract<Question, { ask: 'open' }>

/** Requests of the plan whose making is timed beside every slice, and how often: the quickest counts. */
const timedPlanRequests = 40
const timedPlans = 3
/** What runs before anything is timed, so that the engine has compiled its code. */
const warmUpSlices = 6

/** The one experiment that checkouts are timed on: the arm `warehouse` of the main job, in this thread, slice by slice. */
export interface FixedExperiment {
  readonly opened: OpenAnswer
  run(slice: number): Promise<SliceTimes>
}

/** Runs tasks in this thread, one after the other. What it opened goes with it. */
function inThisThread(): RunTask {
  const opened = new Map<string, OpenGpu>()
  return async ({ backend, gpuId, gpu, store, words, fromWord, toWord }) => {
    const spec = backends.find(({ name }) => name === backend)!
    const open = opened.get(gpuId) ?? spec.open!(gpu)
    opened.set(gpuId, open)
    return runProgram(gpu, open, store, new Int32Array(words), fromWord, toWord, cpuMs)
  }
}

/**
 * Time that this process had a CPU. Kernels and planner wait for nothing, so it is all that they take; on a machine that others
 * use too it varies a fraction as much as real time.
 */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Plans, lays the warm state in, and warms the engine up. */
export async function openFixedExperiment(opening: Opening): Promise<FixedExperiment> {
  const { costModel, requests, seed, protocol } = opening
  const settings = settingsOf({ arms: ['warehouse'], costModel, requests, seed })
  const layout = mockLayout(settings)
  const calibration = readCalibration(costModel)
  const deployment = mockDeploymentOf(settings, calibration)
  const workload = await load(settings, deployment, seed)
  const requestLoad = loadOf(settings, deployment, workload)
  const input = inputOf(settings.arms[0]!, settings, deployment, workload, requestLoad, requests, 0, seed)
  const planned = planWithSteps('warehouse', input, deployment.gpusPerReplica)
  const weights = createGpuMemory(layout)
  initialise(weights, seed)
  const make = (): Machine => new Machine('warehouse', settings.backend.name, planned.plan, layout, weights)
  const warm = await computeWarmKv(planned.plan, settings.backend.name, layout, weights, 1, inThisThread())
  const slices = cutSlices(planned.plan, opening.slices)
  const timed = new TimedSlices(make, warm, slices, runTask(settings, deployment, requestLoad, timedPlanRequests))
  for (let slice = 0; slice < Math.min(warmUpSlices, slices.length); slice++) await timed.run(slice)
  return {
    opened: {
      answer: 'open',
      protocol,
      planHash: planHash(planned.plan),
      figures: armFigures('warehouse', reportArm(planned), 'deterministic'),
      work: [...timed.work],
    },
    run: (slice) => timed.run(slice),
  }
}

class TimedSlices {
  readonly work: readonly SliceWork[]
  readonly #make: () => Machine
  #machine: Machine
  #runTask = inThisThread()
  readonly #warm: WarmKv
  readonly #slices: readonly Slice[]
  readonly #timedPlan: PlanTask
  #planThread: PlanThread | undefined

  constructor(make: () => Machine, warm: WarmKv, slices: readonly Slice[], timedPlan: PlanTask) {
    this.#make = make
    this.#machine = make()
    this.work = slices.map((slice) => workOf(this.#machine.plan, slice))
    this.#warm = warm
    this.#slices = slices
    this.#timedPlan = timedPlan
  }

  async run(slice: number): Promise<SliceTimes> {
    if (slice === 0) {
      await this.#planThread?.close()
      this.#planThread = await openPlanThread(this.#timedPlan)
      // Where memory lies decides up to a tenth of a time: each round draws it anew.
      this.#machine = this.#make()
      this.#runTask = inThisThread()
      this.#machine.reset(this.#warm)
    }
    const results = (await this.#machine.run(this.#slices[slice]!, this.#runTask)).map(({ result }) => result)
    const steps = results.flatMap(({ stepMs }) => [...stepMs])
    const sum = (values: readonly Float64Array[]): number =>
      values.flatMap((one) => [...one]).reduce((a, b) => a + b, 0)
    const prefillMs = sum(results.map(({ prefillMs: one }) => one))
    const decodeMs = sum(results.map(({ stepMs }) => stepMs)) - prefillMs
    let leastPlanMs = Number.POSITIVE_INFINITY
    for (let i = 0; i < timedPlans; i++) leastPlanMs = Math.min(leastPlanMs, await planMs(this.#planThread!))
    const { promptTokens, decodeRows, fetchedBytes } = this.work[slice]!
    return {
      prefillMs: promptTokens === 0 ? null : prefillMs,
      decodeMs: decodeRows === 0 ? null : decodeMs,
      fetchMs: fetchedBytes === 0 ? null : sum(results.map(({ fetchMs }) => fetchMs)),
      p99StepMs: steps.length === 0 ? null : quantiles(steps, [0.99])[0]!,
      planMs: leastPlanMs,
    }
  }
}

async function planMs(thread: PlanThread): Promise<number> {
  const started = cpuMs()
  await thread.plan()
  return cpuMs() - started
}

function reportArm({ metrics, counts }: PlannedSteps) {
  const { fetches, fetchedBytes, storedBytes, droppedStoreBlocks, evictions, preemptions } = counts
  return { ...metrics, traffic: { fetches, fetchedBytes, storedBytes, droppedStoreBlocks, evictions, preemptions } }
}

function workOf(plan: RecordedPlan, { segments }: Slice): SliceWork {
  const work = { promptTokens: 0, decodeRows: 0, fetchedBytes: 0 }
  for (const { replica, from, to } of segments) {
    for (const op of plan.ops[replica]!.slice(from, to)) {
      if (op.kind === 'admit') {
        work.fetchedBytes += op.fetch?.bytes ?? 0
        continue
      }
      work.decodeRows += op.decodes.length
      for (const prefill of op.prefills) work.promptTokens += prefill.to - prefill.from
    }
  }
  return work
}

/** Equal hashes: the same work in the same order on the same slots. */
function planHash(plan: RecordedPlan): string {
  const hash = createHash('sha256')
  for (const op of plan.ops.flat()) {
    if (op.kind === 'admit') {
      hash.update(
        JSON.stringify([op.order, op.replica, [...(op.fetch?.fromSlots ?? [])], [...(op.fetch?.toSlots ?? [])]]),
      )
      continue
    }
    const prefills = op.prefills.map(({ from, to, blockTable }) => [from, to, ...blockTable])
    const decodes = op.decodes.map(({ position, blockTable }) => [position, ...blockTable])
    hash.update(JSON.stringify([op.order, op.replica, prefills, decodes, [...(op.store?.toSlots ?? [])]]))
  }
  return hash.digest('hex').slice(0, 16)
}
