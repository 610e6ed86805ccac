import { type CostModel, touchedWeightBytes } from '../../plan/cost-model.ts'
import type { Deployment } from './deployment.ts'
import { withUnbatchedDecode } from './scale-ratios.ts'

/** Multipliers of one arm at both scales. */
export interface ArmComparison {
  readonly mock: number
  readonly target: number
  /** mock ÷ target − 1. */
  readonly difference: number
}

/** What one ratio that is off is worth: the target planned with the mock's value of it. */
export interface ScaleReason {
  readonly ratio: string
  readonly target: number
  readonly withMocks: number
}

export interface ScaleComparison {
  readonly arms: Readonly<Record<string, ArmComparison>>
  readonly agrees: boolean
  readonly reasons: readonly ScaleReason[]
}

/** The multipliers of mock and target should differ by no more. */
const tolerance = 0.15

/** Ratios that a mock cannot meet, with what the target is when it has the mock's value instead. */
const substitutions: readonly {
  readonly ratio: string
  readonly apply: (target: Deployment, mock: Deployment) => Deployment
}[] = [
  {
    ratio: 'gain from batching decodes',
    apply: (target) => ({ ...target, cost: withUnbatchedDecode(target) }),
  },
  {
    ratio: 'weight bytes ÷ KV bytes of a sequence in a decode step',
    apply: (target, mock) => ({ ...target, cost: withWeightRatio(target, weightRatio(mock) / weightRatio(target)) }),
  },
  {
    ratio: 'all of them',
    apply: (target, mock) => {
      const cost = withWeightRatio(target, weightRatio(mock) / weightRatio(target))
      return { ...target, cost: withUnbatchedDecode({ ...target, cost }) }
    },
  },
]

/** Targets that are planned for the reasons. */
export const substitutedTargets = substitutions.length

/**
 * Multipliers planned on the mock's fitted cost model beside those planned for the target at the same load.
 * @param planTarget plans the target's arms on a deployment and gives their multipliers
 * @param arm whose multiplier the reasons are about
 */
export async function compareScales(
  mock: Readonly<Record<string, number>>,
  target: Readonly<Record<string, number>>,
  deployments: { readonly mock: Deployment; readonly target: Deployment },
  planTarget: (deployment: Deployment) => Promise<Readonly<Record<string, number>>>,
  arm: string,
): Promise<ScaleComparison> {
  const arms = Object.fromEntries(
    Object.keys(mock)
      .filter((name) => Number.isFinite(target[name]))
      .map((name) => {
        const [ours, theirs] = [mock[name]!, target[name]!]
        return [name, { mock: ours, target: theirs, difference: ours / theirs - 1 }]
      }),
  )
  const reasons = await Promise.all(
    substitutions.map(async ({ ratio, apply }) => ({
      ratio,
      target: target[arm]!,
      withMocks: (await planTarget(apply(deployments.target, deployments.mock)))[arm]!,
    })),
  )
  const agrees = Object.values(arms).every(({ difference }) => Math.abs(difference) <= tolerance)
  return { arms, agrees, reasons: reasons.filter(({ withMocks }) => Number.isFinite(withMocks)) }
}

function weightRatio({ cost, contextTokens }: Deployment): number {
  return touchedWeightBytes(cost, 1, 1) / (contextTokens * cost.kvBytesPerToken)
}

/** Weights that take so many times as long to read. */
function withWeightRatio({ cost }: Deployment, factor: number): CostModel {
  return { ...cost, weightBytesPerMs: cost.weightBytesPerMs / factor }
}
