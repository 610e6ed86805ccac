import { describe, expect, it } from 'vitest'
import { regionText } from '../../src/claims/region-text.ts'
import type { ClaimCurve, Threshold } from '../../src/claims/result.ts'
import { conditionOf } from '../../src/claims/variant-words.ts'
import { needWords } from '../../src/claims/what-if/need-words.ts'
import { claimIds, claimsNamed } from '../../src/commands/verify/claim-files.ts'

const [claim] = claimsNamed(['weka-4.2x'])

function curve(variant: string, decided: readonly ('true' | 'false')[], reading: ClaimCurve['reading'] = 'sameLoad') {
  const points = decided.map((one, i) => ({ at: String(2 ** i), decided: one, measured: null, note: '' }))
  return { variant, reading, baseline: 'hbm-only', axis: 'sessions-per-replica', points }
}

describe('a region in words', () => {
  const slow = curve('prefill a third as fast, in both arms', ['false', 'true'])

  it('is where it holds as stated, then what a variant sets', () => {
    expect(regionText(claim!, [curve('as stated', ['false', 'true']), slow], ['anything'])).toBe(
      'from 2 conversations a replica on; or from 2 conversations a replica on, with prefill 3× slower than taken',
    )
    const best = curve('as stated', ['true'], 'bestAgainstBest')
    expect(regionText(claim!, [best], [])).toBe('each arm at its own best load')
  })

  it('of a quick look says nothing of what lies between', () => {
    const some = curve('as stated', ['true', 'true', 'false'])
    expect(regionText(claim!, [some], [], false)).toBe('at 1 and 2 conversations a replica')
  })

  it('leads with thresholds where it holds nowhere as stated', () => {
    const needs = ['with a prefill MFU 1.6× lower than taken', 'from 40 conversations a replica on']
    expect(regionText(claim!, [curve('as stated', ['false', 'false']), slow], needs)).toBe(needs.join('; or '))
  })

  it.each(claimIds())('%s has no variant that is told by its name alone', (id) => {
    const [one] = claimsNamed([id])
    for (const { name, options = {} } of one!.variants) {
      if (Object.keys(options).every((option) => option === 'arms') && Object.keys(options).length > 0) continue
      expect(conditionOf(one!, name)).toMatch(/^(with|against|on) /)
    }
  })
})

describe('a threshold in words', () => {
  const of = (changes: Partial<Threshold>): Threshold => ({
    parameter: 'MFU of prefill',
    unit: 'share of peak',
    direction: 'atMost',
    value: 0.35,
    upper: null,
    outcome: 'threshold',
    from: 0.05,
    to: 0.8,
    curve: [],
    ...changes,
  })

  it.each([
    [of({}), 0.56, 'with a prefill MFU 1.6× lower than taken'],
    [
      of({ parameter: 'conversations per replica', direction: 'atLeast', value: 40 }),
      12,
      'from 40 conversations a replica on',
    ],
    [of({ parameter: 'link rate', direction: 'atLeast', value: 75 }), 37.5, 'with a link 2× faster than taken'],
    [
      of({ parameter: 'ceiling hit rate', direction: 'atLeast', value: 0.97 }),
      0.94,
      'with a ceiling hit rate of at least 97 %',
    ],
    [of({ outcome: 'never', value: null }), 1, undefined],
  ] as const)('%# says what must be true', (threshold, own, words) => {
    expect(needWords(threshold, own)).toBe(words)
  })
})
