import { describe, expect, test } from 'vitest'
import { type Comparison, compareRecords, compareSides, fails } from '../../src/history/compare/comparison.ts'
import type { HistoryRecord } from '../../src/history/record.ts'
import { figure, machine, record, time } from './records.ts'

const compare = (base: HistoryRecord | HistoryRecord[], head: HistoryRecord | HistoryRecord[], across = false) =>
  compareSides({ records: [base].flat() }, { records: [head].flat() }, { acrossEnvironments: across })
const outcomes = ({ figures }: Comparison) => Object.fromEntries(figures.map((one) => [one.name, one.outcome]))
const failing = ({ figures }: Comparison) => figures.filter(fails).map(({ name }) => name)

const figures = [
  figure('more is better', 100),
  figure('less is better', 100, { better: 'lower' }),
  figure('neither', 100, { better: 'neither' }),
  figure('tolerant', 100, { toleranceRelative: 0.01 }),
]
const times = (factor: number) => figures.map((one) => ({ ...one, value: one.value * factor }))

describe('deterministic figures of the same inputs', () => {
  test('any change beyond the tolerance is named; worse, or without a better side, fails', () => {
    const up = compare(record(1, figures), record(2, times(1.005)))
    expect(outcomes(up)).toEqual({
      'more is better': 'better',
      'less is better': 'worse',
      neither: 'changed',
      tolerant: 'unchanged',
    })
    expect(failing(up)).toEqual(['less is better', 'neither'])
    expect(failing(compare(record(1, figures), record(2, times(0.995))))).toEqual(['more is better', 'neither'])
    expect(failing(compare(record(1, figures), record(2, figures)))).toEqual([])
  })

  test('one that is gone fails, one that is new does not', () => {
    const fewer = record(2, figures.slice(1))
    expect(failing(compare(record(1, figures), fewer))).toEqual(['more is better'])
    expect(failing(compare(fewer, record(3, figures)))).toEqual([])
    expect(outcomes(compare(fewer, record(3, figures)))['more is better']).toBe('new')
  })

  test('a base of 0 has no relative change, and is compared all the same', () => {
    const [only] = compare(record(1, [figure('a', 0)]), record(2, [figure('a', 3)])).figures
    expect(only).toMatchObject({ changeRelative: null, outcome: 'better' })
  })
})

test('other inputs: the same differences are advice, and that is said', () => {
  const compared = compare(record(1, figures), record(2, times(2), { inputsHash: 'others' }))
  expect(failing(compared)).toEqual([])
  expect(outcomes(compared)['less is better']).toBe('worse')
  expect(compared.isGated).toBe(false)
  expect(compared.notes.join(' ')).toContain('inputs differ')
})

describe('measured figures', () => {
  test('are advice, however large the change; overlapping intervals are no change', () => {
    const compared = compare(
      record(1, [time('a', 10), time('b', 10, { low: 8, high: 12 })]),
      record(2, [time('a', 20), time('b', 13, { low: 11, high: 15 })]),
    )
    expect(outcomes(compared)).toEqual({ a: 'worse', b: 'unchanged' })
    expect(failing(compared)).toEqual([])
    expect(compared.figures[0]!.p).toBeNull()
  })

  test('have a p from three records of the base on, with the least that it can be', () => {
    const nights = [10, 11, 12].map((value, night) => record(night, [time('a', value)]))
    const [only] = compare(nights, record(9, [time('a', 20)])).figures
    expect(only).toMatchObject({ p: 0.5, attainableP: 0.5 })
    const repeats = [20, 21, 22].map((value) => record(9, [time('a', value)]))
    expect(compare(nights, repeats).figures[0]).toMatchObject({ p: 0.1, attainableP: 0.1 })
    // Nights of other inputs or machines say nothing about this one's noise.
    const foreign = record(0, [time('a', 1)], { environment: machine('other') })
    expect(compare([foreign, ...nights], repeats).figures[0]).toMatchObject({ attainableP: 0.1 })
  })

  test('of other machines are left out, unless asked', () => {
    const there = record(2, [time('a', 99), figure('b', 1)], { environment: machine('other') })
    const here = record(1, [time('a', 10), figure('b', 1)])
    expect(outcomes(compare(here, there))).toEqual({ b: 'unchanged' })
    expect(compare(here, there).notes.join(' ')).toMatch(/1 measured figures? .*left out.*--across-environments/)
    expect(outcomes(compare(here, there, true))).toEqual({ a: 'worse', b: 'unchanged' })
  })
})

test('two lists are compared experiment by experiment; what only one has is told', () => {
  const of = (experiment: string, value: number) => record(1, [figure('a', value)], { experiment })
  const found = compareRecords([of('x', 1), of('gone', 1)], [of('x', 2), of('new', 1)], { acrossEnvironments: false })
  expect(found.comparisons.map(({ experiment }) => experiment)).toEqual(['x'])
  expect([found.onlyInBase, found.onlyInHead]).toEqual([['gone'], ['new']])
})
