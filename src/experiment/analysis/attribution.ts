import { baselineArm } from '../arms/registry.ts'
import { overSeeds, type PlanFigures, type PlanTask, type RunPlanTask } from '../sweep/plan-task.ts'

/** Where the multiplier of the warehouse comes from, and what of it is lost on the way. */
export interface Attribution {
  readonly tokensPerGpuSecond: {
    readonly none: number
    readonly capacity: number
    readonly sharing: number
    readonly both: number
    readonly real: number
  }
  /** Factors: Shapley values on the logarithm of the multiplier; their product is both ÷ none. */
  readonly gain: { readonly capacity: number; readonly sharing: number }
  /** Factors: their product is real ÷ both. */
  readonly loss: { readonly latencyAndBandwidth: number; readonly queueing: number; readonly stores: number }
}

/** The arms of the games, in the order in which they are planned. */
const games = {
  none: baselineArm,
  capacity: 'game-capacity',
  sharing: 'game-sharing',
  both: 'game-both',
  uncontended: 'game-uncontended',
  queued: 'game-free-stores',
  real: 'warehouse',
} as const

/** Plans four games, all free to read and write, and the steps from the last of them to the real warehouse. */
export async function attribute(task: PlanTask, seeds: readonly number[], run: RunPlanTask): Promise<Attribution> {
  const results = await overSeeds({ ...task, arms: Object.values(games) }, seeds, run)
  const mean = (game: keyof typeof games): number => meanOf(results, games[game])
  const [none, capacity, sharing, both] = [mean('none'), mean('capacity'), mean('sharing'), mean('both')]
  const [uncontended, queued, real] = [mean('uncontended'), mean('queued'), mean('real')]
  return {
    tokensPerGpuSecond: { none, capacity, sharing, both, real },
    gain: shapley(none, capacity, sharing, both),
    loss: { latencyAndBandwidth: uncontended / both, queueing: queued / uncontended, stores: real / queued },
  }
}

/** Each player's mean over both orders of joining; Shapley, "A value for n-person games", 1953, for two players. */
export function shapley(none: number, capacity: number, sharing: number, both: number): Attribution['gain'] {
  return {
    capacity: Math.sqrt((capacity / none) * (both / sharing)),
    sharing: Math.sqrt((sharing / none) * (both / capacity)),
  }
}

function meanOf(results: readonly PlanFigures[], arm: string): number {
  return results.reduce((sum, figures) => sum + figures[arm]!.tokensPerGpuSecond, 0) / results.length
}
