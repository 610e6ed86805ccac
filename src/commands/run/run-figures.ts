import type { PooledBooks } from '../../account/pooled.ts'
import type { RecordedTimeline } from '../../account/timeline/timeline-recorder.ts'
import type { PlannedDraws } from '../../experiment/draws/planned-draws.ts'
import type { MeasuredDraws } from '../../experiment/measured/measured-draws.ts'
import type { Deployment } from '../../experiment/scale/deployment.ts'
import type { ScaleComparison } from '../../experiment/scale/scale-comparison.ts'
import type { ScaleRatio } from '../../experiment/scale/scale-ratios.ts'
import type { LoadedWorkload } from '../../experiment/workload-source.ts'
import type { PlanCounts } from '../../plan/engine/engine.ts'
import type { Load } from '../../plan/plan-input.ts'
import type { Report } from '../../report/report.ts'

/** The figures of one arm over all windows that were measured, or else over all that were planned. */
export interface ArmFigures extends PooledBooks {
  readonly counts: PlanCounts
  /** Of the first draw. */
  readonly timeline: RecordedTimeline
}

/** What a run found, before it is written as a report. */
export interface RunFigures {
  readonly trust: Report['trust']
  readonly arms: ReadonlyMap<string, ArmFigures>
  readonly deployment: Deployment
  /** Of the first draw. */
  readonly workload: LoadedWorkload
  readonly load: Load
  /** Requests in each window behind `arms`. */
  readonly requests: number | undefined
  readonly planSeconds: number
  readonly fitErrorRelative: number | null
  readonly scaleModel: readonly ScaleRatio[]
  readonly scaleComparison: ScaleComparison | undefined
  readonly planned: PlannedDraws
  readonly measured: MeasuredDraws | undefined
  /** What fails the run, a line each. */
  readonly problems: readonly string[]
}
