import { describe, expect, test } from 'vitest'
import { experimentTrend } from '../../src/history/trend.ts'
import { seededRandom } from '../../src/random.ts'
import { figure, machine, record, time } from './records.ts'

const noise = (seed: number) => {
  const random = seededRandom(seed)
  return (value: number): number => value * Math.exp(0.02 * random.normal())
}

describe('a deterministic figure', () => {
  const values = (list: readonly (readonly [value: number, inputs: string])[]) =>
    experimentTrend(
      'nightly',
      list.map(([value, inputsHash], night) => record(night, [figure('a', value)], { inputsHash })),
    )

  test('is marked at every change while the inputs stay, exactly', () => {
    const [series] = values([
      [5, 'x'],
      [5, 'x'],
      [6, 'x'],
      [6, 'x'],
      [5, 'x'],
    ]).series
    expect(series!.marks.map(({ at, reason }) => [at, reason])).toEqual([
      [2, 'changed'],
      [4, 'changed'],
    ])
    expect(series!.marks[0]!.stepRelative).toBeCloseTo(0.2, 12)
  })

  test('is not compared across other inputs: that is said instead', () => {
    const trend = values([
      [5, 'x'],
      [9, 'y'],
      [9, 'y'],
    ])
    expect(trend.series[0]!.marks).toEqual([])
    expect(trend.inputsChanged).toEqual([trend.records[1]])
  })

  test('may differ by its tolerance', () => {
    const records = [1, 1 + 1e-12].map((value, night) =>
      record(night, [figure('a', value, { toleranceRelative: 1e-9 })]),
    )
    expect(experimentTrend('nightly', records).series[0]!.marks).toEqual([])
  })
})

describe('a measured figure', () => {
  test('has no verdict under 16 points, and says how many more it needs', () => {
    const records = Array.from({ length: 10 }, (_, night) => record(night, [time('planning time', night < 5 ? 1 : 2)]))
    expect(experimentTrend('nightly', records).series[0]).toMatchObject({ marks: [], pointsMissing: 6 })
  })

  test('is marked where its level changed, once: the baseline starts anew there', () => {
    const draw = noise(1)
    const values = Array.from({ length: 60 }, (_, night) => draw(night < 30 ? 10 : 11.5))
    const records = values.map((value, night) => record(night, [time('planning time', value)]))
    const [series] = experimentTrend('nightly', records).series
    expect(series!.marks).toHaveLength(1)
    expect(Math.abs(series!.marks[0]!.at - 30)).toBeLessThanOrEqual(1)
    expect(series!.marks[0]!.stepRelative).toBeCloseTo(0.15, 1)
    expect(series!.marks[0]!.before).toBe(series!.points[series!.marks[0]!.at - 1]!.record)
  })

  test('of several machines: each has a level of its own, and a late one is called new', () => {
    const draw = noise(2)
    const records = Array.from({ length: 50 }, (_, night) => {
      const isOther = night >= 20 && night % 2 === 0
      const environment = machine(isOther ? 'other' : 'one')
      return record(night, [time('planning time', draw(isOther ? 17 : 10))], { environment })
    })
    const [series] = experimentTrend('nightly', records).series
    expect(series!.marks.map(({ at, reason }) => [at, reason])).toEqual([[20, 'new machine']])
  })

  test('changes on two machines together: still found', () => {
    const draw = noise(4)
    const records = Array.from({ length: 50 }, (_, night) => {
      const environment = machine(night % 2 === 0 ? 'other' : 'one')
      const level = (night % 2 === 0 ? 17 : 10) * (night < 38 ? 1 : 1.12)
      return record(night, [time('planning time', draw(level))], { environment })
    })
    const marks = experimentTrend('nightly', records).series[0]!.marks.filter(({ reason }) => reason === 'level')
    expect(marks).toHaveLength(1)
  })
})

test('records stand by date, however they were appended; figures that come later have fewer points', () => {
  const records = [record(2, [figure('a', 1), figure('b', 1)]), record(1, [figure('a', 1)])]
  const trend = experimentTrend('nightly', records)
  expect(trend.records.map(({ date }) => date.slice(0, 10))).toEqual(['2026-01-02', '2026-01-03'])
  expect(trend.series.map(({ name, points }) => [name, points.length])).toEqual([
    ['a', 2],
    ['b', 1],
  ])
})
