import { scaledLink } from '../warehouse/link.ts'
import type { Deployment } from './scale/deployment.ts'

/** Names of all factors, as claim files give them. */
export const adjustmentNames = [
  'poolFactor',
  'dramFactor',
  'prefillSpeedFactor',
  'hbmBandwidthFactor',
  'linkRateFactor',
  'linkLatencyFactor',
  'contextFactor',
  'outputFactor',
  'thinkFactor',
] as const satisfies readonly (keyof Adjustments)[]

/** What is varied about a deployment beyond what a catalogue names: factors on what it is, 1 where left out. */
export interface Adjustments {
  /** HBM left for KV. */
  readonly poolFactor?: number
  readonly dramFactor?: number
  /** Speed of matrix products and attention of prefill: the MFU. */
  readonly prefillSpeedFactor?: number
  readonly hbmBandwidthFactor?: number
  readonly linkRateFactor?: number
  readonly linkLatencyFactor?: number
  /** Lengths that enter prompts. */
  readonly contextFactor?: number
  readonly outputFactor?: number
  readonly thinkFactor?: number
}

export function adjusted(deployment: Deployment, adjustments: Adjustments): Deployment {
  const { poolFactor = 1, dramFactor = 1, prefillSpeedFactor = 1, hbmBandwidthFactor = 1 } = adjustments
  const {
    linkRateFactor = 1,
    linkLatencyFactor = 1,
    contextFactor = 1,
    outputFactor = 1,
    thinkFactor = 1,
  } = adjustments
  const { cost, workloadScale } = deployment
  return {
    ...deployment,
    cost: {
      ...cost,
      linearFlopsPerMs: cost.linearFlopsPerMs * prefillSpeedFactor,
      attentionFlopsPerMs: cost.attentionFlopsPerMs * prefillSpeedFactor,
      weightBytesPerMs: cost.weightBytesPerMs * hbmBandwidthFactor,
      kvBytesPerMs: cost.kvBytesPerMs * hbmBandwidthFactor,
    },
    contextTokens: Math.round(deployment.contextTokens * contextFactor),
    poolTokens: Math.floor(deployment.poolTokens * poolFactor),
    dramBytes: deployment.dramBytes * dramFactor,
    timeScale: deployment.timeScale * thinkFactor,
    warehouseLink: scaledLink(deployment.warehouseLink, linkRateFactor, linkLatencyFactor),
    workloadScale: {
      ...workloadScale,
      tokenScale: workloadScale.tokenScale * contextFactor,
      outputScale: workloadScale.outputScale * outputFactor,
    },
  }
}
