import { describe, expect, test } from 'vitest'
import { experimentTrend } from '../../src/history/trend.ts'
import { seededRandom } from '../../src/random.ts'
import { renderTrendHtml } from '../../src/report/trend/html.ts'
import { renderTrendJson, trendJsonSchema } from '../../src/report/trend/json.ts'
import { trendSchema } from '../../src/report/trend/schema.ts'
import { renderTrendTerminal } from '../../src/report/trend/terminal.ts'
import { figure, machine, record, time } from '../history/records.ts'

const random = seededRandom(9)
const jitter = (): number => Math.exp(0.02 * random.normal())
const nights = Array.from({ length: 50 }, (_, night) => {
  const multiplier = 3 * jitter() * (night < 35 ? 1 : 0.85)
  const change = { unit: '×', better: 'higher', low: multiplier * 0.97, high: multiplier * 1.03 } as const
  return record(
    night,
    [
      time('warehouse/multiplier', multiplier, change),
      time('planning time', jitter(), { unit: 's' }),
      figure('warehouse/evictions', night < 40 ? 500 : 510, { better: 'lower', unit: 'blocks' }),
      figure('warehouse/<b>"&', 0),
    ],
    { environment: machine(night > 25 && night % 2 === 0 ? 'other' : 'one'), inputsHash: night < 5 ? 'a' : 'b' },
  )
})

const report = (records = nights) => ({
  createdAt: '2026-11-29T17:19:25.000Z',
  folder: 'reports/history',
  experiments: records.length === 0 ? [] : [experimentTrend('nightly', records)],
})

describe.each([
  ['fifty records', nights],
  ['two records', nights.slice(0, 2)],
  ['one record', nights.slice(0, 1)],
])('the page of %s', (_, records) => {
  const page = renderTrendHtml(report(records))

  test('has no number that is none, and takes no markup from names', () => {
    const text = page.replaceAll(/<style[\s\S]*?<\/style>/g, '').replaceAll(/<[^>]*>/g, '')
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/)
    expect(page).not.toMatch(/(?:[xyr\d]|cx|cy|d|transform)="[^"]*(?:NaN|Infinity)/)
    expect(page).not.toContain('<b>')
  })

  test('loads nothing and runs nothing; every chart has a label', () => {
    expect(/\s(?:src|href)=|url\(|@import|<link|<iframe|<script/.exec(page)?.[0]).toBeUndefined()
    for (const [svg] of page.matchAll(/<svg [^>]*>/g)) expect(svg).toMatch(/role="img" aria-label="[^"]{10,}"/)
  })
})

test('changes are named with date, commit, step and the commits to compare', () => {
  const page = renderTrendHtml(report())
  const { marks } = report().experiments[0]!.series[0]!
  const level = marks.find(({ reason }) => reason === 'level')!
  expect(Math.abs(level.at - 35)).toBeLessThanOrEqual(2)
  expect(page).toContain(`${level.before.commit!.hash.slice(0, 9)} with ${level.after.commit!.hash.slice(0, 9)}`)
  expect(page).toMatch(/memwall compare --base-dir/)
  expect(page).toContain('same inputs, other value')
  expect(page).toContain('new machine')
})

test('too short a history says so, and the terminal tells the same', () => {
  expect(renderTrendHtml(report(nights.slice(0, 3)))).toContain('No verdict yet: 13 points more are needed')
  const lines = renderTrendTerminal(report(), 100, 'reports/latest/trend.html').split('\n')
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(100)
  expect(lines.join('\n')).toMatch(/nightly: warehouse\/evictions\s+\+2\.0 %\s+2026-02-10/)
})

test('JSON has every point and every mark', () => {
  const { experiments } = trendSchema.parse(JSON.parse(renderTrendJson(report())))
  const { records, series } = experiments[0]!
  const [multiplier] = series
  expect(multiplier!.points.records).toEqual(nights.map((_, night) => night))
  expect(multiplier!.points.values).toEqual(nights.map(({ figures }) => figures[0]!.value))
  expect(records[0]).toMatchObject({ machine: 'one', date: '2026-01-01T00:00:00.000Z' })
  expect(multiplier!.marks.map(({ reason }) => reason)).toContain('level')
})

test('schema/trend.schema.json is the schema of the code', async () => {
  await expect(trendJsonSchema()).toMatchFileSnapshot('../../schema/trend.schema.json')
})
