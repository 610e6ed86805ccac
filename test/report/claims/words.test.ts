import { describe, expect, test } from 'vitest'
import type { ClaimCurve, ClaimPair, ClaimPoint, ClaimResult, Verdict } from '../../../src/claims/result.ts'
import { claimsSentence } from '../../../src/report/claims/words/answer.ts'
import { baselineName } from '../../../src/report/claims/words/baseline.ts'
import {
  type CurveGroup,
  curveForm,
  curveGroups,
  curveTitle,
  symbolNote,
} from '../../../src/report/claims/words/curves.ts'
import { claimDirection, isAsClaimed } from '../../../src/report/claims/words/direction.ts'
import { claimsEvidence } from '../../../src/report/claims/words/evidence.ts'
import { foundTitle } from '../../../src/report/claims/words/found.ts'
import { mapTitle, placeOf } from '../../../src/report/claims/words/map.ts'
import { mustText, mustTitle } from '../../../src/report/claims/words/must.ts'
import { byPairVerdict, pairSentence } from '../../../src/report/claims/words/pairs.ts'
import { screenTitle, tornadoTitle } from '../../../src/report/claims/words/sensitivity.ts'
import { thereTitle, thereWorth } from '../../../src/report/claims/words/there.ts'
import { inputText, rangeText, valueText } from '../../../src/report/claims/words/value.ts'
import { findingText, regionText } from '../../../src/report/claims/words/verdict.ts'
import { claimsFixture, multiplier, pairs, plainClaim, range } from './fixture.ts'

const sentenceOf = (...verdicts: Verdict[]): string =>
  claimsSentence(claimsFixture({ claims: verdicts.map((verdict) => plainClaim({ verdict })) }))

describe('the sentence on top', () => {
  test.each<[Verdict[], string]>([
    [
      ['holds', 'holds', 'holdsWhen', 'doesNotHold', 'notTestable'],
      'Of 5 claims 2 hold, 1 holds only under conditions, 1 does not hold, 1 cannot be tested.',
    ],
    [
      ['holdsWhen', 'doesNotHold', 'doesNotHold'],
      'Of 3 claims none holds as stated, 1 holds only under conditions, 2 do not hold.',
    ],
    [['holds', 'holds', 'holds'], 'All 3 claims hold.'],
    [['doesNotHold', 'doesNotHold'], 'Both claims do not hold.'],
    [['holds'], 'It holds: 2.40× over the whole stated range'],
    [[], 'No claim was asked.'],
  ])('%j', (verdicts, sentence) => {
    expect(sentenceOf(...verdicts)).toBe(sentence)
  })

  test.each<[(boolean | null)[], string]>([
    [[true, true, false, null], 'In your deployment 2 hold, 1 does not, 1 stays undecided.'],
    [[false, false], 'In your deployment none holds, 2 do not.'],
    [[true], 'In your deployment 1 holds.'],
  ])('in the deployment: %j', (answers, sentence) => {
    const claims = answers.map((holds) => plainClaim({ there: { ...multiplier.there!, holds } }))
    expect(claimsSentence(claimsFixture({ claims }))).toContain(sentence)
  })
})

describe('what was found beside the claim', () => {
  const titleOf = (changes: Partial<ClaimResult>): string =>
    foundTitle(plainClaim({ claimed: { text: '4×', value: 4, unit: '×' }, ...changes }))

  test.each<[string, Partial<ClaimResult>, string]>([
    ['less', { measured: range(2, 1.9, 2.1) }, '2.00× (1.90–2.10) is found, 50.0 % less than the claimed 4.00×'],
    ['more', { measured: range(5, 4.5, 5.5) }, '5.00× (4.50–5.50) is found, 25.0 % more than the claimed 4.00×'],
    ['far more', { measured: range(12, 11, 13) }, '12.0× (11.0–13.0) is found, 3.00 times the claimed 4.00×'],
    ['in range', { measured: range(3.8, 3.5, 4.1) }, '3.80× (3.50–4.10) is found, with the claimed 4.00× in its range'],
    ['in tolerance', { measured: range(3.95) }, '3.95× is found, within the tolerance of the claimed 4.00×'],
    ['equal', { measured: range(4) }, '4.00× is found, as claimed'],
    ['nothing', { measured: null }, 'No value was found for what is claimed, 4×'],
    ['no number claimed', { claimed: { text: 'more', value: null, unit: '×' } }, '2.40× (2.20–2.60) is found'],
    [
      'a share',
      { claimed: { text: '96 %', value: 0.96, unit: 'share' }, measured: range(0.66) },
      '66.0 % is found, 30.0 points less than the claimed 96.0 %',
    ],
  ])('%s', (_, changes, title) => {
    expect(titleOf(changes)).toBe(title)
  })

  test('the strongest free baseline stands beside it', () => {
    expect(foundTitle(multiplier)).toMatch(/; 1\.58× against the strongest free baseline$/)
  })
})

