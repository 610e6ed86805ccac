import type { Alternative } from '../analysis/alternatives.ts'
import type { Attribution } from '../analysis/attribution.ts'
import type { StrongestBaseline } from '../analysis/strongest-baseline.ts'
import { baselineArm } from '../arms/registry.ts'
import type { ArmAnswer } from './answers.ts'

/*
 * What is planned beside an answer takes few draws. It says how things compare on the very same draws; put on the answer, the same
 * quantity has the same number everywhere.
 */

type Answers = ReadonlyMap<string, ArmAnswer>

function answerFor(answers: Answers, arm: string): number | undefined {
  return arm === baselineArm ? 1 : answers.get(arm)?.value
}

/** The arms against the strongest free baseline: the answer, over what that baseline is worth against its own arm of the run. */
export function againstStrongest(found: StrongestBaseline, answers: Answers): Record<string, number> {
  const { figures, arms } = found
  const reference = arms[found.arm] === undefined ? baselineArm : found.arm
  const gain = figures.tokensPerGpuSecond / arms[reference]!.tokensPerGpuSecond
  const below = answerFor(answers, reference)
  return Object.fromEntries(
    Object.entries(arms).map(([name, rate]) => {
      const above = answerFor(answers, name)
      const isAnswered = above !== undefined && below !== undefined
      return [name, isAnswered ? above / (below * gain) : rate.tokensPerGpuSecond / figures.tokensPerGpuSecond]
    }),
  )
}

/** Other ways of replaying, each as it differs from the run's own on the same draws. */
export function besideAnswer(ways: readonly Alternative[], answers: Answers): Alternative[] {
  const own = ways.find(({ isOwn }) => isOwn)
  return ways.map((way) => ({
    ...way,
    multiplier: Object.fromEntries(
      Object.entries(way.multiplier).map(([name, value]) => {
        const answer = answers.get(name)?.value
        const before = own?.multiplier[name]
        return [name, answer === undefined || before === undefined ? value : (value / before) * answer]
      }),
    ),
  }))
}

/** Logarithms further apart than this factor say that few draws and many were not of the same kind. */
const mostStretch = 2

/** The factors with the same shares of the gain, so that together they make the answer. */
export function toAnswer(found: Attribution, answer: number | undefined): Attribution {
  const { none, capacity, sharing, both, real } = found.tokensPerGpuSecond
  const stretch = answer === undefined ? Number.NaN : Math.log(answer) / Math.log(real / none)
  if (!(stretch > 1 / mostStretch && stretch < mostStretch)) return found
  const factor = (value: number): number => value ** stretch
  const rate = (value: number): number => none * factor(value / none)
  const { gain, loss } = found
  return {
    tokensPerGpuSecond: { none, capacity: rate(capacity), sharing: rate(sharing), both: rate(both), real: rate(real) },
    gain: { capacity: factor(gain.capacity), sharing: factor(gain.sharing) },
    loss: {
      latencyAndBandwidth: factor(loss.latencyAndBandwidth),
      queueing: factor(loss.queueing),
      stores: factor(loss.stores),
    },
  }
}
