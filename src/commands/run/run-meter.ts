import type { Deployment } from '../../experiment/scale/deployment.ts'
import type { Progress } from '../progress/progress.ts'
import type { Stage } from '../progress/stage.ts'
import { sweepWords } from '../progress/sweep-words.ts'
import { openWorkMeter, type WorkMeter } from '../progress/work-meter.ts'
import { analysisName, expectedStages, stageNames } from './expected-stages.ts'
import type { PreparedExperiment, Workbench } from './experiment.ts'
import type { Settings } from './settings.ts'
import { loadParameter } from './sweep-axis.ts'

/** The meter of one experiment. Where a sweep was asked for it says once how long that will take. */
export async function meterOf(
  prepared: PreparedExperiment,
  deployments: readonly Deployment[],
  { threads, progress }: Pick<Workbench, 'threads' | 'progress'>,
): Promise<WorkMeter> {
  const stages = await expectedStages(prepared, deployments, threads.count)
  return openWorkMeter(progress, stages, {
    threads: threads.count,
    onPace: (msOf) => saySweep(prepared.settings, stages, msOf, progress),
  })
}

function saySweep(
  { sweep, arms }: Settings,
  stages: readonly Stage[],
  msOf: (work: number) => number,
  progress: Progress,
): void {
  if (sweep === undefined) return
  const name = sweep.name === loadParameter ? stageNames.knee : analysisName('the sweep')
  const own = stages.find((stage) => stage.name === name)
  if (own === undefined) return
  const sweepMs = msOf(own.work)
  const wholeMs = stages.reduce((sum, { work, budgetMs = 0 }) => sum + msOf(work) + budgetMs, 0)
  const words = sweepWords({ points: sweep.values.length, arms: arms.length, sweepMs, wholeMs })
  if (words !== undefined) progress.say?.(words)
}
