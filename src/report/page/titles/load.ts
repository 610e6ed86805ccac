import { formatFigures, formatRatio, formatShare } from '../../../units.ts'
import { armPhrase, baselineArm, headlineArm } from '../../arms.ts'
import { kneeCurve, ownScale } from '../../headline.ts'
import { gainPoints, gainRatio, gainStart } from '../../knee-words.ts'
import { choiceTitle, isChoice } from '../../own-effect.ts'
import type { KneePoint, Report, Sweep } from '../../report.ts'
import { sweepMoves, sweptArm } from '../../sweep-moves.ts'
import { shortRatio } from '../../words/answer-ratio.ts'
import { aReplica, conversations } from '../../words/load.ts'

/** The knee in a sentence: where it begins, what it is at the run's own load and at its top. */
export function kneeTitle(report: Report): string {
  const name = headlineArm(report)
  const points = name === undefined ? [] : gainPoints(report, name)
  if (name === undefined || points.length === 0) return 'Throughput over load'
  const start = gainStart(points)
  const last = points.at(-1)!
  const standing = report.trust === 'tensors' ? ' (planned but for the diamond)' : ''
  if (start === undefined) {
    return `At no load up to ${conversations(last.load)} ${aReplica(report)} is a gain with ${armPhrase(name)} shown${standing}`
  }
  const top = points.reduce((best, point) => (point.value > best.value ? point : best))
  const own = points.find(({ load }) => load === report.setup.sessionsPerReplica)
  const isOwnTold = own !== undefined && own !== top && own.load >= start
  const ownWords = isOwnTold ? `, ${formatRatio(own.value)} at ${own.load}` : ''
  const end = last.value < gainRatio ? `, none at ${last.load}` : ''
  const begin = start === points[0]!.load ? 'There is a gain from' : 'A gain begins at'
  return `${begin} ${conversations(start)} ${aReplica(report)}${ownWords}, ${shortRatio(top.value)} at ${top.load}${end}${standing}`
}

export function throughputTitle(report: Report): string {
  const curve = kneeCurve(report, ownScale(report), report.setup.router)
  const rates = curve.flatMap(({ sessionsPerReplica, arms }) =>
    arms[baselineArm] === undefined ? [] : [{ load: sessionsPerReplica, rate: arms[baselineArm].tokensPerGpuSecond }],
  )
  if (rates.length < 2) return 'Tokens per GPU-second over load'
  const peak = rates.reduce((best, point) => (point.rate > best.rate ? point : best))
  const last = rates.at(-1)!
  if (last.rate > peak.rate * 0.95) {
    return `More load does not slow ${armPhrase(baselineArm)}: ${formatFigures(last.rate)} tokens per GPU-second at ${conversations(last.load)} ${aReplica(report)}`
  }
  return `More load slows ${armPhrase(baselineArm)}: from ${formatFigures(peak.rate)} tokens per GPU-second at ${conversations(peak.load)} ${aReplica(report)} to ${formatFigures(last.rate)} at ${last.load}`
}

type LoadPoint = Pick<KneePoint, 'arms'> & { readonly at: string }

/** Hit rates over the load: where the baseline loses what the ceiling keeps. */
export function hitRateTitle(report: Report): string {
  const points = ownPoints(report)
  const losses = points.flatMap(({ at, arms }) => {
    const arm = arms[baselineArm]
    return arm === undefined ? [] : [{ at, lost: arm.ceilingHitRate - arm.hitRate, ...arm }]
  })
  if (losses.length === 0) return 'Hit rate, redundant prefill and GPU time over load'
  const worst = losses.reduce((most, point) => (point.lost > most.lost ? point : most))
  if (worst.lost < 0.05)
    return `${capital(armPhrase(baselineArm))} keeps its hit rate within 5 points of the ceiling at every load`
  return `At ${worst.at} ${armPhrase(baselineArm)} hits ${formatShare(worst.hitRate)} of prompt tokens, with a ceiling of ${formatShare(worst.ceilingHitRate)}`
}

function ownPoints(report: Report): LoadPoint[] {
  return kneeCurve(report, ownScale(report), report.setup.router).map(({ sessionsPerReplica, arms }) => ({
    at: `${conversations(sessionsPerReplica)} ${aReplica(report)}`,
    arms,
  }))
}

/** Over another parameter: from where to where the multiplier of the arm that moves goes. */
export function sweepTitle(report: Report, sweep: Sweep): string {
  const { parameter } = sweep
  if (isChoice(parameter)) return choiceTitle(sweep)
  const found = sweptArm(report, sweep)
  if (found === undefined) return `Tokens per GPU-second over ${parameter}`
  const { arm, low, high, moves } = found
  if (!moves)
    return `${parameter} hardly moves the multiplier of ${armPhrase(arm)}: ${formatRatio(low.mean)} to ${formatRatio(high.mean)} (planned)`
  const headline = sweepMoves(sweep).find((move) => move.arm === headlineArm(report))
  const still = headline === undefined || headline.moves ? '' : `; that of ${armPhrase(headline.arm)} hardly moves`
  return `The multiplier of ${armPhrase(arm)} goes from ${formatRatio(low.mean)} at ${parameter} ${low.value} to ${formatRatio(high.mean)} at ${high.value} (planned)${still}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
