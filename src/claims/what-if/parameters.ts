import { GB } from '../../units.ts'
import type { Question } from '../ask.ts'
import type { Parameter } from './parameter.ts'

/** What the standard parameters must know of the deployment on which a claim is tried. */
export interface DeploymentFigures {
  readonly sessionsPerReplica: number
  /** HBM for KV of a replica. */
  readonly poolBytes: number
  readonly dramBytesPerGpu: number
  readonly contextTokens: number
  /** Conversations are cut there. */
  readonly maxContextTokens: number
  /** Of the warehouse's link, what a GPU has of it. */
  readonly linkGBPerSecond: number
  readonly linkLatencyMs: number
  readonly meanOutputTokens: number
  /** The share of the dense peak that matrix products of prefill reach. */
  readonly prefillMfu: number
  /** The share of the data sheet's bandwidth that decode reaches. */
  readonly hbmBandwidthShare: number
}

export type ParameterName =
  | 'sessionsPerReplica'
  | 'hbmForKv'
  | 'hostDram'
  | 'contextTokens'
  | 'linkRate'
  | 'linkLatency'
  | 'outputTokens'
  | 'prefillMfu'
  | 'hbmBandwidth'
  | 'thinkTimes'

/** The parameters that every claim about a served workload has. */
export function standardParameters(figures: DeploymentFigures): Readonly<Record<ParameterName, Parameter>> {
  const { linkGBPerSecond, linkLatencyMs, contextTokens, meanOutputTokens, prefillMfu, hbmBandwidthShare } = figures
  const poolGB = figures.poolBytes / GB
  return {
    sessionsPerReplica: {
      ...logarithmic('conversations per replica', '', figures.sessionsPerReplica),
      isWhole: true,
      question: (sessions) => option('sessions-per-replica', String(sessions)),
    },
    hbmForKv: {
      ...logarithmic('HBM for KV', 'GB a replica', poolGB),
      question: (gigabytes) => adjusted({ poolFactor: gigabytes / poolGB }),
    },
    hostDram: {
      ...logarithmic('host DRAM of the baseline', 'GB a GPU', figures.dramBytesPerGpu / GB),
      question: (gigabytes) => option('dram', `${Number(gigabytes.toPrecision(6))} GB`),
    },
    contextTokens: {
      ...logarithmic('context length', 'tokens', contextTokens),
      isWhole: true,
      question: (tokens) => ofContext(tokens / contextTokens, figures.maxContextTokens),
    },
    linkRate: {
      ...logarithmic('link rate', 'GB/s a GPU', linkGBPerSecond),
      question: (rate) => adjusted({ linkRateFactor: rate / linkGBPerSecond }),
    },
    linkLatency: {
      ...logarithmic('link latency', 'ms', linkLatencyMs),
      question: (ms) => adjusted({ linkLatencyFactor: ms / linkLatencyMs }),
    },
    outputTokens: {
      ...logarithmic('output length', 'tokens', meanOutputTokens),
      isWhole: true,
      question: (tokens) => adjusted({ outputFactor: tokens / meanOutputTokens }),
    },
    prefillMfu: {
      ...logarithmic('MFU of prefill', 'share of peak', prefillMfu),
      question: (mfu) => adjusted({ prefillSpeedFactor: mfu / prefillMfu }),
    },
    hbmBandwidth: {
      ...logarithmic('HBM bandwidth', 'share of peak', hbmBandwidthShare),
      question: (share) => adjusted({ hbmBandwidthFactor: share / hbmBandwidthShare }),
    },
    thinkTimes: {
      ...logarithmic('think times', '× the workload’s', 1),
      question: (factor) => adjusted({ thinkFactor: factor }),
    },
  }
}

/**
 * The ceiling hit rate, which no option names: it follows from parameters of the workload.
 * @param question the workload with this ceiling, as near as its parameters come
 */
export function ceilingParameter(own: number, question: (ceiling: number) => Question): Parameter {
  return { name: 'ceiling hit rate', unit: 'share of prompt tokens', scale: 'linear', isWhole: false, own, question }
}

function logarithmic(name: string, unit: string, own: number): Omit<Parameter, 'question'> {
  return { name, unit, scale: 'log', isWhole: false, own }
}

/** The limit goes with the lengths: the same conversations, longer or shorter, and not others because more is cut. */
function ofContext(factor: number, maxContextTokens: number): Question {
  const limit = { 'max-context': String(Math.ceil(maxContextTokens * factor)) }
  return { options: limit, adjustments: { contextFactor: factor } }
}

function option(name: string, value: string): Question {
  return { options: { [name]: value }, adjustments: {} }
}

function adjusted(adjustments: Question['adjustments']): Question {
  return { options: {}, adjustments }
}
