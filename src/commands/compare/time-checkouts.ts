import type { FigureComparison } from '../../history/compare/comparison.ts'
import { compareFigures } from '../../history/compare/comparison.ts'
import { type GateResult, runGate, type TimedPairs } from '../../history/compare/gate.ts'
import { type Random, seededRandom } from '../../random.ts'
import { type Checkout, type CheckoutPlace, openCheckout } from './checkout.ts'
import type { OnRound } from './round-meter.ts'
import type { OpenAnswer, SliceTimes, SliceWork } from './slice-protocol.ts'

/** Slices of a round, and requests of the fixed experiment: a round of both sides takes some ten seconds. */
const slicesPerRound = 24
const fixedRequests = 60
const workloadSeed = 1

export interface TimedCheckouts {
  readonly gate: GateResult
  readonly plansDiffer: boolean
  readonly figures: readonly FigureComparison[]
}

export interface TimeOptions {
  readonly base: CheckoutPlace
  readonly head: CheckoutPlace
  readonly costModel: string
  readonly rounds: number
  readonly seed: number
  readonly onProgress: OnRound
}

/** What of a slice is timed, and the work that a time is divided by where the plans differ. */
const timedFigures: readonly {
  readonly name: string
  readonly time: keyof SliceTimes
  readonly work: keyof SliceWork | undefined
}[] = [
  { name: 'prefill', time: 'prefillMs', work: 'promptTokens' },
  { name: 'decode', time: 'decodeMs', work: 'decodeRows' },
  { name: 'fetch', time: 'fetchMs', work: 'fetchedBytes' },
  { name: 'step p99', time: 'p99StepMs', work: undefined },
  { name: 'planning', time: 'planMs', work: undefined },
]

/**
 * Times two checkouts slice by slice in the order of a fair coin. Each part of the gate has processes of its own: what falls
 * out differently from process to process does not repeat itself in the confirmation.
 */
export async function timeCheckouts(options: TimeOptions): Promise<TimedCheckouts> {
  const random = seededRandom(options.seed).fork('order of checkouts')
  let figures: FigureComparison[] = []
  let plansDiffer = false
  const gate = await runGate(async (what, rounds) => {
    const places = what === 'noise' ? [options.base, options.base] : [options.base, options.head]
    const sides: Checkout[] = []
    try {
      options.onProgress(`${what}: setting up`, 0, rounds)
      for (const place of places) {
        const { costModel } = options
        sides.push(
          await openCheckout(place, { costModel, requests: fixedRequests, slices: slicesPerRound, seed: workloadSeed }),
        )
      }
      const [base, head] = sides as [Checkout, Checkout]
      if (what !== 'noise') {
        plansDiffer = base.opened.planHash !== head.opened.planHash
        figures = compareFigures(base.opened.figures, head.opened.figures, true)
      }
      return await timeRounds(base, head, rounds, random, (round) => options.onProgress(what, round, rounds))
    } finally {
      for (const side of sides) side.close()
    }
  }, options.rounds)
  return { gate, plansDiffer, figures }
}

async function timeRounds(
  base: Checkout,
  head: Checkout,
  rounds: number,
  random: Random,
  onRound: (round: number) => void,
): Promise<Map<string, TimedPairs>> {
  const taken: TimedPair[][] = timedFigures.map(() => [])
  for (let round = 0; round < rounds; round++) {
    onRound(round)
    for (let slice = 0; slice < slicesPerRound; slice++) {
      const baseFirst = random.next() < 0.5
      const first = await (baseFirst ? base : head).run(slice)
      const second = await (baseFirst ? head : base).run(slice)
      const times = baseFirst ? { base: first, head: second } : { base: second, head: first }
      for (const [i, figure] of timedFigures.entries()) {
        const pair = {
          base: timedWork(figure, times.base, base.opened, slice),
          head: timedWork(figure, times.head, head.opened, slice),
        }
        if (pair.base !== undefined && pair.head !== undefined) taken[i]!.push({ base: pair.base, head: pair.head })
      }
    }
  }
  onRound(rounds)
  return new Map(timedFigures.map(({ name }, i) => [name, pairsOf(taken[i]!)]))
}

/** A time and the work that it is for; where both sides do the same work that cancels. */
interface TimedWork {
  readonly ms: number
  readonly work: number
}

interface TimedPair {
  readonly base: TimedWork
  readonly head: TimedWork
}

function timedWork(
  { time, work }: (typeof timedFigures)[number],
  times: SliceTimes,
  opened: OpenAnswer,
  slice: number,
): TimedWork | undefined {
  const ms = times[time]
  if (ms === null || ms <= 0) return undefined
  return { ms, work: work === undefined ? 1 : opened.work[slice]![work] }
}

function pairsOf(pairs: readonly TimedPair[]): TimedPairs {
  const total = (side: 'base' | 'head'): number =>
    pairs.reduce((sum, pair) => sum + pair[side].ms, 0) / pairs.reduce((sum, pair) => sum + pair[side].work, 0)
  return {
    logRatios: pairs.map(({ base, head }) => Math.log(head.ms / head.work / (base.ms / base.work))),
    baseTotal: total('base'),
    headTotal: total('head'),
  }
}
