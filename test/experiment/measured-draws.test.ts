import { describe, expect, test } from 'vitest'
import { armAnswers } from '../../src/experiment/draws/answers.ts'
import type { Draw } from '../../src/experiment/draws/draw.ts'
import type { PlannedArmFigures, PlannedDraws } from '../../src/experiment/draws/planned-draws.ts'
import {
  leastDraws,
  type MeasureDrawsOptions,
  type MeasuredDraws,
  measureDraws,
} from '../../src/experiment/measured/measured-draws.ts'
import type { PlannedSteps } from '../../src/experiment/measured/measured-run.ts'
import { inThisThread, smallLayout, smallPlans } from './small-run.ts'

const seeds = [7, 1_000_010, 2_000_013, 3_000_016]
const arms = ['hbm-only', 'local-dram', 'warehouse', 'infinite-cache']

/** Measures draws of the small run, and says which of them were planned. */
async function measured(changes: Partial<MeasureDrawsOptions> = {}) {
  const planned: number[] = []
  const plan = async (seed: number): Promise<PlannedSteps[]> => {
    planned.push(seed)
    return smallPlans({ seed, requests: 12 })
  }
  const draws = await measureDraws(plan, {
    backend: 'wasm',
    layout: smallLayout(70),
    seeds: seeds.slice(0, 3),
    repeats: 1,
    isLate: undefined,
    weightsSeed: 3,
    threads: 1,
    runTask: inThisThread(),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...changes,
  })
  return { draws, planned }
}

/** A run that is broken off where a step begins. */
function interruptedAt(draw: number, repeat: number, changes: Partial<MeasureDrawsOptions> = {}) {
  const abort = new AbortController()
  return measured({
    ...changes,
    signal: abort.signal,
    onProgress: (step) => {
      // Of a draw as small as this an arm runs all its steps, and the next one none.
      if (step.draw === draw && step.repeat === repeat) abort.abort()
    },
  })
}

const seedsOf = ({ draws }: MeasuredDraws): number[] => draws.map(({ seed }) => seed)

