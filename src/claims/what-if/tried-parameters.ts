import { GB } from '../../units.ts'
import type { Ask } from '../ask.ts'
import { type Parameter, spaced } from './parameter.ts'
import { type DeploymentFigures, type ParameterName, standardParameters } from './parameters.ts'

/** A parameter with the values at which a claim is tried, ascending. */
export interface TriedParameter extends Parameter {
  readonly values: readonly number[]
  /** Where another variant of the claim is asked: host DRAM says nothing against a baseline that has none. */
  readonly ask?: Ask
}

interface TriedRange {
  readonly parameter: ParameterName
  readonly from: (figures: DeploymentFigures) => number
  readonly to: (figures: DeploymentFigures) => number
}

/**
 * How far the inverse problem looks: wider than what is plausible, since it asks what would have to be true.
 * Link rates from 10 GbE to NVLink-C2C; DRAM up to 16 TB in a host of eight; MFU from a baseline that hardly runs to what
 * no engine reaches; memory and output lengths by factors on the deployment's own.
 */
const triedRanges: readonly TriedRange[] = [
  { parameter: 'sessionsPerReplica', from: () => 1, to: (own) => Math.max(64, own.sessionsPerReplica) },
  { parameter: 'hbmForKv', from: (own) => gigabytes(own.poolBytes) / 2, to: (own) => gigabytes(own.poolBytes) * 8 },
  { parameter: 'hostDram', from: () => 32, to: () => 2048 },
  { parameter: 'contextTokens', from: (own) => own.contextTokens / 16, to: (own) => own.maxContextTokens },
  { parameter: 'linkRate', from: () => 1, to: () => 450 },
  { parameter: 'linkLatency', from: () => 0.01, to: () => 100 },
  { parameter: 'outputTokens', from: (own) => own.meanOutputTokens / 8, to: (own) => own.meanOutputTokens * 8 },
  { parameter: 'prefillMfu', from: () => 0.05, to: () => 0.8 },
]

/**
 * The standard parameters on their grids, the claim's own value among them. One of which the deployment has none (a link
 * without latency) is left out: there is nothing to multiply.
 * @param count values beside the claim's own
 */
export function triedParameters(figures: DeploymentFigures, count = 5): TriedParameter[] {
  const standard = standardParameters(figures)
  return triedRanges.flatMap(({ parameter: name, from, to }) => {
    const parameter = standard[name]
    if (!(parameter.own > 0)) return []
    const lowest = Math.min(from(figures), parameter.own)
    return [triedOver(parameter, lowest, Math.max(to(figures), parameter.own), count)]
  })
}

/** A parameter on a grid; its own value joins, in the place of one that is nearly the same. */
export function triedOver(parameter: Parameter, from: number, to: number, count: number): TriedParameter {
  const grid = spaced(parameter, parameter.isWhole ? Math.max(1, Math.round(from)) : from, to, count)
  const { own } = parameter
  const apart = grid.filter((value) => Math.abs(value - own) > 0.05 * Math.abs(own))
  return { ...parameter, values: [...apart, own].sort((a, b) => a - b) }
}

function gigabytes(bytes: number): number {
  return bytes / GB
}