describe('the side on which a claim is true', () => {
  test.each([
    ['multiplier.warehouse.value >= 4.2', 'atLeast'],
    ['4.2 <= multiplier.warehouse.value', 'atLeast'],
    ['arms.warehouse.ttft.p50 <= 200 ms', 'atMost'],
    ['200 ms > arms.warehouse.ttft.p50', 'atMost'],
    ['a >= 1 and b >= 2', 'atLeast'],
    ['a >= 1 and b <= 2', undefined],
    ['a == 1', undefined],
  ])('%s', (metric, direction) => {
    expect(claimDirection({ metric })).toBe(direction)
  })

  test('the tolerance counts on that side only', () => {
    const claimed = { text: '', value: 4, unit: '×' }
    expect(isAsClaimed(plainClaim({ claimed, tolerance: 0.05 }), 3.81)).toBe(true)
    expect(isAsClaimed(plainClaim({ claimed, tolerance: 0.05 }), 3.79)).toBe(false)
    expect(isAsClaimed(plainClaim({ claimed, tolerance: 0.05, metric: 'x <= 4' }), 4.19)).toBe(true)
    expect(isAsClaimed(plainClaim({ claimed, tolerance: 0.05, metric: 'x <= 4' }), 4.21)).toBe(false)
    expect(isAsClaimed(plainClaim({ claimed: { ...claimed, value: null } }), 3)).toBeUndefined()
  })
})

describe('where a curve holds', () => {
  const curve = (decided: string, variant = 'as stated'): ClaimCurve => ({
    variant,
    reading: 'sameLoad',
    baseline: 'HBM only',
    axis: 'sessions-per-replica',
    points: [...decided].map(
      (sign, i): ClaimPoint => ({
        at: String(2 ** i),
        decided: sign === '+' ? 'true' : sign === '-' ? 'false' : 'undecided',
        measured: range(1),
        note: '',
      }),
    ),
  })
  const titleOf = (...curves: ClaimCurve[]): string => curveTitle(curveGroups(plainClaim({ curves }))[0]!)

  test.each([
    ['--++-', 'it holds from 4 to 8'],
    ['+-++', 'it holds at 1 and from 4 to 8'],
    ['++++', 'it holds at every value'],
    ['----', 'it holds nowhere'],
    ['?--+', 'it holds at 8; undecided at 1'],
    ['?---', 'it holds nowhere; undecided at 1'],
    ['????', 'undecided at every value'],
  ])('%s', (decided, words) => {
    const last = 2 ** (decided.length - 1)
    expect(titleOf(curve(decided))).toBe(`Same load, over conversations a replica (1 to ${last}): ${words}`)
  })

  test('of several variants those are named in which it holds', () => {
    expect(titleOf(curve('--+'), curve('---', 'host DRAM'), curve('---', 'fast prefill'))).toMatch(
      /: it holds in 1 of 3 variants: as stated at 4; nowhere in the other 2$/,
    )
    expect(titleOf(curve('--+'), curve('+++', 'limit lifted'))).toMatch(
      /: it holds in all 2 variants: as stated at 4; limit lifted at every value$/,
    )
    expect(titleOf(curve('---'), curve('?--', 'limit lifted'))).toMatch(
      /: it holds nowhere in 2 variants; undecided in parts for limit lifted$/,
    )
  })

  test('what was asked without an axis says so or not', () => {
    const asked = (decided: ClaimPoint['decided'], variant = 'as stated'): ClaimCurve => ({
      ...curve('+', variant),
      axis: '',
      points: [{ at: '', decided, measured: range(1), note: '' }],
    })
    expect(titleOf(asked('true'))).toBe('Same load: it holds')
    expect(titleOf(asked('false'))).toBe('Same load: it does not hold')
    expect(titleOf(asked('undecided'))).toBe('Same load: it is undecided')
    expect(titleOf(asked('true'), asked('false', 'on H100s'))).toBe(
      'Same load: it holds in 1 of 2 variants: as stated; nowhere in the other variant',
    )
  })

  test('a panel for each reading, always in the same order', () => {
    const groups = curveGroups(plainClaim({ curves: [...multiplier.curves].reverse() }))
    expect(groups.map(({ reading, curves }) => [reading, curves.length])).toEqual([
      ['sameLoad', 4],
      ['bestAgainstBest', 1],
      ['equalService', 1],
    ])
  })
})

