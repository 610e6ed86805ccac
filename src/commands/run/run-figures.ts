import type { Collector } from '../../account/collector.ts'
import type { ArmMetrics } from '../../account/metrics.ts'
import type { RecordedTimeline } from '../../account/timeline/timeline-recorder.ts'
import type { MeasuredRun } from '../../experiment/measured/measured-run.ts'
import type { Deployment } from '../../experiment/scale/deployment.ts'
import type { ScaleComparison } from '../../experiment/scale/scale-comparison.ts'
import type { ScaleRatio } from '../../experiment/scale/scale-ratios.ts'
import type { LoadedWorkload } from '../../experiment/workload-source.ts'
import type { PlanCounts } from '../../plan/engine/engine.ts'
import type { Load } from '../../plan/plan-input.ts'
import type { Report } from '../../report/report.ts'

/** The figures of one arm, from the plan or from the measured timeline. */
export interface ArmFigures {
  readonly metrics: ArmMetrics
  readonly collector: Collector
  readonly counts: PlanCounts
  readonly timeline: RecordedTimeline
}

/** What a run found, before it is written as a report. */
export interface RunFigures {
  readonly trust: Report['trust']
  readonly arms: ReadonlyMap<string, ArmFigures>
  readonly deployment: Deployment
  readonly workload: LoadedWorkload
  readonly load: Load
  readonly requests: number | undefined
  readonly planSeconds: number
  readonly fitErrorRelative: number | null
  readonly scaleModel: readonly ScaleRatio[]
  readonly scaleComparison: ScaleComparison | undefined
  readonly measured: MeasuredRun | undefined
  /** What fails the run, a line each. */
  readonly problems: readonly string[]
}
