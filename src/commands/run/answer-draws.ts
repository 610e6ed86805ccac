import type { RunDraw } from '../../experiment/draws/draw.ts'
import { type PlannedArmFigures, type PlannedDraws, planDraws } from '../../experiment/draws/planned-draws.ts'
import { answerDraws, answerWindow, drawSeeds } from '../../experiment/draws/window.ts'
import type { Deployment } from '../../experiment/scale/deployment.ts'
import type { PlanTask } from '../../experiment/sweep/plan-task.ts'
import { type Load, seatCount } from '../../plan/plan-input.ts'
import { onFewReplicas, onReplicas, runTask } from './plan-tasks.ts'
import type { Settings } from './settings.ts'

/** What has to be planned for the answer of a run: one task, and a seed a draw. */
export interface AnswerPlan {
  readonly task: PlanTask
  readonly seeds: readonly number[]
  /** Replicas of the run ÷ replicas that are planned. */
  readonly factor: number
}

/** The draws behind an answer: of a closed loop many long ones, of a trace the trace itself. */
export function answerPlan(settings: Settings, deployment: Deployment, load: Load): AnswerPlan {
  const few = onFewReplicas(settings, deployment)
  const factor = settings.replicas / few.replicas
  if (load.kind !== 'closed') {
    return { task: runTask(settings, deployment, load, settings.requests), seeds: [settings.seed], factor: 1 }
  }
  const own = onReplicas(load, settings.replicas, few.replicas)
  const seats = seatCount(own, few.replicas)
  // What a measured run is asked for is the length of what it measures.
  const asked = settings.backend.measures ? undefined : settings.requests
  const requests = asked ?? answerWindow(seats)
  const draws = settings.seedsAsked ?? answerDraws(seats)
  return { task: runTask(few, deployment, own, requests), seeds: drawSeeds(settings.seed, draws), factor }
}

/** Plans the answer's draws; figures of all GPUs together are those of the run's own replicas. */
export async function planAnswer({ task, seeds, factor }: AnswerPlan, run: RunDraw): Promise<PlannedDraws> {
  const planned = await planDraws(task, seeds, run)
  return { ...planned, arms: new Map([...planned.arms].map(([name, arm]) => [name, ofFleet(arm, factor)])) }
}

function ofFleet(arm: PlannedArmFigures, factor: number): PlannedArmFigures {
  const { gpus, tokensPerSecond } = arm.metrics
  return { ...arm, metrics: { ...arm.metrics, gpus: gpus * factor, tokensPerSecond: tokensPerSecond * factor } }
}