describe('what must be true', () => {
  const [first, second] = multiplier.mustBeTrue as [
    ClaimResult['mustBeTrue'][number],
    ClaimResult['mustBeTrue'][number],
  ]
  const always = { ...first, outcome: 'always', value: null } as const
  const never = { ...first, outcome: 'never', value: null } as const
  const titleOf = (...mustBeTrue: ClaimResult['mustBeTrue']): string => mustTitle(plainClaim({ mustBeTrue }))

  test.each([
    [
      [first, second],
      'All else as it is, the claim needs conversations a replica of at least 11.4, ceiling hit rate of at least 91.0 %',
    ],
    [[always, always], 'None of 2 parameters alone breaks the claim'],
    [[never, never], 'None of 2 parameters alone makes the claim true'],
    [[always], 'Conversations a replica alone does not break the claim'],
    [[never], 'Conversations a replica alone does not make the claim true'],
    [[always, never], 'Of 2 parameters 1 alone never breaks the claim, 1 alone never makes it true'],
  ])('title %#', (thresholds, title) => {
    expect(titleOf(...thresholds)).toBe(title)
  })

  test('a cell says the side, or that there is none', () => {
    expect(multiplier.mustBeTrue.map(mustText)).toEqual([
      'at least 11.4',
      'at least 91.0 %',
      'at most 192 GB',
      'at least 61,000 tokens',
      'at least 14 GB/s',
      'between 120 and 900 tokens',
      'holds at any',
      'holds at none',
    ])
  })
})

describe('the map', () => {
  const map = { ...multiplier.map!, point: null }
  const titleOf = (changes: Partial<typeof map>, metric = 'x >= 4'): string =>
    mapTitle(plainClaim({ metric }), { ...map, ...changes })

  test('how much of it reaches the claim', () => {
    expect(titleOf({})).toBe('4 of 36 combinations of context and link a GPU reach 4.20×')
    expect(titleOf({ line: 1.1 })).toBe('Every combination of context and link a GPU reaches 1.10×')
    expect(titleOf({ line: 9 })).toBe('No combination of context and link a GPU reaches 9.00×: the most is 4.83×')
    expect(titleOf({ line: 1 }, 'x <= 1')).toMatch(/^No combination .* reaches 1\.00×: the least is 1\.27×$/)
    expect(titleOf({}, 'x == 1')).toMatch(
      /^Over context and link a GPU the value goes from 1\.27× to 4\.83×, with 4\.20× claimed$/,
    )
  })

  test('the point inside, outside and off the map', () => {
    const at = (x: number, y: number): string =>
      mapTitle(multiplier, { ...multiplier.map!, point: { x, y, label: 'your deployment' } })
    expect(at(131_072, 150e9)).toMatch(/reaches it, at about 4\.83×$/)
    expect(at(8192, 5e9)).toMatch(/does not, at about 1\.27×$/)
    expect(at(1e6, 5e9)).toMatch(/lies off the map$/)
  })

  test('places between values that grow by factors are logarithmic', () => {
    expect(placeOf([1, 4, 16], 1)).toBe(0)
    expect(placeOf([1, 4, 16], 8)).toBeCloseTo(1.5)
    expect(placeOf([16, 4, 1], 2)).toBeCloseTo(1.5)
    expect(placeOf([0, 10], 5)).toBeCloseTo(0.5)
    expect(placeOf([1, 4], 5)).toBeUndefined()
  })
})

