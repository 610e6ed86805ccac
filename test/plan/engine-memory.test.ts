import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import { Engine } from '../../src/plan/engine/engine.ts'
import { planSteps } from '../../src/plan/plan-arm.ts'
import { admitsOf, MemoryModel, stepsOf, timedStores } from './memory-model.ts'
import { type Knobs, plainKnobs, planInput, randomKnobs } from './random-plan.ts'

const plan = (knobs: Knobs) => {
  const input = planInput(knobs)
  return { input, ...planSteps(input, new Collector()) }
}

describe('the memories of a plan', () => {
  it('hold, wherever a step, a fetch or a store reads, exactly the block it should read', () => {
    let reads = 0
    let fetchedBlocks = 0
    fc.assert(
      fc.property(randomKnobs, (knobs) => {
        const { input, plan: recorded } = plan(knobs)
        const model = new MemoryModel(recorded, input)
        model.check()
        reads += model.reads
        fetchedBlocks += model.fetchedBlocks
      }),
      { seed: 71, numRuns: 150 },
    )
    expect(reads).toBeGreaterThan(1_000_000)
    expect(fetchedBlocks).toBeGreaterThan(3_000)
  })

  it('would be found wrong if one slot of a fetch, or of a block table, were another', () => {
    const { input, plan: recorded } = plan(plainKnobs)
    const { fetch } = admitsOf(recorded).find((admit) => admit.fetch !== undefined)!
    fetch!.toSlots[0]!++
    expect(() => new MemoryModel(recorded, input).check()).toThrow()
    fetch!.toSlots[0]!--
    const { blockTable } = stepsOf(recorded).flatMap(({ decodes }) => decodes)[50]!
    blockTable[0] = (blockTable[0]! + 1) % input.poolBlocks
    expect(() => new MemoryModel(recorded, input).check()).toThrow()
  })

  it('have no more blocks pinned by stores than a tenth of the pool, and drop the rest', () => {
    let dropped = 0
    fc.assert(
      fc.property(randomKnobs, (knobs) => {
        const { input, plan: recorded, counts } = plan({ ...knobs, arm: 'warehouse', linkBytesPerMs: 61.3 })
        const stores = timedStores(recorded, input)
        for (const { op, startMs } of stores) {
          const pinned = stores
            .filter((other) => other.op.replica === op.replica && other.startMs <= startMs && other.endMs > startMs)
            .reduce((sum, other) => sum + other.op.fromSlots.length, 0)
          expect(pinned).toBeLessThanOrEqual(Math.floor(input.poolBlocks / 10))
        }
        dropped += counts.droppedStoreBlocks
      }),
      { seed: 72, numRuns: 60 },
    )
    expect(dropped).toBeGreaterThan(100)
  })

  it.each(['warehouse', 'local-dram'] as const)('evict from a bounded %s, and never exceed it', (arm) => {
    const knobs = { ...plainKnobs, arm, lowerPools: 1, requests: 200, linkBytesPerMs: 90_001.3 }
    const input = planInput(knobs)
    const engine = new Engine(input, new Collector())
    engine.run()
    const stores = engine.transfers.below.lowers[0]!.stores
    expect(stores).toHaveLength(arm === 'warehouse' ? 1 : input.replicas)
    for (const store of stores) {
      expect(store.evictions).toBeGreaterThan(50)
      expect(store.highWaterBlocks).toBe(input.poolBlocks)
    }
    const { plan: recorded } = planSteps(input, new Collector())
    expect(recorded.lowerSlots).toBe(input.poolBlocks)
    new MemoryModel(recorded, input).check()
  })
})

describe('a pool that is too tight', () => {
  it('preempts, never what waits for a fetch, and every request ends all the same', () => {
    let preemptions = 0
    let fetchedThenPreempted = 0
    fc.assert(
      fc.property(randomKnobs, (knobs) => {
        const { input, plan: recorded, counts } = plan({ ...knobs, poolBlocks: 24, longestOutput: 40, maxRunning: 256 })
        new MemoryModel(recorded, input).check()
        preemptions += counts.preemptions
        const admits = admitsOf(recorded)
        // Those put back late may not have been admitted again when the run ends.
        expect(admits.filter(({ first }) => !first).length).toBeLessThanOrEqual(counts.preemptions)
        for (const again of admits.filter(({ first }) => !first)) {
          const before = admits.findLast(({ request, order }) => request === again.request && order < again.order)!
          if (before.fetch === undefined) continue
          fetchedThenPreempted++
          expect(before.fetch.endMs).toBeLessThanOrEqual(again.atMs)
        }
        const ended = stepsOf(recorded).flatMap(({ ends }) => ends)
        expect(new Set(ended).size).toBe(counts.requestsEnded)
        for (const { generatedTokens, turn } of ended) expect(generatedTokens).toBe(turn.outputTokens)
      }),
      { seed: 73, numRuns: 100 },
    )
    expect(preemptions).toBeGreaterThan(500)
    expect(fetchedThenPreempted).toBeGreaterThan(50)
  })

  it('counts as redundant what is computed again', () => {
    let again = 0
    fc.assert(
      fc.property(randomKnobs, (knobs) => {
        const { plan: recorded } = plan({ ...knobs, poolBlocks: 24, longestOutput: 40, maxRunning: 256 })
        const computed = new Map<number, number>()
        for (const { prefills, decodes, segment } of stepsOf(recorded).sort((a, b) => a.order - b.order)) {
          const isRepeat = prefills.every(({ request, to }) => to <= (computed.get(request.id) ?? 0))
          if (prefills.length > 0 && isRepeat) {
            again++
            expect(segment.usefulPrefillMs).toBeLessThan(1e-9)
          }
          for (const { request, to } of prefills) reach(computed, request.id, to)
          for (const { request, position } of decodes) reach(computed, request.id, position + 1)
        }
      }),
      { seed: 74, numRuns: 40 },
    )
    expect(again).toBeGreaterThan(20)
  })
})

function reach(computed: Map<number, number>, id: number, position: number): void {
  computed.set(id, Math.max(position, computed.get(id) ?? 0))
}
