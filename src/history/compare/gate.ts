import { holmAdjusted } from '../../statistics/holm.ts'
import { studentTQuantile } from '../../statistics/student-t.ts'
import { type TrimmedMean, trimmedMean } from '../../statistics/yuen.ts'

/** What was timed of a figure in some rounds. */
export interface TimedPairs {
  /** log(head ÷ base), a slice each; of a slice without such work there is none. */
  readonly logRatios: readonly number[]
  readonly baseTotal: number
  readonly headTotal: number
}

/** Times `rounds` fresh rounds of both sides in turn, or of the base against itself; figures by name, always the same ones. */
export type TimeRounds = (
  what: 'noise' | 'screen' | 'confirm',
  rounds: number,
) => Promise<ReadonlyMap<string, TimedPairs>>

export type GateVerdict = 'fine' | 'regression' | 'inconclusive'

/** What the gate says of one figure. */
export interface GatedFigure {
  readonly name: string
  /** Trimmed mean of head ÷ base − 1 with its 95 % interval: of the confirmation where there was one, else of the screen. */
  readonly changeRelative: number
  readonly low: number
  readonly high: number
  /** One-sided, for slower; of a confirmation after Holm. */
  readonly p: number
  /** Head's total ÷ base's − 1, nothing trimmed: what hits few slices shows here, and only warns. */
  readonly totalChangeRelative: number
  readonly noiseHalfWidthRelative: number
  /** Found 19 times in 20, given that noise. */
  readonly smallestFoundRelative: number
  /** What a regression must exceed. */
  readonly thresholdRelative: number
  readonly isFlagged: boolean
  readonly warns: boolean
  readonly verdict: GateVerdict
}

export interface GateResult {
  readonly verdict: GateVerdict
  /** Of base against itself, and of screen and confirmation each. */
  readonly noiseRounds: number
  readonly rounds: number
  readonly figures: readonly GatedFigure[]
}

const leastThreshold = 0.05
/** A figure that needs a larger change to be found is measured more, and then given up. */
const mostSmallest = 0.1
const noiseRoundsFirst = 3
const noiseRoundsMore = 3
const noiseRoundsMost = 9
/** Who asks for few rounds does not wait for many of noise. */
const noiseRoundsPerRound = 2
/** A figure with fewer slices is left out: the fixed experiment hardly has it. */
const fewestPairs = 12
const screenLevel = 0.05
const screenShare = 0.6
const confirmLevel = 0.01

/**
 * Whether the head is slower than the base. First the base against itself: what it cannot tell apart it does not judge. Then a
 * screen of every figure, and where it flags some, fresh rounds that judge those alone: what the screen saw never enters.
 */
export async function runGate(time: TimeRounds, rounds: number): Promise<GateResult> {
  const noise = await noiseFloor(time, rounds)
  const taken = Math.max(rounds, noise.rounds)
  const screen = new Map([...trimmedByName(await time('screen', taken))].filter(([name]) => noise.byName.has(name)))
  const flagged = [...screen].filter(([, seen]) => isFlagged(seen.trimmed)).map(([name]) => name)
  const confirmation = flagged.length === 0 ? new Map<string, Seen>() : trimmedByName(await time('confirm', taken))
  // What the confirmation hardly saw is not confirmed.
  const adjusted = holmAdjusted(flagged.map((name) => confirmation.get(name)?.trimmed.pAbove ?? 1))
  const figures = [...screen].map(([name, screened]) => {
    const place = flagged.indexOf(name)
    const seen = place === -1 ? screened : (confirmation.get(name) ?? screened)
    return judged(
      name,
      seen,
      noise.byName.get(name)!,
      taken / noise.rounds,
      place === -1 ? undefined : adjusted[place]!,
    )
  })
  return { verdict: overall(figures), noiseRounds: noise.rounds, rounds: taken, figures }
}

interface Seen {
  readonly trimmed: TrimmedMean
  readonly totalChangeRelative: number
}

interface NoiseFloor {
  readonly rounds: number
  readonly byName: ReadonlyMap<string, TrimmedMean>
}

