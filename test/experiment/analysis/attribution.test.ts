import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attribute, shapley } from '../../../src/experiment/analysis/attribution.ts'
import type { PlanTask } from '../../../src/experiment/sweep/plan-task.ts'
import { planHere, smallTask } from '../small-task.ts'

const rate = fc.double({ min: 0.1, max: 1e4, noNaN: true })

describe('Shapley values of two players', () => {
  it('multiply to both ÷ none, treat the players alike, and give a dummy nothing', () => {
    fc.assert(
      fc.property(rate, rate, rate, rate, (none, capacity, sharing, both) => {
        const gain = shapley(none, capacity, sharing, both)
        expect((gain.capacity * gain.sharing) / (both / none)).toBeCloseTo(1, 9)
        const swapped = shapley(none, sharing, capacity, both)
        expect(swapped.capacity).toBe(gain.sharing)
        expect(swapped.sharing).toBe(gain.capacity)
        // Sharing that adds nothing to either coalition.
        const dummy = shapley(none, capacity, none, capacity)
        expect(dummy.sharing).toBeCloseTo(1, 12)
        expect(dummy.capacity / (capacity / none)).toBeCloseTo(1, 12)
      }),
      { seed: 61, numRuns: 200 },
    )
  })

  it('by hand: each gets the mean of the logarithms of joining first and second', () => {
    // Capacity: ×2 first, ×8 ÷ 1 second; sharing: ×1 first, ×4 second.
    expect(shapley(10, 20, 10, 80)).toEqual({ capacity: 4, sharing: 2 })
  })
})

/** Rates of one replica's plan, arm by arm and seed by seed. */
async function rates(task: PlanTask, arm: string, seeds: readonly number[]): Promise<number> {
  let sum = 0
  for (const seed of seeds) sum += (await planHere({ ...task, arms: [arm], seed }))[arm]!.tokensPerGpuSecond
  return sum / seeds.length
}

describe('an attribution', () => {
  it('multiplies from the baseline to the warehouse, each planned for itself', async () => {
    const task = smallTask({}, { router: 'round-robin', replicas: 3 })
    const seeds = [1, 2]
    const { tokensPerGpuSecond, gain, loss } = await attribute(task, seeds, planHere)
    const none = await rates(task, 'hbm-only', seeds)
    const real = await rates(task, 'warehouse', seeds)
    const both = await rates(task, 'infinite-cache', seeds)
    expect(tokensPerGpuSecond.none).toBeCloseTo(none, 9)
    expect(tokensPerGpuSecond.real).toBeCloseTo(real, 9)
    // Without a limit the game of both is the ceiling.
    expect(tokensPerGpuSecond.both).toBeCloseTo(both, 9)
    const product = gain.capacity * gain.sharing * loss.latencyAndBandwidth * loss.queueing * loss.stores
    expect(product / (real / none)).toBeCloseTo(1, 9)
    expect((loss.latencyAndBandwidth * loss.queueing * loss.stores) / (real / both)).toBeCloseTo(1, 9)
  })

  it('finds sharing worth something where turns go from replica to replica, and nothing on a replica alone', async () => {
    // Long enough for turns of every conversation: short settled windows tell the games apart by chance.
    const task = smallTask({ requests: 600 }, { router: 'round-robin', replicas: 3 })
    const crossed = await attribute(task, [1, 2], planHere)
    expect(crossed.gain.sharing).toBeGreaterThan(1.1)
    expect(crossed.gain.capacity).toBeGreaterThan(1.1)
    const alone = await attribute(smallTask({}, { replicas: 1 }), [1], planHere)
    expect(alone.gain.sharing).toBe(1)
    expect(alone.tokensPerGpuSecond.both).toBe(alone.tokensPerGpuSecond.capacity)
  })

  it('charges a narrow link to queueing, and to nothing where it is no limit', async () => {
    const narrowed = (bytesPerMs: number): PlanTask => {
      const task = smallTask({}, { replicas: 4, fetch: 'always' })
      const warehouseLink = {
        name: 'narrow',
        readBytesPerMs: 37.5e6,
        writeBytesPerMs: 37.5e6,
        latencyMs: 0.5,
        fabric: { readBytesPerMs: bytesPerMs, writeBytesPerMs: bytesPerMs },
      }
      return { ...task, deployment: { ...task.deployment, warehouseLink } }
    }
    const [narrow, wide] = [
      await attribute(narrowed(2e6), [1], planHere),
      await attribute(narrowed(1e12), [1], planHere),
    ]
    expect(narrow.loss.queueing).toBeLessThan(0.8)
    expect(wide.loss.queueing).toBeGreaterThan(0.95)
    expect(narrow.tokensPerGpuSecond.both).toBe(wide.tokensPerGpuSecond.both)
  })
})
