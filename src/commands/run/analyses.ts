import { type Alternative, alternatives } from '../../experiment/analysis/alternatives.ts'
import { type Attribution, attribute } from '../../experiment/analysis/attribution.ts'
import {
  type FreeChoices,
  type StrongestBaseline,
  strongestBaseline,
} from '../../experiment/analysis/strongest-baseline.ts'
import { baselineArm } from '../../experiment/arms/registry.ts'
import { besideWindow, drawSeeds } from '../../experiment/draws/window.ts'
import type { Deployment } from '../../experiment/scale/deployment.ts'
import { bestLoads, type SweepResult } from '../../experiment/sweep/knee.ts'
import type { PlanTask, RunPlanTask } from '../../experiment/sweep/plan-task.ts'
import { type KneePlan, runKnee } from '../../experiment/sweep/sweep.ts'
import { admissions } from '../../plan/admission/registry.ts'
import { type Load, seatCount } from '../../plan/plan-input.ts'
import { routers } from '../../plan/router/registry.ts'
import type { Report } from '../../report/report.ts'
import type { ExperimentOptions } from './options.ts'
import { parameterSweep } from './parameter-sweep.ts'
import { besideSeeds, kneePlan, onFewReplicas, onReplicas, runTask } from './plan-tasks.ts'
import type { RunFigures } from './run-figures.ts'
import { defaults, type Settings } from './settings.ts'
import { loadParameter } from './sweep-axis.ts'

/** What is planned beside a run's own figures. */
export interface Analyses {
  readonly knee: readonly SweepResult[]
  readonly kneeSeeds: number
  readonly sweep: Report['sweep'] | undefined
  readonly seedsOfAnalyses: number
  readonly requestsOfAnalyses: number | undefined
  readonly strongest: StrongestBaseline | undefined
  readonly attribution: Attribution | undefined
  readonly alternatives: readonly Alternative[]
}

/** What of a run decides what is planned beside it. */
export interface AnalysedRun extends Pick<RunFigures, 'deployment' | 'load' | 'requests'> {
  readonly workload: { readonly pool: { readonly conversations: { readonly length: number } } }
}

/** Of a run that was interrupted. */
export const noAnalyses: Omit<Analyses, 'knee' | 'kneeSeeds'> = {
  sweep: undefined,
  seedsOfAnalyses: 0,
  requestsOfAnalyses: undefined,
  strongest: undefined,
  attribution: undefined,
  alternatives: [],
}

/** The grids of the knee, one for each deployment, and the seeds of each point. */
export function kneePlans(
  settings: Settings,
  deployments: readonly Deployment[],
): { readonly plans: KneePlan[]; readonly kneeSeeds: number } {
  const asked = settings.sweep?.name === loadParameter ? settings.sweep.values.map(Number) : undefined
  const grid = settings.isDefaultExperiment ? defaults.kneeSessions : defaults.shortKneeSessions
  const own = settings.sessionsPerReplica ?? defaults.sessionsPerReplica
  // Who asks for a sweep may ask for as many draws as for an answer.
  const seeds =
    asked !== undefined && settings.seedsAsked !== undefined
      ? drawSeeds(settings.seed, settings.seedsAsked)
      : besideSeeds(settings, 'closed')
  const plans = deployments.map((deployment, i) => {
    // A measured run's own knee is the mock's; the target's is drawn more coarsely beside it.
    const loads = asked ?? (i === 0 ? grid : defaults.shortKneeSessions)
    return kneePlan(onFewReplicas(settings, deployment), deployment, withOwnLoad(loads, own), seeds)
  })
  const beside = settings.isDefaultExperiment ? [routerBeside(settings, deployments[0]!, own, seeds)] : []
  return { plans: [...plans, ...beside], kneeSeeds: seeds.length }
}

/** What the other router gives at the run's own load. */
function routerBeside(settings: Settings, deployment: Deployment, load: number, seeds: readonly number[]): KneePlan {
  const beside = settings.router.name === 'round-robin' ? 'session-affine' : 'round-robin'
  return kneePlan(settings, deployment, [load], seeds, beside)
}

/** The knee: every closed loop has one, on each of the deployments. */
export async function drawKnee(
  settings: Settings,
  deployments: readonly Deployment[],
  run: RunPlanTask,
): Promise<{ readonly knee: SweepResult[]; readonly kneeSeeds: number }> {
  const { plans, kneeSeeds } = kneePlans(settings, deployments)
  const knee: SweepResult[] = []
  for (const plan of plans) knee.push(...(await runKnee(plan, run)))
  return { knee, kneeSeeds }
}

