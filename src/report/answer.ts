import { formatCount, formatFigures, formatInterval, formatRatio } from '../units.ts'
import { armPhrase, baselineArm, headlineArm } from './arms.ts'
import { doubtOf } from './doubts.ts'
import {
  bestOf,
  headlineMultiplier,
  kneeCurve,
  type Multiplier,
  otherRouters,
  ownScale,
  type Verdict,
  verdictOf,
} from './headline.ts'
import type { KneePoint, Report } from './report.ts'
import { aReplica, conversations, loadPhrase } from './words/load.ts'
import { fabricNote, gpusOf, plannedRatio, plannedWork, ratioWithInterval } from './words/ratio.ts'

/** The sentence that answers the question: what 100 GPUs are worth, at this load and each at its own best. */
export function answerSentence(report: Report): string {
  const headline = headlineMultiplier(report)
  const partial = report.partial ? 'Interrupted, so from a part of the run: ' : ''
  if (headline === undefined) return partial + withoutMultiplier(report)
  const { arm, multiplier } = headline
  const sentence =
    verdictOf(multiplier) === 'loadLimited'
      ? loadLimited(report, arm, multiplier)
      : `${loadPhrase(report)}, ${workOf(report, arm, multiplier)}`
  return capital(partial === '' ? sentence : partial + uncapital(sentence))
}

const bounds: Readonly<Record<'atLeast' | 'atMost', string>> = {
  atLeast: 'a lower bound, since it ran out of requests',
  atMost: `an upper bound, since ${armPhrase(baselineArm)} ran out of requests`,
}

function workOf(report: Report, arm: string, multiplier: Multiplier): string {
  const verdict = verdictOf(multiplier)
  const reading = verdict === 'atLeast' || verdict === 'atMost' ? bounds[verdict] : ''
  const work = `100 of these GPUs with ${armPhrase(arm)} do the work of ${workWords(verdict, multiplier.value)}`
  const best = bestWork(report, arm)
  const atBest = best === undefined ? '' : `; each at its own best load, planned, of ${best}${targetBest(report, arm)}`
  return `${work} (${ratioNotes(report, arm, multiplier, [reading])})${againstStrongest(report)}${atBest}${doubtClause(report, arm)}.`
}

/** What weakens the figure elsewhere in the report weakens it here. */
function doubtClause(report: Report, arm: string): string {
  const doubt = doubtOf(report, arm)
  return doubt === '' ? '' : `; ${doubt}`
}

/** The baseline as the vendor runs it is one; the best that the same GPUs do without buying anything is another. */
function againstStrongest({ strongestBaseline }: Report): string {
  if (strongestBaseline === undefined) return ''
  const { name, multiplier } = strongestBaseline
  const work = plannedWork(multiplier)
  return ` against ${armPhrase(baselineArm)} as the vendor runs it, and of ${work} against the strongest free baseline (${name}; planned)`
}

function ratioNotes(report: Report, arm: string, multiplier: Multiplier, notes: readonly string[]): string {
  const ratio = [ratioWithInterval(report, multiplier), fabricNote(report, arm)]
    .filter((note) => note !== '')
    .join(', ')
  return [ratio, ...notes, routerNote(report, arm)].filter((note) => note !== '').join('; ')
}

function workWords(verdict: Verdict, value: number): string {
  if (verdict === 'none') return 'no more than 100'
  if (verdict === 'loss') return `only ${gpusOf(value)}`
  if (verdict === 'atLeast') return `at least ${gpusOf(value)}`
  return verdict === 'atMost' ? `at most ${gpusOf(value)}` : gpusOf(value)
}