describe('sensitivity', () => {
  const [most, other] = multiplier.tornado as [ClaimResult['tornado'][number], ClaimResult['tornado'][number]]
  const titleOf = (...tornado: ClaimResult['tornado']): string => tornadoTitle({ ...multiplier, tornado })

  test('whether an assumption alone changes the verdict', () => {
    expect(titleOf(other, most)).toBe(
      'Share of attainable GEMM moves the value most, from 4.92× at 35 % to 2.31× at 90 %, across what is claimed',
    )
    expect(titleOf(other)).toMatch(/; no assumption alone carries it across what is claimed$/)
    expect(titleOf({ ...most, high: most.low })).toBe('No assumption alone moves the value')
    expect(titleOf(most, { ...other, low: { input: 1, output: 4.5 }, high: { input: 2, output: 4 } })).toMatch(
      /, across what is claimed, as 1 more does$/,
    )
  })

  test('whether effects add up', () => {
    const of = (...screen: ClaimResult['screen']): string => screenTitle(plainClaim({ screen }))
    expect(of({ assumption: 'a', muStar: 2, sigma: 0.2 })).toMatch(
      /a weighs most \(μ\* 2\), and effects nearly add up$/,
    )
    expect(of({ assumption: 'a', muStar: 2, sigma: 1.5 })).toMatch(/; every effect depends on the others$/)
    expect(of({ assumption: 'a', muStar: 0, sigma: 0 })).toMatch(/none has an effect$/)
  })
})

test('the deployment: whether it holds there and what it is worth', () => {
  const there = multiplier.there!
  const of = (changes: Partial<typeof there>): string => thereTitle({ ...multiplier, there: { ...there, ...changes } })
  expect(of({ holds: true })).toMatch(/^Holds in your deployment: 2\.10× .*; 38\.2 contexts fit/)
  expect(of({ holds: false })).toMatch(/^Does not hold in your deployment/)
  expect(of({ holds: null, measured: null, reason: '' })).toBe('Undecided in your deployment: no value was found')
  // One figure of money against one baseline, its sign in words.
  const worth = (usdPerDay: typeof there.usdPerDay): string =>
    thereWorth({ ...multiplier, there: { ...there, usdPerDay } })
  const against = 'against local DRAM of 256 GB, session affinity.'
  expect(worth(there.usdPerDay)).toBe(`The warehouse saves 5,200 USD a day ${against}`)
  expect(worth(range(-50, -80, -20))).toBe(`The warehouse costs 50 USD a day ${against}`)
  expect(worth(range(5, -8, 20))).toBe(`The warehouse neither saves nor costs for sure ${against}`)
  expect(worth(null)).toBe('')
})

test('claims against each other: contradictions lead, also where there is none', () => {
  expect(pairSentence(pairs)).toBe(
    'of 3 pairs of claims 1 cannot both be true (weka-4.2x and weka-redundant-prefill), 1 only under conditions, 1 can',
  )
  expect(pairSentence(pairs.slice(1))).toBe(
    'of 2 pairs of claims none is a contradiction, 1 only under conditions, 1 can',
  )
  expect(pairSentence([pairs[2]!, pairs[2]!])).toBe('of 2 pairs of claims each can be true in one deployment')
  expect(pairs.map((pair) => pairSentence([pair]))).toEqual([
    'weka-4.2x and weka-redundant-prefill cannot both be true in one deployment',
    'weka-4.2x and weka-no-latency are both true only under conditions',
    'weka-hit-rate and weka-4.2x can both be true',
  ])
})

describe('what the verdicts rest on', () => {
  const lineOf = (topic: string, ...args: Parameters<typeof claimsFixture>) =>
    claimsEvidence(claimsFixture(...args)).find((line) => line.topic === topic)
  const against = (value: number): ClaimResult => plainClaim({ againstStrongest: { value, baseline: 'b' } })

  test('a quick look weakens them', () => {
    expect(lineOf('Quick')).toBeUndefined()
    expect(lineOf('Quick', { quick: true })).toMatchObject({ sound: false })
  })

  test('how many keep what is claimed against the strongest free baseline', () => {
    const of = (...claims: ClaimResult[]) => lineOf('Baseline', { claims })
    expect(of(plainClaim())).toBeUndefined()
    expect(of(against(3), against(1))).toMatchObject({ sound: false, text: expect.stringContaining('1 of 2') })
    expect(of(against(1), against(1))).toMatchObject({ sound: false, text: expect.stringContaining('none of the 2') })
    expect(of(against(3), against(4))).toMatchObject({ sound: true, text: expect.stringContaining('all 2') })
    expect(of(against(3))).toMatchObject({ sound: true, text: expect.stringContaining('reaches') })
    expect(of(against(1))).toMatchObject({ sound: false, text: expect.stringContaining('does not reach') })
  })

  test('required claims are met or named', () => {
    const required = plainClaim({ require: true })
    expect(lineOf('Required', { claims: [required] })).toMatchObject({ sound: true })
    expect(lineOf('Required', { claims: [{ ...required, verdict: 'doesNotHold' }] })).toMatchObject({
      sound: false,
      text: 'not met: plain',
    })
  })

  test('pairs weaken only where they contradict each other', () => {
    expect(lineOf('Together')).toMatchObject({ sound: false })
    expect(lineOf('Together', { pairs: pairs.slice(1) })).toMatchObject({ sound: true })
  })
})