describe('draws that are measured', () => {
  test('three give three ratios of every arm, each beside what was planned for the same requests', async () => {
    const { draws, planned } = await measured()
    expect(planned).toEqual(seeds.slice(0, 3))
    expect(seedsOf(draws)).toEqual(planned)
    expect(draws.interrupted).toBe(false)
    expect(draws.problems).toEqual([])
    for (const { seed, ratios } of draws.draws) {
      expect([...ratios.keys()]).toEqual(arms.slice(1))
      const rates = new Map(
        smallPlans({ seed, requests: 12 }).map(({ name, metrics }) => [name, metrics.tokensPerGpuSecond]),
      )
      for (const [name, ratio] of ratios) {
        expect(ratio.planned).toBeCloseTo(rates.get(name)! / rates.get('hbm-only')!, 12)
        expect(ratio.measured).toBeGreaterThan(0)
      }
    }
    // Draws hold other requests.
    expect(new Set(draws.draws.map(({ ratios }) => ratios.get('warehouse')!.planned)).size).toBe(3)
  })

  test('show the work of all windows together, and check answers in each', async () => {
    const { draws } = await measured()
    const { evidence, figures } = draws
    expect([...figures.keys()]).toEqual(arms)
    for (const { metrics, counts } of figures.values()) {
      expect(counts.windowRequests).toBe(3 * 12)
      // On the measured timeline a window may hold some more or less; one alone never as many.
      expect(metrics.window.requests).toBeGreaterThan(12 + 2)
    }
    expect(evidence.differences).toBe(0)
    expect(evidence.requestsCompared).toBeGreaterThan(3 * 10)
    expect(evidence.mutant).toEqual({ logitsNoticed: true, checksumNoticed: true })
    expect(evidence.prefixesRecomputed).toBeGreaterThan(0)
    expect(draws.planErrorRelative).toBeGreaterThan(0)
  })

  test('repeat the first alone, which shows the noise of timing', async () => {
    const steps: [number, number][] = []
    const { draws } = await measured({
      seeds: seeds.slice(0, 2),
      repeats: 2,
      onProgress: ({ draw, repeat }) => steps.push([draw, repeat]),
    })
    expect([...new Set(steps.map(([draw, repeat]) => `${draw}/${repeat}`))]).toEqual(['0/0', '0/1', '1/0'])
    const noise = draws.draws.map(({ ratios }) => ratios.get('warehouse')!.timingNoise)
    expect(noise[0]).toBeGreaterThan(0)
    expect(noise[1]).toBeNull()
  })

  test('end after three where the time is spent, and not before', async () => {
    const { draws, planned } = await measured({ seeds, isLate: () => true })
    expect(leastDraws).toBe(3)
    expect(seedsOf(draws)).toEqual(seeds.slice(0, 3))
    expect(planned).toEqual(seeds.slice(0, 3))
    expect(draws.interrupted).toBe(false)
    expect(seedsOf((await measured({ seeds, isLate: () => false })).draws)).toEqual(seeds)
  })

  test('keep what is complete when they are interrupted', async () => {
    const { draws } = await interruptedAt(2, 0)
    expect(draws.interrupted).toBe(true)
    expect(seedsOf(draws)).toEqual(seeds.slice(0, 2))
    for (const { counts } of draws.figures.values()) expect(counts.windowRequests).toBe(2 * 12)
  })

  test('keep the first where one of its repeats is complete, and none where it is not', async () => {
    const second = await interruptedAt(0, 1, { repeats: 2 })
    expect(second.draws.interrupted).toBe(true)
    expect(seedsOf(second.draws)).toEqual(seeds.slice(0, 1))
    expect([...second.draws.figures.keys()]).toEqual(arms)
    // One arm had begun its second repeat, or even ended it: what counts is what all have.
    for (const ratio of second.draws.draws[0]!.ratios.values()) expect(ratio.timingNoise).toBeNull()
    const none = await interruptedAt(0, 0)
    expect(none.draws.interrupted).toBe(true)
    expect(none.draws.draws).toEqual([])
    expect(none.planned).toEqual(seeds.slice(0, 1))
  })

  test('correct what was planned over many draws, and bound the ceiling by what it bounds', async () => {
    const { draws } = await measured()
    const planned = plannedAs({ 'hbm-only': [10, 12], warehouse: [30, 30], 'infinite-cache': [1, 1] })
    const answers = armAnswers(planned, draws)
    const { value, correction } = answers.get('warehouse')!
    const logs = draws.draws.map(({ ratios }) => {
      const { measured: own, planned: same } = ratios.get('warehouse')!
      return Math.log(own / same)
    })
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length
    expect(correction!.value).toBeCloseTo(Math.exp(mean), 12)
    expect(value).toBeCloseTo((60 / 22) * correction!.value, 12)
    expect(answers.get('infinite-cache')!.value).toBe(Math.max(value, answers.get('infinite-cache')!.value))
    expect(answers.get('warehouse')!.minimaRatio).toBeGreaterThan(0)
    expect(armAnswers(planned, undefined).get('warehouse')).toMatchObject({ correction: null, minimaRatio: null })
  })
})

/** Planned draws of which nothing but the throughput is read. */
function plannedAs(rates: Readonly<Record<string, readonly number[]>>): PlannedDraws {
  const figures = (tokensPerGpuSecond: number) => ({ metrics: { tokensPerGpuSecond, starvedShare: 0 } })
  const names = Object.keys(rates)
  const draws = rates[names[0]!]!.map(
    (_, i) => Object.fromEntries(names.map((name) => [name, figures(rates[name]![i]!)])) as unknown as Draw,
  )
  return {
    seeds: draws.map((_, i) => i),
    requests: 10,
    seats: 1,
    draws,
    arms: new Map(names.map((name) => [name, figures(rates[name]![0]!) as unknown as PlannedArmFigures])),
  }
}
