import { describe, expect, it } from 'vitest'
import { readPublished } from '../../src/experiment/validation/published.ts'
import { lruHitRate } from '../../src/experiment/validation/trace-hit-rate.ts'
import { validationRows } from '../../src/experiment/validation/validation.ts'
import { seededRandom } from '../../src/random.ts'
import { realTrace } from '../workload/real-traces.ts'

const validation = await validationRows()

describe('validation', () => {
  it('has every row of the published table', () => {
    const published = (prefix: string): number[] =>
      validation.rows.filter(({ id }) => id.startsWith(prefix)).map((row) => row.published)
    expect(published('gds-recompute')).toEqual([56.2, 95.2, 316, 634, 983, 1381])
    expect(published('gds-fetch')).toEqual([28.0, 24.7, 37.9, 51.4, 69.6, 97.1])
    expect(published('gds-first-turn')).toEqual([58.9, 97.2, 318, 641, 1008, 1367])
    expect(published('weka-41x')).toEqual([24_000, 580])
    expect(published('vllm')).toEqual([2, 22])
    expect(published('kv-llama-70b-128k')).toEqual([42.9e9])
  })

  it('states source and role of each, and tries an assumed number format both ways', () => {
    for (const row of validation.rows) expect(row.source.length).toBeGreaterThan(10)
    for (const row of validation.rows.filter(({ id }) => id.startsWith('gds-fetch'))) {
      expect(row.role).toBe('test')
      expect(row.assumed).toContain('bf16')
      expect(row.alternative!.predicted).toBeLessThan(row.predicted!)
    }
    expect(new Set(validation.rows.map(({ id }) => id)).size).toBe(validation.rows.length)
  })

  it('counts test rows only, and by their absolute error', () => {
    const errors = validation.rows
      .filter(({ role, relativeError }) => role === 'test' && relativeError !== null)
      .map(({ relativeError }) => Math.abs(relativeError!))
      .sort((a, b) => a - b)
    expect(validation.worstRelativeError).toBe(errors.at(-1))
    const middle = errors.length / 2
    const median = Number.isInteger(middle) ? (errors[middle - 1]! + errors[middle]!) / 2 : errors[Math.floor(middle)]!
    expect(validation.medianRelativeError).toBeCloseTo(median, 12)
    for (const { published, predicted, relativeError } of validation.rows) {
      if (predicted !== null) expect(relativeError).toBeCloseTo(predicted / published - 1, 12)
    }
    expect(validation.rows.filter(({ id }) => id.startsWith('weka')).every(({ role }) => role === 'unexplained')).toBe(
      true,
    )
  })

  it('keeps within what is aimed at: median 15 %, worst 40 %, over times alone too', () => {
    expect(validation.medianRelativeError).toBeLessThan(0.15)
    expect(validation.timesMedianRelativeError).toBeLessThan(0.15)
    expect(validation.worstRelativeError).toBeLessThan(0.4)
  })

  it('has the hit rates of the Mooncake trace', (context) => {
    realTrace(context, 'mooncake_conversation_trace.jsonl.gz')
    const predicted = (id: string): number => validation.rows.find((row) => row.id === id)!.predicted!
    expect(predicted('mooncake-local-replay')).toBeCloseTo(0.104, 3)
    expect(predicted('mooncake-global-replay')).toBeCloseTo(0.359, 3)
    expect(predicted('mooncake-lru-10k')).toBeCloseTo(60_921 / 288_500, 12)
  })

  it('names only setups and sources that it has', () => {
    expect(() => readPublished()).not.toThrow()
  })
})

it('LRU over pools hits as a list in order of use does', () => {
  const random = seededRandom(3)
  const references = Array.from({ length: 400 }, () =>
    Int32Array.from({ length: 1 + Math.floor(random.next() * 6) }, () => Math.floor(random.next() ** 2 * 60)),
  )
  for (const [pools, capacity] of [
    [1, 20],
    [3, 7],
  ] as const) {
    const held: number[][] = Array.from({ length: pools }, () => [])
    let hits = 0
    let total = 0
    references.forEach((blocks, i) => {
      for (const block of blocks) {
        const pool = held[i % pools]!
        const at = pool.indexOf(block)
        total++
        if (at !== -1) {
          hits++
          pool.splice(at, 1)
        } else if (pool.length === capacity) pool.shift()
        pool.push(block)
      }
    })
    expect(lruHitRate(references, pools, capacity)).toBeCloseTo(hits / total, 12)
  }
})
