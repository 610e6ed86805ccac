import type { Bound } from '../catalog/assumptions.ts'
import type { LinkSpec } from '../warehouse/link.ts'
import { type Deployment, type Target, targetBlockTokens, targetDeployment } from './scale/deployment.ts'
import { contextPrefillMs } from './scale/scale-model.ts'

/** A prediction at the defaults, and at the ends of what is assumed. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** TTFT of one request that meets an idle replica, the overhead before its first step included. */
export interface TtftPrediction {
  /** All full blocks of the first context − 1 tokens are in HBM. */
  readonly hbmHit: Estimate
  /** They are behind the link. */
  readonly fetch: Estimate
  readonly recompute: Estimate
}

interface Ttft {
  readonly hbmHit: number
  readonly fetch: number
  readonly recompute: number
}

/** @param adapt puts the user's measurements in the place of what the catalogue assumes */
export function predictTtft(
  target: Target,
  adapt: (deployment: Deployment) => Deployment = (deployment) => deployment,
): TtftPrediction {
  const at = (bound: Bound): Ttft => {
    const deployment = adapt(targetDeployment(target, targetBlockTokens, 1, bound))
    return ttftOf(deployment, deployment.warehouseLink)
  }
  const [value, low, high] = [at('default'), at('fast'), at('slow')]
  const estimate = (key: keyof Ttft): Estimate => ({ value: value[key], low: low[key], high: high[key] })
  return { hbmHit: estimate('hbmHit'), fetch: estimate('fetch'), recompute: estimate('recompute') }
}

export function ttftOf(deployment: Deployment, link: LinkSpec): Ttft {
  const { cost, contextTokens, maxBatchedTokens, requestOverheadMs } = deployment
  const hitTokens = fullBlockTokens(contextTokens)
  const hbmHit = requestOverheadMs + contextPrefillMs(cost, contextTokens, maxBatchedTokens, hitTokens)
  const transferMs = hitTokens === 0 ? 0 : link.latencyMs + (hitTokens * cost.kvBytesPerToken) / link.readBytesPerMs
  return {
    hbmHit,
    fetch: hbmHit + transferMs,
    recompute: requestOverheadMs + contextPrefillMs(cost, contextTokens, maxBatchedTokens),
  }
}

/** What can hit: full blocks of all tokens but the last, which is always computed. */
export function fullBlockTokens(contextTokens: number): number {
  return Math.floor((contextTokens - 1) / targetBlockTokens) * targetBlockTokens
}