async function noiseFloor(time: TimeRounds, rounds: number): Promise<NoiseFloor> {
  const logRatios = new Map<string, number[]>()
  const most = Math.min(noiseRoundsMost, Math.max(noiseRoundsFirst, noiseRoundsPerRound * rounds))
  let taken = 0
  while (true) {
    const more = taken === 0 ? noiseRoundsFirst : noiseRoundsMore
    for (const [name, pairs] of await time('noise', more)) {
      logRatios.set(name, [...(logRatios.get(name) ?? []), ...pairs.logRatios])
    }
    taken += more
    const enough = [...logRatios].filter(([, logs]) => logs.length >= fewestPairs)
    const byName = new Map(enough.map(([name, logs]) => [name, trimmedMean(logs)]))
    const ratio = Math.max(rounds, taken) / taken
    const isQuiet = [...byName.values()].every((trimmed) => smallestFound(trimmed, ratio) <= mostSmallest)
    if (isQuiet || taken + noiseRoundsMore > most) return { rounds: taken, byName }
  }
}

function judged(
  name: string,
  { trimmed, totalChangeRelative }: Seen,
  noise: TrimmedMean,
  roundsRatio: number,
  adjustedP: number | undefined,
): GatedFigure {
  const thresholdRelative = threshold(noise)
  const smallestFoundRelative = smallestFound(noise, roundsRatio)
  const isSlower = adjustedP !== undefined && adjustedP < confirmLevel && trimmed.mean > Math.log(1 + thresholdRelative)
  const isTooNoisy = smallestFoundRelative > mostSmallest
  return {
    name,
    changeRelative: Math.expm1(trimmed.mean),
    low: Math.expm1(trimmed.mean - trimmed.halfWidth),
    high: Math.expm1(trimmed.mean + trimmed.halfWidth),
    p: adjustedP ?? trimmed.pAbove,
    totalChangeRelative,
    noiseHalfWidthRelative: Math.expm1(reach(noise)),
    smallestFoundRelative,
    thresholdRelative,
    isFlagged: adjustedP !== undefined,
    warns: !isSlower && totalChangeRelative > thresholdRelative,
    verdict: isSlower ? 'regression' : isTooNoisy ? 'inconclusive' : 'fine',
  }
}

function overall(figures: readonly GatedFigure[]): GateVerdict {
  const has = (verdict: GateVerdict): boolean => figures.some((figure) => figure.verdict === verdict)
  return has('regression') ? 'regression' : has('inconclusive') ? 'inconclusive' : 'fine'
}

function isFlagged({ pAbove, mean }: TrimmedMean): boolean {
  return pAbove < screenLevel && mean > screenShare * Math.log(1 + leastThreshold)
}

function threshold(noise: TrimmedMean): number {
  return Math.max(leastThreshold, 2 * Math.expm1(reach(noise)))
}

/** Half the width of the interval; or what two processes of the same code differ by, where that is more: memory and compiled code fall out differently in each. */
function reach({ mean, halfWidth }: TrimmedMean): number {
  return Math.max(halfWidth, Math.abs(mean))
}

/**
 * The change that exceeds the threshold, and is significant in the confirmation, 19 times in 20.
 * @param roundsRatio rounds of the confirmation ÷ those that the noise was found in
 */
function smallestFound(noise: TrimmedMean, roundsRatio: number): number {
  const standardError = noise.standardError / Math.sqrt(roundsRatio)
  const quantile = (probability: number): number => studentTQuantile(probability, noise.degreesOfFreedom)
  const least = Math.max(Math.log(1 + threshold(noise)), quantile(1 - confirmLevel) * standardError)
  return Math.expm1(least + quantile(0.95) * standardError)
}

function trimmedByName(timed: ReadonlyMap<string, TimedPairs>): Map<string, Seen> {
  return new Map(
    [...timed]
      .filter(([, { logRatios }]) => logRatios.length >= fewestPairs)
      .map(([name, { logRatios, baseTotal, headTotal }]) => [
        name,
        { trimmed: trimmedMean(logRatios), totalChangeRelative: headTotal / baseTotal - 1 },
      ]),
  )
}
