import { readFileSync } from 'node:fs'
import type { TimeRounds } from '../../src/history/compare/gate.ts'
import type { Random } from '../../src/random.ts'
import { type Effect, timedPairs } from './simulated-rounds.ts'

const slicesPerRound = 24

interface Recorded {
  readonly figures: Readonly<Record<string, readonly (readonly [number, number] | null)[]>>
}

/** Rounds drawn from times that were really recorded, one code against itself; a coin says which process is the head. */
export function recordedRounds(effect: Effect, random: Random): TimeRounds {
  const { figures } = JSON.parse(readFileSync(new URL('recorded-noise.json', import.meta.url), 'utf8')) as Recorded
  const names = Object.keys(figures)
  const recorded = figures[names[0]!]!.length / slicesPerRound
  return async (what, rounds) => {
    const drawn = Array.from({ length: rounds }, () => ({ round: random.integer(recorded), swap: random.next() < 0.5 }))
    return new Map(
      names.map((name) => {
        const base: number[] = []
        const head: number[] = []
        for (const { round, swap } of drawn) {
          for (let slice = 0; slice < slicesPerRound; slice++) {
            const pair = figures[name]![round * slicesPerRound + slice]!
            if (pair === null || pair[0] === 0 || pair[1] === 0) continue
            const [one, other] = pair.map(Math.log) as [number, number]
            base.push(swap ? other : one)
            head.push((swap ? one : other) + (what === 'noise' ? 0 : effect(name, slice)))
          }
        }
        return [name, timedPairs(base, head)]
      }),
    )
  }
}
