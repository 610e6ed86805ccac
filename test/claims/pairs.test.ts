import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capPair, hitRatePair, overlapPair, overlapPairs } from '../../src/claims/pairs.ts'
import type { ClaimCurve, ClaimPoint } from '../../src/claims/result.ts'

type Decided = ClaimPoint['decided']
const words: Record<string, Decided> = { t: 'true', f: 'false', '?': 'undecided' }

/** "ft?" → a curve over 1, 2, 4 … conversations. */
function curve(decided: string, values: readonly number[] = [], more: Partial<ClaimCurve> = {}): ClaimCurve {
  const points = [...decided].map((letter, i): ClaimPoint => {
    const value = values[i]
    const measured = value === undefined ? null : { value, low: value, high: value }
    return { at: String(2 ** i), decided: words[letter]!, measured, note: '' }
  })
  const asked = { variant: 'as stated', reading: 'sameLoad', baseline: 'hbm-only' } as const
  return { ...asked, axis: 'sessions-per-replica', points, ...more }
}

const pairOf = (a: string, b: string) =>
  overlapPair({ id: 'gain', curve: curve(a) }, { id: 'latency', curve: curve(b) })

describe('two claims over one axis', () => {
  it('hold at different loads only', () => {
    expect(pairOf('ffft', 'ttff')).toEqual({
      claims: ['gain', 'latency'],
      question: 'Can both be true in one deployment?',
      verdict: 'incompatible',
      summary:
        'Nowhere do both hold: gain holds from 8 conversations a replica on, latency holds up to 2 conversations a replica.',
    })
  })

  it('hold together at some loads, at all, or nobody knows', () => {
    expect(pairOf('fttt', 'ttff')).toMatchObject({ verdict: 'compatibleWhen' })
    expect(pairOf('fttt', 'ttff').summary).toMatch(/^Both hold at 2 conversations a replica: gain holds from 2/)
    expect(pairOf('tt', 'tt')).toMatchObject({ verdict: 'compatible' })
    expect(pairOf('ft?', 'tft')).toMatchObject({ verdict: 'undecided' })
    expect(pairOf('', 'tf')).toMatchObject({ verdict: 'undecided' })
  })

  it('are judged as logic over every point has it', () => {
    const text = fc.array(fc.constantFrom('t', 'f', '?'), { minLength: 1, maxLength: 6 })
    const property = fc.property(text, text, (a, b) => {
      const length = Math.min(a.length, b.length)
      const points = Array.from({ length }, (_, i) => [a[i]!, b[i]!])
      const isBoth = points.map((point) => point.every((letter) => letter === 't'))
      const isNever = points.every((point) => point.includes('f'))
      const expected = isBoth.every(Boolean)
        ? 'compatible'
        : isBoth.some(Boolean)
          ? 'compatibleWhen'
          : isNever
            ? 'incompatible'
            : 'undecided'
      expect(pairOf(a.join(''), b.join('')).verdict).toBe(expected)
    })
    fc.assert(property, { seed: 3 })
  })

  it('are held together where one source asked them alike', () => {
    const claim = (id: string, who: string, ...curves: ClaimCurve[]) => ({ id, who, curves })
    const pairs = overlapPairs([
      claim('a', 'W', curve('ft', [], { variant: 'chat' }), curve('tt')),
      claim('b', 'W', curve('tf')),
      claim('c', 'W', curve('tf', [], { axis: 'dram' })),
      claim('d', 'L', curve('tf')),
    ])
    expect(pairs).toHaveLength(1)
    expect(pairs[0]).toMatchObject({ claims: ['a', 'b'], verdict: 'compatibleWhen' })
  })
})

describe('a redundant prefill overhead', () => {
  const pair = (gain: number, overhead: number, measured?: ClaimCurve) =>
    capPair({
      gain: { id: 'gain', value: gain },
      overhead: { id: 'overhead', value: overhead, measured: measured && [measured] },
    })

  it('caps the gain near 1 + x', () => {
    expect(pair(1.3, 0.4).verdict).toBe('compatible')
    expect(pair(1.5, 0.4).verdict).toBe('undecided')
    expect(pair(4.2, 0.4)).toMatchObject({
      verdict: 'incompatible',
      summary:
        'A redundant prefill overhead of 40.0 % caps the gain near 1.40×; 4.20× takes an overhead of 320.0 %, so both cannot be true at one load.',
    })
  })

  it('says where our runs have enough of it', () => {
    expect(pair(4.2, 0.4, curve('tfff', [0.1, 0.4, 3.3, 5])).summary).toContain(
      'In our runs it comes to that from 4 conversations a replica on.',
    )
    expect(pair(4.2, 0.4, curve('tf', [0.1, 0.4])).summary).toContain('In our runs it comes to that nowhere.')
  })
})

describe('a hit rate', () => {
  const pair = (gain: string, rates: readonly number[]) =>
    hitRatePair({
      hitRate: { id: 'hit-rate', value: 0.96 },
      gain: { id: 'gain', curve: curve(gain) },
      baseline: { name: 'hbm-only', hitRates: rates.map((value, i) => ({ at: String(2 ** i), value })) },
    })

  it('that the baseline has everywhere proves nothing', () => {
    expect(pair('fft', [0.97, 0.97, 0.96])).toMatchObject({
      claims: ['hit-rate', 'gain'],
      verdict: 'incompatible',
      summary:
        'hbm-only has 96.0 % over all that was tried, 1 to 4 conversations a replica: the hit rate proves nothing about the gain.',
    })
  })

  it('that it has at some loads is told with them', () => {
    const { verdict, summary } = pair('fft', [0.97, 0.96, 0.3])
    expect(verdict).toBe('compatibleWhen')
    expect(summary).toBe(
      'hbm-only has 96.0 % too up to 2 conversations a replica, where it proves nothing; gain holds from 4 conversations a replica on.',
    )
    expect(pair('tff', [0.97, 0.3, 0.3]).summary).toContain('never where the baseline lacks it')
  })

  it('that it has nowhere may be a reason', () => {
    expect(pair('ft', [0.5, 0.2])).toMatchObject({ verdict: 'compatible' })
    expect(pair('ft', [])).toMatchObject({ verdict: 'undecided' })
  })
})