/** The run's own load stands on its knee. */
function withOwnLoad(grid: readonly number[], own: number): number[] {
  return [...new Set([...grid, own])].sort((a, b) => a - b)
}

/** Seeds, strongest baseline, attribution and alternatives at the run's own load. */
export async function analyse(
  options: ExperimentOptions,
  settings: Settings,
  figures: AnalysedRun,
  knee: { readonly knee: readonly SweepResult[]; readonly kneeSeeds: number },
  run: RunPlanTask,
  onPart: (what: string) => void,
): Promise<Analyses> {
  const { deployment } = figures
  const few = onFewReplicas(settings, deployment)
  const load = onReplicas(figures.load, settings.replicas, few.replicas)
  const seeds = besideSeeds(settings, load.kind)
  const requests = requestsBeside(settings, figures, load, seatCount(load, few.replicas))
  const task = runTask(few, deployment, load, requests)
  const hasBaseline = task.arms.includes(baselineArm)
  const hasWarehouse = task.arms.includes('warehouse')
  onPart('the strongest free baseline')
  const strongest = hasBaseline ? shown(settings, await findStrongest(task, knee.knee, seeds, run)) : undefined
  onPart('where the multiplier comes from')
  const attribution = hasBaseline && hasWarehouse ? await attribute(task, seeds, run) : undefined
  onPart('other ways of replaying')
  const ways = await alternatives(task, seeds, run)
  if (settings.sweep !== undefined) onPart('the sweep')
  const sweep = await parameterSweep(options, settings, figures, run)
  return {
    ...knee,
    sweep,
    seedsOfAnalyses: seeds.length,
    requestsOfAnalyses: requests,
    strongest,
    attribution,
    alternatives: ways,
  }
}

/** Of each window beside the answer; a trace that is used up gives no more. */
function requestsBeside(
  settings: Settings,
  { requests, workload }: AnalysedRun,
  load: Load,
  seats: number,
): number | undefined {
  const beside = besideWindow(seats)
  // What a measured run is asked for is the length of what it measures; a long answer needs no longer plans beside it.
  if (load.kind === 'closed') return settings.backend.measures ? beside : Math.min(settings.requests ?? beside, beside)
  return requests === undefined ? undefined : Math.min(requests, workload.pool.conversations.length - seats)
}

function findStrongest(
  task: PlanTask,
  knee: readonly SweepResult[],
  seeds: readonly number[],
  run: RunPlanTask,
): Promise<StrongestBaseline> {
  return strongestBaseline(task, freeChoices(task, lowerLoads(task.load, knee)), seeds, run)
}

/** A policy from a file is shown by its name. */
function shown({ policies }: Settings, strongest: StrongestBaseline): StrongestBaseline {
  return strongest.policy === policies.hbm.text ? { ...strongest, policy: policies.hbm.name } : strongest
}

/** Eviction policies that serving engines come with: vLLM's, and those of SGLang's `--radix-eviction-policy`. */
const shippedPolicies = ['lru', 'leaf-lru', 'lfu']

/** Everything that costs nothing to try. @param loads lower loads that may be tried as limits */
export function freeChoices({ settings, load }: PlanTask, loads: readonly number[]): FreeChoices {
  return {
    // A backlog sends the next request where one has just ended: there is no choice.
    routers: load.kind === 'backlog' ? [settings.router] : ordered(routers, settings.router),
    admissions: ordered(admissions, settings.admission),
    policies: [...new Set([settings.tiers.policies.hbm, ...shippedPolicies])],
    loads,
  }
}

/** The run's own choice first: of equals it is the one that is named. */
function ordered(members: readonly { readonly name: string }[], own: string): string[] {
  const names = members.map(({ name }) => name)
  return [own, ...names.filter((name) => name !== own)]
}

/** Limits on the load that are worth trying: loads below the run's at which the baseline did best. */
function lowerLoads(load: Load | PlanTask['load'], knee: readonly SweepResult[]): number[] {
  if (load.kind === 'backlog') {
    return [0.5, 0.25, 0.125].map((share) => Math.round(load.inFlightPerReplica * share)).filter((limit) => limit >= 1)
  }
  if (load.kind === 'timed' || !('sessionsPerReplica' in load)) return []
  const limits = bestLoads(knee, baselineArm).filter((sessions) => sessions < load.sessionsPerReplica)
  return limits.slice(0, mostLimits)
}

/** Limits that are tried. */
const mostLimits = 3
