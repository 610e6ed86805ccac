import type { Progress } from './progress.ts'
import { type Stage, stepWords } from './stage.ts'
import { openTimeLeft } from './time-left.ts'

/** Counts the plans of a run as they are done, and tells how far the whole is. */
export interface WorkMeter {
  /** The stages follow each other in the order in which they are expected; one may be passed over. */
  begin(name: string): void
  /** Some work of the stage is done. @param plans of those that it counts */
  did(work: number, plans: number): void
  /** Where a stage with a budget stands. @param shareDone of this stage */
  measured(step: string, shareDone: number): void
}

/** Before such a share of a budget is done its own pace says nothing. */
const leastMeasured = 0.05

export interface MeterOptions {
  /** That share the plans. */
  readonly threads: number
  /** Told once, as soon as the pace of the plans is known: how long some work takes. */
  readonly onPace?: (msOf: (work: number) => number) => void
  /** For tests. */
  readonly now?: () => number
}

export function openWorkMeter(
  progress: Progress,
  stages: readonly Stage[],
  { threads, onPace, now = () => performance.now() }: MeterOptions,
): WorkMeter {
  const startMs = now()
  const pace = openTimeLeft(0, 2 * threads)
  const here = { stage: -1, begunMs: startMs, work: 0, plans: 0, share: 0 }
  let [measuringMs, done, share, isPaceTold] = [0, 0, 0, false]

  const planningMs = (): number => now() - startMs - measuringMs
  const laterStages = (): readonly Stage[] => stages.slice(here.stage + 1)

  const measuringLeftMs = (): number => {
    const budgetMs = stages[here.stage]?.budgetMs
    if (budgetMs === undefined) return 0
    const spentMs = now() - here.begunMs
    const byBudgetMs = Math.max(0, budgetMs - spentMs)
    return here.share < leastMeasured ? byBudgetMs : (spentMs * (1 - here.share)) / here.share
  }
  const leftMs = (): number | undefined => {
    const own = stages[here.stage]
    const isMeasuring = own?.budgetMs !== undefined
    const work = sum(laterStages(), (stage) => stage.work) + Math.max(0, (own?.work ?? 0) - here.work)
    // While something is measured nothing is planned: the clock of the plans stands.
    const clockMs = isMeasuring ? here.begunMs - startMs - measuringMs : planningMs()
    const planning = work === 0 ? 0 : pace.leftMs(clockMs, work)
    if (planning === undefined) return undefined
    return planning + measuringLeftMs() + sum(laterStages(), ({ budgetMs = 0 }) => budgetMs)
  }
  const show = (step: string): void => {
    const left = leftMs()
    const spentMs = now() - startMs
    if (left !== undefined && spentMs + left > 0) share = Math.max(share, spentMs / (spentMs + left))
    progress.show(step, share, left)
  }

  return {
    begin(name) {
      if (stages[here.stage]?.budgetMs !== undefined) measuringMs += now() - here.begunMs
      const found = stages.findIndex((stage) => stage.name === name)
      Object.assign(here, { stage: found === -1 ? here.stage : found, begunMs: now(), work: 0, plans: 0, share: 0 })
      show(found === -1 ? name : stepWords(stages[found]!, 0))
    },
    did(work, plans) {
      done += work
      here.work += work
      here.plans += plans
      pace.observe(planningMs(), done)
      if (!isPaceTold && pace.leftMs(planningMs(), 1) !== undefined) {
        isPaceTold = true
        onPace?.((asked) => pace.leftMs(planningMs(), asked) ?? 0)
      }
      const own = stages[here.stage]
      if (own !== undefined) show(stepWords(own, here.plans))
    },
    measured(step, shareDone) {
      here.share = shareDone
      show(step)
    },
  }
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
