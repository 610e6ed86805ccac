import { type PooledBooks, pooledBooks } from '../../account/pooled.ts'
import type { RecordedTimeline } from '../../account/timeline/timeline-recorder.ts'
import type { RunTask } from '../../gpu/execute-task.ts'
import type { GpuLayout } from '../../gpu/memory.ts'
import type { PlanCounts } from '../../plan/engine/engine.ts'
import { sumOfCounts } from '../draws/counts.ts'
import { describeMismatch } from './describe-mismatch.ts'
import { type MeasuredRatio, type MeasuredRun, measureRun, openBench, type PlannedSteps } from './measured-run.ts'

/** Draws without which the error of the correction is not known well enough. */
export const leastDraws = 3

export interface MeasureDrawsOptions {
  readonly backend: string
  readonly layout: GpuLayout
  /** Seeds of the draws, in the order in which they are measured. */
  readonly seeds: readonly number[]
  /** Of the first draw: more than one shows the noise of timing. The others are measured once. */
  readonly repeats: number
  /** Whether time is short for one more draw after so many: none is begun once there are enough. undefined: all are measured. */
  readonly isLate: ((draws: number) => boolean) | undefined
  readonly weightsSeed: number
  readonly threads: number
  readonly runTask: RunTask
  readonly signal: AbortSignal
  readonly onProgress: (step: DrawStep) => void
}

/** Where the measuring stands. */
export interface DrawStep {
  readonly draw: number
  readonly repeat: number
  readonly slice: number
  readonly arm: string
  /** Of this draw. */
  readonly shareDone: number
}

/** Multipliers of one draw, by arm. */
export interface DrawRatios {
  readonly seed: number
  readonly ratios: ReadonlyMap<string, MeasuredRatio>
}

/** The figures of an arm over all measured windows together. */
export interface MeasuredArmFigures extends PooledBooks {
  readonly counts: PlanCounts
  /** Of the first draw. */
  readonly timeline: RecordedTimeline
}

/** What was measured over several draws of the workload. */
export interface MeasuredDraws {
  readonly draws: readonly DrawRatios[]
  readonly figures: ReadonlyMap<string, MeasuredArmFigures>
  readonly interrupted: boolean
  readonly evidence: MeasuredEvidence
  /** Largest over arms and draws of |planned − measured| ÷ measured step time. */
  readonly planErrorRelative: number | null
  /** What fails the run, a line each. */
  readonly problems: readonly string[]
}

/** What shows that the arms did the same work. */
export interface MeasuredEvidence {
  readonly answersCompared: number
  readonly blocksCompared: number
  readonly differences: number
  readonly requestsCompared: number
  readonly requests: number
  readonly mutant: MeasuredRun['mutant']
  readonly prefixesRecomputed: number
  readonly copies: number
  readonly copiesSlowerThanLink: number
}

interface DoneDraw {
  readonly seed: number
  readonly planned: readonly PlannedSteps[]
  readonly run: MeasuredRun
}

/**
 * Measures several draws of the workload, one after the other, each in all arms. The draws together correct the plan; the first,
 * repeated, shows the noise of timing.
 * @param plan the arms of a draw with every step
 */
export async function measureDraws(
  plan: (seed: number) => Promise<readonly PlannedSteps[]>,
  options: MeasureDrawsOptions,
): Promise<MeasuredDraws> {
  const bench = openBench(options.layout, options.weightsSeed)
  const done: DoneDraw[] = []
  const problems: string[] = []
  for (const [draw, seed] of options.seeds.entries()) {
    if (done.length >= leastDraws && options.isLate?.(done.length) === true) break
    const planned = await plan(seed)
    const run = await measureRun(planned, {
      ...options,
      seed,
      bench,
      checks: draw === 0,
      repeats: draw === 0 ? options.repeats : 1,
      onProgress: (arm, repeat, slice, shareDone) => options.onProgress({ draw, repeat, slice, arm, shareDone }),
    })
    problems.push(...(await problemsOf(run, options)))
    // A draw that was broken off is kept only where there is no other.
    if (run.interrupted && done.length > 0) return joined(done, true, problems)
    done.push({ seed, planned, run })
    if (run.interrupted) return joined(done, true, problems)
  }
  return joined(done, false, problems)
}

function joined(done: readonly DoneDraw[], interrupted: boolean, problems: readonly string[]): MeasuredDraws {
  const complete = done.filter(({ run, planned }) => run.completeRepeats > 0 && run.figures.size === planned.length)
  // A window that never opened on the measured timeline, as a very short one may not, leaves its draw out.
  const usable = complete.length > 0 ? complete : done
  const errors = complete.flatMap(({ run }) => run.planErrorRelative ?? [])
  return {
    draws: complete.map(({ seed, run }) => ({ seed, ratios: run.ratios })),
    figures: new Map(
      usable[0]!.planned
        .filter(({ name }) => usable.every(({ run }) => run.figures.has(name)))
        .map(({ name, gpusPerReplica }) => [name, figuresOf(name, gpusPerReplica, usable)]),
    ),
    interrupted,
    evidence: evidenceOf(done),
    planErrorRelative: errors.length === 0 ? null : Math.max(...errors),
    problems,
  }
}

function figuresOf(name: string, gpusPerReplica: number, done: readonly DoneDraw[]): MeasuredArmFigures {
  const books = done.map(({ run }) => {
    const { metrics, collector } = run.figures.get(name)!
    return { metrics, replicas: collector.replicas }
  })
  return {
    ...pooledBooks(books, gpusPerReplica),
    counts: sumOfCounts(done.map(({ planned }) => planned.find((arm) => arm.name === name)!.counts)),
    timeline: done[0]!.run.figures.get(name)!.timeline,
  }
}

function evidenceOf(done: readonly DoneDraw[]): MeasuredEvidence {
  const sum = (count: (run: MeasuredRun) => number): number => done.reduce((total, { run }) => total + count(run), 0)
  return {
    answersCompared: sum(({ answers }) => answers.answersCompared),
    blocksCompared: sum(({ answers }) => answers.blocksCompared),
    differences: sum(({ answers }) => answers.differences),
    requestsCompared: sum(({ answers }) => answers.requests.compared),
    requests: sum(({ answers }) => answers.requests.all),
    mutant: done[0]!.run.mutant,
    prefixesRecomputed: sum(({ prefixesRecomputed }) => prefixesRecomputed),
    copies: sum(({ copies }) => copies),
    copiesSlowerThanLink: sum(({ copiesSlowerThanLink }) => copiesSlowerThanLink),
  }
}

/** Told while the machines of the draw still hold what they computed. */
async function problemsOf(
  { answers, machines, mutant }: MeasuredRun,
  { backend, weightsSeed, runTask }: MeasureDrawsOptions,
): Promise<string[]> {
  const problems: string[] = []
  const [first] = answers.mismatches
  if (first !== undefined) {
    const machine = machines.find(({ name }) => name === first.arm)!
    const told = await describeMismatch(first, machine, backend, weightsSeed, runTask)
    problems.push(`${answers.differences} answers differ between arms; the first: ${told}`)
  }
  if (mutant !== undefined && !(mutant.logitsNoticed && mutant.checksumNoticed)) {
    problems.push('a damaged block was not noticed: the checks of this run prove nothing')
  }
  return problems
}