function loadLimited(report: Report, arm: string, multiplier: Multiplier): string {
  const shown =
    multiplier.value > 1.02
      ? `no gain in capacity with ${armPhrase(arm)} can be shown`
      : `there is no gain with ${armPhrase(arm)}`
  const ratio = ratioNotes(report, arm, multiplier, ['load-limited, no figure of capacity'])
  const best = bestWork(report, arm)
  const atBest = best === undefined ? '' : `; each at its own best load, planned, 100 GPUs do the work of ${best}`
  return `${loadPhrase(report)} the load on offer is the limit, not memory: ${shown} (${ratio})${gainClause(report, arm)}${atBest}${doubtClause(report, arm)}.`
}

/** Where the knee shows a gain although the run's own load does not. */
function gainClause(report: Report, arm: string): string {
  const gaining = kneeCurve(report, ownScale(report), report.setup.router).find((point) => isGain(point, arm))
  if (gaining === undefined) return ''
  return `; planned, ${formatRatio(gaining.multiplier[arm]!.mean)} at ${conversations(gaining.sessionsPerReplica)} ${aReplica(report)}`
}

function isGain({ multiplier, sessionsPerReplica }: KneePoint, arm: string): boolean {
  const point = multiplier[arm]
  return sessionsPerReplica > 0 && point !== undefined && point.bound !== 'loadLimited' && point.min > 1.05
}

function routerNote(report: Report, arm: string): string {
  const point = otherRouters(report).find(({ multiplier }) => multiplier[arm] !== undefined)
  if (point === undefined) return ''
  const mean = plannedRatio(point.multiplier[arm]!)
  const own = ownPoint(report)?.multiplier[arm]
  if (own === undefined) return `with ${point.router}, planned: ${mean}`
  // The router's figure is a mean over workloads: beside it stands the same mean of the run's own router.
  const range = `${formatInterval(own.min, own.max)}, mean of their ratios ${formatRatio(own.mean)}`
  return `planned over ${workloads(report)}: ${range}; with ${point.router} ${mean}`
}

function workloads({ kneeRuns }: Report): string {
  return kneeRuns === undefined ? 'several workloads' : formatCount(kneeRuns.seeds, 'workload')
}

/** The knee's point at the run's own load, scale and router. */
function ownPoint(report: Report): KneePoint | undefined {
  return kneeCurve(report, ownScale(report), report.setup.router).find(
    ({ sessionsPerReplica }) => sessionsPerReplica === report.setup.sessionsPerReplica,
  )
}

/** Beside a measured run's own scale the target's: the question is about the target. */
function targetBest(report: Report, arm: string): string {
  const best = ownScale(report) === 'mock' ? bestOf(report, arm, 'target') : undefined
  return best === undefined || best.bound === 'loadLimited' ? '' : `, on the target of ${bestWords(best)}`
}

function bestWork(report: Report, arm: string): string | undefined {
  const best = bestOf(report, arm)
  return best === undefined || best.bound === 'loadLimited' ? undefined : bestWords(best)
}

/** At the edge of the loads that were tried, a best may lie beyond. */
function bestWords(best: NonNullable<ReturnType<typeof bestOf>>): string {
  if (best.bound === 'exact') return plannedWork(best.value)
  return `at ${best.bound === 'lower' ? 'least' : 'most'} ${gpusOf(best.value)}`
}

function withoutMultiplier(report: Report): string {
  const arm = headlineArm(report)
  const baseline = report.arms[baselineArm]
  if (arm === undefined && baseline === undefined) return 'No arm has figures, so there is no answer yet.'
  const name = arm ?? baselineArm
  const rate = formatFigures(report.arms[name]!.tokensPerGpuSecond)
  const does = `${uncapital(loadPhrase(report))}, each GPU with ${armPhrase(name)} gives ${rate} output tokens a second`
  if (arm === undefined) return `Only ${baselineArm} ran, so there is nothing to compare it with: ${does}.`
  if (baseline === undefined) return `The baseline ${baselineArm} did not run, so there is no multiplier: ${does}.`
  return `The baseline ${baselineArm} gave no tokens in the window, so there is no multiplier: ${does}.`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function uncapital(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}
