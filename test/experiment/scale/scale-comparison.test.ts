import { describe, expect, it } from 'vitest'
import { type Deployment, targetDeployment } from '../../../src/experiment/scale/deployment.ts'
import { compareScales } from '../../../src/experiment/scale/scale-comparison.ts'
import { residentContexts } from '../../../src/experiment/scale/scale-model.ts'
import { decodeStepMs } from '../../../src/plan/cost-model.ts'
import { smallTarget } from '../small-task.ts'

const target = targetDeployment(smallTarget, 64)
/** A mock whose weights are a hundredth as large beside a sequence’s KV. */
const mock: Deployment = {
  ...target,
  scale: 'mock',
  cost: {
    ...target.cost,
    layerWeightBytes: target.cost.layerWeightBytes / 100,
    projectionWeightBytes: target.cost.projectionWeightBytes / 100,
  },
}

/** Reading the weights of a step in which one sequence decodes. */
function weightsMs({ cost }: Deployment): number {
  return (cost.layerWeightBytes + cost.projectionWeightBytes) / cost.weightBytesPerMs
}

function comparison(multipliers: Record<string, number>, planned: Record<string, number>) {
  return compareScales(multipliers, planned, { mock, target }, async () => planned, 'warehouse')
}

describe('multipliers of mock and target', () => {
  it('agree within 15 % on every arm, or do not', async () => {
    const planned = { warehouse: 4, 'infinite-cache': 5 }
    expect(await comparison({ warehouse: 4.6, 'infinite-cache': 4.26 }, planned)).toMatchObject({
      agrees: true,
      arms: { warehouse: { mock: 4.6, target: 4, difference: expect.closeTo(0.15, 9) } },
    })
    expect((await comparison({ warehouse: 4.61, 'infinite-cache': 5 }, planned)).agrees).toBe(false)
    expect((await comparison({ warehouse: 4, 'infinite-cache': 4.2 }, planned)).agrees).toBe(false)
  })

  it('are compared where the target has one', async () => {
    const found = await comparison(
      { warehouse: 4, 'local-dram': 2, other: 3 },
      { warehouse: 4, 'local-dram': Number.NaN },
    )
    expect(Object.keys(found.arms)).toEqual(['warehouse'])
    expect(found.agrees).toBe(true)
  })

  it('have reasons: the target planned with what the mock has instead', async () => {
    const seen: Deployment[] = []
    const { reasons } = await compareScales(
      { warehouse: 4 },
      { warehouse: 3 },
      { mock, target },
      async (deployment) => {
        seen.push(deployment)
        return { warehouse: seen.length }
      },
      'warehouse',
    )
    expect(reasons.map(({ target: own, withMocks }) => [own, withMocks])).toEqual([
      [3, 1],
      [3, 2],
      [3, 3],
    ])
    const [unbatched, light, all] = seen as [Deployment, Deployment, Deployment]
    // A mock's batch takes as long as its sequences one by one, and as long as the target's when the pool is full.
    const residents = residentContexts(target)
    const tokens = residents * target.contextTokens
    const decode = ({ cost }: Deployment): number => decodeStepMs(cost, residents, tokens)
    expect(decode(unbatched) / decode(target)).toBeCloseTo(1, 6)
    const one = decodeStepMs(unbatched.cost, 1, target.contextTokens) - target.cost.stepOverheadMs
    const two = decodeStepMs(unbatched.cost, 2, 2 * target.contextTokens) - target.cost.stepOverheadMs
    expect(two / one).toBeCloseTo(2, 3)
    // Weights as small beside a sequence's KV as the mock's take a hundredth of the time to read.
    expect(weightsMs(light) / weightsMs(target)).toBeCloseTo(1 / 100, 9)
    expect(all.cost.decodeRowMs).toBeLessThan(unbatched.cost.decodeRowMs / 50)
    for (const { cost, ...rest } of seen) {
      expect({ ...rest, cost: target.cost }).toEqual(target)
      expect(cost.linearFlopsPerMs).toBe(target.cost.linearFlopsPerMs)
    }
  })

  it('leave out a reason that has no multiplier', async () => {
    let plans = 0
    const { reasons } = await compareScales(
      { warehouse: 4 },
      { warehouse: 4 },
      { mock, target },
      async () => ({ warehouse: ++plans === 2 ? Number.POSITIVE_INFINITY : 4 }),
      'warehouse',
    )
    expect(reasons.map(({ ratio }) => ratio)).toEqual(['gain from batching decodes', 'all of them'])
  })
})
