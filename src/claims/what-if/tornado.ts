import type { Ask } from '../ask.ts'
import type { TornadoBar } from '../result.ts'
import type { Assumption } from './assumptions.ts'
import { attempt } from './attempt.ts'
import { ownQuestion, questionAt } from './parameter.ts'

/**
 * What each assumption does to the value at both ends of its plausible range, all else as it is; the largest effect first.
 * Asks twice for each, and once for the claim as it stands. An assumption with an end that cannot be tried is left out.
 */
export async function tornado(ask: Ask, assumptions: readonly Assumption[]): Promise<TornadoBar[]> {
  const own = attempt(ask, ownQuestion)
  const bars = await Promise.all(
    assumptions.map(async (assumption) => {
      const { low, high, name, unit } = assumption
      const [atLow, atHigh, asIs] = await Promise.all([
        attempt(ask, questionAt(assumption, low)),
        attempt(ask, questionAt(assumption, high)),
        own,
      ])
      if (atLow.state !== 'answered' || atHigh.state !== 'answered') return undefined
      const outputs = [atLow, atHigh, asIs].flatMap((answer) =>
        answer.state === 'answered' ? [answer.range.value] : [],
      )
      return {
        effect: Math.max(...outputs) - Math.min(...outputs),
        bar: {
          assumption: name,
          unit,
          low: { input: low, output: atLow.range.value },
          high: { input: high, output: atHigh.range.value },
        },
      }
    }),
  )
  return bars
    .filter((bar) => bar !== undefined)
    .sort((a, b) => b.effect - a.effect)
    .map(({ bar }) => bar)
}
