import type { Parameter } from './parameter.ts'
import { type DeploymentFigures, type ParameterName, standardParameters } from './parameters.ts'

/** A parameter that nobody stated, with the range in which it may plausibly lie. */
export interface Assumption extends Parameter {
  readonly low: number
  readonly high: number
  readonly reason: string
}

interface PlausibleRange {
  readonly parameter: ParameterName
  /** `times`: factors on the deployment's own value; `values`: in the parameter's unit. */
  readonly as: 'times' | 'values'
  readonly low: number
  readonly high: number
  readonly reason: string
}

/** What a claim's value is taken to rest on, and how sure anyone can be of it. */
const plausibleRanges: readonly PlausibleRange[] = [
  {
    parameter: 'prefillMfu',
    as: 'values',
    low: 0.15,
    high: 0.7,
    reason:
      'published prefill runs at 16 to 27 % of the peak in FP8; the best engine on long prompts nears what kernels attain',
  },
  {
    parameter: 'hbmBandwidth',
    as: 'values',
    low: 0.6,
    high: 0.85,
    reason: 'decode kernels reach 60 to 85 % of the data sheet’s bandwidth',
  },
  {
    parameter: 'linkRate',
    as: 'times',
    low: 0.22,
    high: 1.33,
    reason:
      'published fetches came at 66 GB/s where 300 a host were stated; a NIC of 400 Gb/s a GPU gives a third more',
  },
  {
    parameter: 'linkLatency',
    as: 'times',
    low: 0.1,
    high: 10,
    reason: 'no source states a latency of a fetch: the order of magnitude is assumed',
  },
  {
    parameter: 'hostDram',
    as: 'values',
    low: 128,
    high: 512,
    reason: 'hosts of eight GPUs are sold with 1 to 4 TB of memory',
  },
  {
    parameter: 'thinkTimes',
    as: 'times',
    low: 0.25,
    high: 4,
    reason: 'tools that answer at once to people who read: the claims do not say who waits between two turns',
  },
  {
    parameter: 'outputTokens',
    as: 'times',
    low: 0.25,
    high: 4,
    reason: 'a patch or a line against long reasoning; the claims do not state output lengths',
  },
  {
    parameter: 'contextTokens',
    as: 'times',
    low: 0.5,
    high: 2,
    reason: '“long contexts” is all that is said; what exceeds the model’s limit is cut',
  },
  {
    parameter: 'sessionsPerReplica',
    as: 'times',
    low: 0.5,
    high: 2,
    reason: 'the load of a published gain is hardly ever stated',
  },
]

/** The assumptions of a deployment. One whose own value is 0 cannot be varied by factors, and is left out. */
export function assumptionsOf(figures: DeploymentFigures): Assumption[] {
  const standard = standardParameters(figures)
  return plausibleRanges.flatMap(({ parameter: name, as, low, high, reason }) => {
    const parameter = standard[name]
    if (!(parameter.own > 0)) return []
    const unit = as === 'times' ? parameter.own : 1
    const whole = (value: number): number => (parameter.isWhole ? Math.max(1, Math.round(value)) : value)
    return [{ ...parameter, low: whole(low * unit), high: whole(high * unit), reason }]
  })
}