test('values in their units', () => {
  expect(valueText(3.844, '×')).toBe('3.84×')
  expect(valueText(0.9625, 'share')).toBe('96.3 %')
  expect(valueText(37.5e9, 'B/s')).toBe('37.5 GB/s')
  expect(valueText(-12, 'USD')).toBe('−12 USD')
  expect(valueText(Number.NaN, '×')).toBe('no figure')
  expect(inputText(131_072, 'tokens')).toBe('131,072 tokens')
  expect(inputText(0.35, 'share')).toBe('35 %')
  expect(inputText(0.5, '×')).toBe('0.5×')
  expect(rangeText(range(3.84, 3.71, 3.96), '×')).toBe('3.84× (3.71–3.96)')
  expect(rangeText(range(0.9, 0.8, 1.2), 'GPUs')).toBe('0.9 GPUs (0.8–1.2)')
  expect(rangeText(range(1200, 900, 1500), 'ms')).toBe('1.2 s (900 ms–1.5 s)')
  expect(rangeText(range(2, 2, 2), '×')).toBe('2.00×')
})

describe('the region', () => {
  const of = (holdsWhen: string): ClaimResult => plainClaim({ verdict: 'holdsWhen', holdsWhen })
  const variants = of('from 12 on; or at 8, with prefill 3× slower than taken; or up to 4, on another trace')

  test('its clauses stand as they are, the first of many', () => {
    expect(regionText(of('a fleet has 25,000 GPUs'))).toBe('a fleet has 25,000 GPUs')
    expect(regionText(variants)).toBe(variants.holdsWhen)
    expect(regionText(variants, 2)).toBe('from 12 on; or at 8, with prefill 3× slower than taken; and in 1 more ways')
    expect(regionText(plainClaim())).toBe('')
  })

  test('a summary that repeats it at length gives way to a short finding', () => {
    expect(findingText(variants)).toBe(variants.summary)
    expect(findingText({ ...variants, summary: 'x'.repeat(161) })).toBe(
      '“2×” holds only under conditions; 2.40× (2.20–2.60) is found at its own conditions',
    )
    expect(findingText({ ...plainClaim(), verdict: 'notTestable', measured: null, summary: 'x'.repeat(161) })).toBe(
      '“2×” cannot be tested',
    )
  })
})

test('how a group is drawn follows from its size', () => {
  const [curve] = multiplier.curves
  const group = (count: number, places: number): CurveGroup => ({
    axis: 'slo',
    reading: 'equalService',
    curves: Array.from({ length: count }, (_, i) => ({
      ...curve!,
      variant: `variant ${i}`,
      points: curve!.points.slice(2, 2 + places),
    })),
  })
  expect(curveForm(group(4, 5))).toBe('lines')
  expect(curveForm(group(5, 5))).toBe('panels')
  expect(curveForm(group(9, 2))).toBe('rows')
  expect(symbolNote(group(5, 5))).toContain('Thin grey line: variant 0.')
  expect(symbolNote(group(2, 5))).not.toContain('Thin grey line')
  expect(symbolNote(group(9, 2))).toContain('Bars are 99 % intervals')
})

test('contradictions come first, and a sentence names three of them', () => {
  const of = (verdict: ClaimPair['verdict'], i: number): ClaimPair => ({
    claims: [`a${i}`, `b${i}`],
    question: '',
    verdict,
    summary: '',
  })
  const many = [of('compatible', 0), ...[1, 2, 3, 4, 5].map((i) => of('incompatible', i))]
  expect(byPairVerdict(many).map(({ verdict }) => verdict)[0]).toBe('incompatible')
  expect(pairSentence(many)).toBe(
    'of 6 pairs of claims 5 cannot both be true (a1 and b1; a2 and b2; a3 and b3; 2 more), 1 can',
  )
})

test('arms as baselines are told in words', () => {
  expect(baselineName('hbm-only')).toBe('HBM only')
  expect(baselineName('local-dram:512GB')).toBe('local DRAM of 512GB')
  expect(baselineName('HBM hit: a prefix that is there')).toBe('HBM hit: a prefix that is there')
})
