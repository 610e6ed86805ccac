import type { TimedPairs, TimeRounds } from '../../src/history/compare/gate.ts'
import type { Random } from '../../src/random.ts'

/** How a machine disturbs what is timed on it. */
export interface Machine {
  /** Log deviation of a slice's time that has nothing to do with its neighbours. */
  readonly jitter: number
  /** Log deviation of a random walk that slowly moves all times; it comes back. */
  readonly drift: number
  /** Share of slices in which a burst of other work begins; it lasts some slices and doubles times, or more. */
  readonly bursts: number
}

export const machines: Readonly<Record<string, Machine>> = {
  quiet: { jitter: 0.02, drift: 0.005, bursts: 0.005 },
  normal: { jitter: 0.06, drift: 0.02, bursts: 0.02 },
  bad: { jitter: 0.12, drift: 0.05, bursts: 0.04 },
}

/** What the head's code adds to log times, by figure and slice of the round. */
export type Effect = (figure: string, slice: number) => number

export const noEffect: Effect = () => 0

const slicesPerRound = 24

/** Rounds on a simulated machine: base and head in the order of a coin, disturbed by drift, bursts and heavy tails. */
export function simulatedRounds(
  machine: Machine,
  figures: readonly string[],
  effect: Effect,
  random: Random,
): TimeRounds {
  let drift = 0
  let burstLeft = 0
  let burst = 0
  const disturbance = (): number => {
    drift = 0.98 * drift + machine.drift * random.normal()
    if (burstLeft > 0) burstLeft--
    else if (random.next() < machine.bursts) {
      burstLeft = 1 + random.integer(6)
      burst = 0.3 + 0.5 * Math.abs(random.normal())
    }
    return drift + (burstLeft > 0 ? burst : 0)
  }
  const jitter = (): number => machine.jitter * random.normal() * (random.next() < 0.05 ? 4 : 1)
  return async (what, rounds) => {
    const pairs = new Map(figures.map((name) => [name, { base: [] as number[], head: [] as number[] }]))
    for (let i = 0; i < rounds * slicesPerRound; i++) {
      const baseFirst = random.next() < 0.5
      for (const side of baseFirst ? (['base', 'head'] as const) : (['head', 'base'] as const)) {
        const common = disturbance()
        for (const name of figures) {
          const added = side === 'head' && what !== 'noise' ? effect(name, i % slicesPerRound) : 0
          pairs.get(name)![side].push(common + jitter() + added)
        }
      }
    }
    return new Map([...pairs].map(([name, { base, head }]) => [name, timedPairs(base, head)]))
  }
}

/** Pairs from log times of either side. */
export function timedPairs(base: readonly number[], head: readonly number[]): TimedPairs {
  const total = (logs: readonly number[]): number => logs.reduce((sum, log) => sum + Math.exp(log), 0)
  return { logRatios: base.map((log, i) => head[i]! - log), baseTotal: total(base), headTotal: total(head) }
}
