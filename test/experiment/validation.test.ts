import { describe, expect, it } from 'vitest'
import { publishedOf, readPublished } from '../../src/experiment/validation/published.ts'
import { lruHitRate, readReferences } from '../../src/experiment/validation/trace-hit-rate.ts'
import { validationOf, validationRows } from '../../src/experiment/validation/validation.ts'
import type { ValidationRow } from '../../src/experiment/validation/validation-row.ts'
import { seededRandom } from '../../src/random.ts'
import { realTrace } from '../workload/real-traces.ts'

const published = readPublished()
const validation = await validationRows()

/** In every number format, smallest first. */
function predictions({ predicted, alternatives = [] }: ValidationRow): number[] {
  return [predicted!, ...alternatives.map((other) => other.predicted)].sort((a, b) => a - b)
}

describe('validation', () => {
  it('has every row of the published table', () => {
    const figures = (prefix: string): number[] =>
      validation.rows.filter(({ id }) => id.startsWith(prefix)).map((row) => row.published)
    expect(figures('gds-recompute')).toEqual([56.2, 95.2, 316, 634, 983, 1381])
    expect(figures('gds-fetch')).toEqual([28.0, 24.7, 37.9, 51.4, 69.6, 97.1])
    expect(figures('gds-first-turn')).toEqual([58.9, 97.2, 318, 641, 1008, 1367])
    expect(figures('weka-41x')).toEqual([24_000, 580])
    expect(figures('vllm')).toEqual([2, 22])
    expect(figures('kv-llama-70b-128k')).toEqual([42.9e9])
  })

  it('states source and role of each, and why a row does not count', () => {
    for (const { source, role, reason } of validation.rows) {
      expect(source.length).toBeGreaterThan(10)
      if (role === 'test' || role === 'fit') expect(reason).toBeUndefined()
      else expect(reason!.length).toBeGreaterThan(20)
    }
    expect(new Set(validation.rows.map(({ id }) => id)).size).toBe(validation.rows.length)
  })

  it('counts as independent what neither fit, formula nor another row says', () => {
    const ids = validation.rows.filter(({ role }) => role === 'test').map(({ id }) => id)
    expect(ids).toEqual([
      ...['1k', '2k', '8k', '16k', '24k', '32k'].map((length) => `gds-fetch-${length}`),
      'vllm-offload-512',
      'vllm-offload-90k',
    ])
  })

  it('calls interpolated only what lies between rows of the fit, and a repeat only what has the same prediction', () => {
    const timed = published.rows.filter((row) => 'setup' in row)
    for (const row of timed.filter(({ reason }) => reason === 'on-fitted-curve')) {
      const fit = timed.filter(({ role, kind, setup }) => role === 'fit' && kind === row.kind && setup === row.setup)
      expect(fit.some(({ contextTokens }) => contextTokens < row.contextTokens)).toBe(true)
      expect(fit.some(({ contextTokens }) => contextTokens > row.contextTokens)).toBe(true)
    }
    const predicted = new Map(validation.rows.map((row) => [row.id, predictions(row)]))
    for (const row of timed.filter(({ reason }) => reason === 'repeats-recompute')) {
      const same = timed.find((other) => other.kind === 'recompute' && other.contextTokens === row.contextTokens)!
      expect(predicted.get(row.id)).toEqual(predicted.get(same.id))
    }
  })

  it('scores test rows only, and by their absolute error', () => {
    const errors = validation.rows
      .filter(({ role }) => role === 'test')
      .map(({ relativeError }) => Math.abs(relativeError!))
      .sort((a, b) => a - b)
    expect(validation.worstRelativeError).toBe(errors[7])
    expect(validation.medianRelativeError).toBeCloseTo((errors[3]! + errors[4]!) / 2, 12)
    for (const { published, predicted, relativeError } of validation.rows) {
      if (predicted !== null) expect(relativeError).toBeCloseTo(predicted / published - 1, 12)
    }
    const others = published.rows.map((row) => (row.role === 'test' ? row : { ...row, published: 7 * row.published }))
    const moved = validationOf({ ...published, rows: others }, new Map())
    const { rows: _, fitMedianRelativeError: _median, fitWorstRelativeError: _worst, ...score } = moved
    expect(validation).toMatchObject(score)
    expect(moved.fitWorstRelativeError).not.toBe(validation.fitWorstRelativeError)
  })

  it('gives each kind an error of its own', () => {
    const errorsOf = (kind: string): number[] =>
      validation.rows
        .filter((row) => row.role === 'test' && row.kind === kind)
        .map(({ relativeError }) => Math.abs(relativeError!))
    const [fetch, speedup] = [errorsOf('fetch').sort((a, b) => a - b), errorsOf('speedup').sort((a, b) => a - b)]
    expect(validation.byKind).toEqual([
      {
        kind: 'fetch',
        rows: 6,
        medianRelativeError: expect.closeTo((fetch[2]! + fetch[3]!) / 2, 12),
        worstRelativeError: fetch[5],
      },
      {
        kind: 'speedup',
        rows: 2,
        medianRelativeError: expect.closeTo((speedup[0]! + speedup[1]!) / 2, 12),
        worstRelativeError: speedup[1],
      },
    ])
  })

  it('counts the worse of the number formats that a source leaves open', () => {
    const fetched = (id: string) => validation.rows.find((row) => row.id === id)!
    for (const row of validation.rows.filter(({ source }) => source.includes('Rasmusson'))) {
      expect(row.alternatives).toHaveLength(1)
      expect(Math.abs(row.alternatives![0]!.relativeError)).toBeLessThanOrEqual(Math.abs(row.relativeError!))
    }
    // Fetched slower than predicted in either format: the smaller fp8 is further off. Faster than either: bf16 is.
    expect(fetched('gds-fetch-8k')).toMatchObject({ metric: expect.stringMatching(/, KV in fp8$/) })
    expect(fetched('gds-fetch-8k').alternatives![0]!.assumed).toBe('KV in bf16')
    expect(fetched('gds-fetch-2k')).toMatchObject({ setup: expect.stringContaining('KV in bf16') })
    expect(fetched('gds-fetch-2k').alternatives![0]!.assumed).toBe('KV in fp8')
    expect(fetched('vllm-offload-512').alternatives).toBeUndefined()
  })

  it('predicts a fetch of 8,000 tokens as one does by hand', () => {
    // 124 blocks of 64 tokens are fetched, the last 64 tokens computed; fp8: 2 × 80 layers × 8 heads × 128 bytes a token.
    const [hitTokens, newTokens, kvBytesPerToken] = [7936, 64, 163_840]
    const hbmBytesPerMs = (8 * 3.35e12 * 0.7) / 1000
    const weightsMs = 69.5e9 / hbmBytesPerMs
    const kvMs = (hitTokens * kvBytesPerToken) / hbmBytesPerMs
    const pairs = newTokens * hitTokens + (newTokens * (newTokens + 1)) / 2
    const attentionMs = (4 * 80 * 64 * 128 * pairs) / ((8 * 989e12 * 0.64 * 0.75) / 1000)
    const allReduceMs = (2 * 80 * newTokens * 8192 * 2 * ((2 * 7) / 8)) / (450e9 / 1000)
    const fetchMs = 0.5 + (hitTokens * kvBytesPerToken) / (300e9 / 1000)
    const [requestOverheadMs, stepOverheadMs] = [20, 2]
    const byHand = requestOverheadMs + fetchMs + weightsMs + attentionMs + kvMs + allReduceMs + stepOverheadMs
    const row = validation.rows.find(({ id }) => id === 'gds-fetch-8k')!
    expect(row.predicted).toBeCloseTo(byHand, 1)
    expect(row.relativeError).toBeCloseTo(byHand / 37.9 - 1, 3)
    expect(validation.requestOverheadMs).toBe(requestOverheadMs)
  })

  it('has the overhead of a request in both times of every ratio', () => {
    const at = (id: string): number => validation.rows.find((row) => row.id === id)!.predicted!
    // Without it a fetch of so few tokens would gain more: 14.0 ÷ 9.6 ms, not 34.0 ÷ 29.6.
    expect(at('vllm-offload-512')).toBeCloseTo(34.0 / 29.6, 2)
    expect(at('vllm-offload-512')).toBeLessThan(1.2)
  })

  it('has the hit rates of the Mooncake trace', (context) => {
    realTrace(context, 'mooncake_conversation_trace.jsonl.gz')
    const predicted = (id: string): number => validation.rows.find((row) => row.id === id)!.predicted!
    expect(predicted('mooncake-local-replay')).toBeCloseTo(0.104, 3)
    expect(predicted('mooncake-global-replay')).toBeCloseTo(0.359, 3)
    expect(predicted('mooncake-lru-10k')).toBeCloseTo(60_921 / 288_500, 12)
  })

  it('calls above the ceiling only what no cache reaches on the published trace', async (context) => {
    const path = realTrace(context, 'mooncake_conversation_trace.jsonl.gz')
    const ceiling = lruHitRate(await readReferences(path), 1, 1_000_000)
    expect(ceiling).toBeCloseTo(0.366, 3)
    const above = published.rows.filter(({ reason }) => reason === 'above-ceiling')
    expect(above).toHaveLength(1)
    expect(above[0]!.published).toBeGreaterThan(ceiling)
  })
})

describe('a row of the file', () => {
  const changed = (id: string, change: object) => () =>
    publishedOf({ ...published, rows: published.rows.map((row) => (row.id === id ? { ...row, ...change } : row)) })

  it.each([
    ['derived without a reason', { role: 'derived' }, /"gds-fetch-1k": is derived and gives no reason/],
    ['counted with a reason', { reason: 'no-setup' }, /"gds-fetch-1k": counts, so it has no reason not to/],
    ['for an unknown reason', { role: 'unexplained', reason: 'none' }, /unknown reason "none"/],
    ['of an unknown source', { source: 'none' }, /unknown source "none"/],
    ['of an unknown setup', { setup: 'none' }, /unknown setup "none"/],
    ['without the overhead', { withoutOverhead: true }, /unknown key/],
  ])('is refused: %s', (_, change, message) => {
    expect(changed('gds-fetch-1k', change)).toThrow(message)
    expect(changed('gds-fetch-1k', {})).not.toThrow()
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
