import { expect, test } from 'vitest'
import { type RecordedTimeline, TimelineRecorder } from '../../src/account/timeline/timeline-recorder.ts'
import { timelineFigures } from '../../src/commands/run/timeline-figures.ts'
import { planTimeline } from '../../src/plan/plan-arm.ts'
import { renderHtml } from '../../src/report/html.ts'
import { timeTicks } from '../../src/report/page/charts/happened/time-axis.ts'
import { belowTitle, hbmTitle, lanesTitle } from '../../src/report/page/titles/happened.ts'
import { type Report, reportSchema } from '../../src/report/report.ts'
import { tenthsOf } from '../../src/report/tables/tenths.ts'
import { plainKnobs, planInput } from '../plan/random-plan.ts'
import { type Change, reportFixture } from './fixture.ts'
import { complete, onlyArms, planned, roomy } from './variants.ts'

function titlesOf(...changes: readonly Change[]): string[] {
  const report = reportFixture(complete, ...changes)
  return [lanesTitle, hbmTitle, belowTitle].map((title) => title(report, report.timeline!))
}

const slower: Change = (report) => {
  report.timeline!.warehouse!.windowMs = 40_000
}

function recorded(): RecordedTimeline {
  const input = planInput({ ...plainKnobs, arm: 'local-dram', poolBlocks: 30, requests: 400 })
  const recorder = new TimelineRecorder(input)
  planTimeline(input, recorder)
  return recorder.timeline
}

test('the titles are findings with their numbers', () => {
  expect(titlesOf(planned)).toEqual([
    '1,204 requests take 38.2 s with HBM only and 12.1 s with the warehouse: 66.0 % of GPU time goes into computing again without the warehouse, none with it',
    'HBM is full throughout: hbm-only evicts 2,700 blocks in the window, 13.5 GB of KV',
    'The warehouse holds up to 889 GB, 4.44× what fits into all HBM; local DRAM is never full',
  ])
})

test('and say the opposite when the data does', () => {
  expect(titlesOf(slower)[0]).toContain(
    'take no less time with the warehouse (40 s) than with HBM only (38.2 s) (mock time)',
  )
  expect(titlesOf(roomy)).toEqual([
    expect.anything(),
    'HBM is never full: at most 49.8 % of it holds something with HBM only, and nothing is evicted',
    'The warehouse holds nothing in the window; local DRAM is never full',
  ])
  const small: Change = ({ timeline }) => {
    const { warehouse } = timeline!.warehouse!.memories
    warehouse!.heldBytes = warehouse!.heldBytes.map(() => 1e11)
    const { dram } = timeline!['local-dram']!.memories
    dram!.heldBytes = dram!.heldBytes.map((_, bin) => (bin < 20 ? 1e11 : 5e11))
  }
  expect(titlesOf(small)[2]).toBe(
    'The warehouse holds up to 100 GB, no more than fits into all HBM (200 GB); local DRAM is full from 7.5 s on',
  )
})

test('without two arms to compare, or as many requests in both, time is not compared', () => {
  expect(titlesOf(onlyArms('hbm-only'))[0]).toBe('With HBM only 66.0 % of GPU time goes into computing again')
  const more: Change = ({ arms }) => {
    arms.warehouse!.window.requests = 1300
  }
  expect(titlesOf(more)[0]).toMatch(/^66\.0 % of GPU time goes into computing again without the warehouse/)
})

test('published figures pass the schema; parts sum to their segments, and the last ends with the window', () => {
  const figures = timelineFigures(recorded())
  const report: Report = { ...reportFixture(), timeline: { 'local-dram': figures } }
  expect(reportSchema.parse(report).timeline).toEqual(report.timeline)
  for (const lane of figures.lanes) {
    expect(lane.untilMs.at(-1)).toBe(figures.windowMs)
    lane.untilMs.forEach((untilMs, i) => {
      const parts = ['usefulPrefillMs', 'redundantPrefillMs', 'decodeMs', 'stalledMs', 'starvedMs'] as const
      const sum = parts.reduce((ms, part) => ms + lane[part][i]!, 0)
      expect(sum).toBeCloseTo(untilMs - (lane.untilMs[i - 1] ?? 0), 6)
    })
  }
})

test('times have as many digits as a window of their length needs', () => {
  const digits = (values: readonly number[]): number =>
    Math.max(...values.map((value) => String(value).split('.')[1]?.length ?? 0))
  const timeline = recorded()
  const decimals = 7 - Math.ceil(Math.log10(timeline.windowMs))
  expect(digits(timelineFigures(timeline).lanes[0]!.untilMs)).toBe(decimals)
})

test('a table of tenths stands behind each chart', () => {
  const { lanes, hbm, below } = tenthsOf(reportFixture(complete).timeline!)
  expect(lanes.rows).toHaveLength(40)
  expect(lanes.rows[0]).toEqual(['hbm-only, 3.82 s', '20.0 %', '15.4 %', '61.6 %', '3.0 %', '0.0 %', '0 B', '800 MB'])
  expect(hbm.rows.map(([name]) => name)).toEqual(['hbm-only', 'local-dram', 'warehouse', 'infinite-cache'])
  expect(below.rows.map(([name]) => name)).toEqual([
    'local-dram, DRAM',
    'warehouse, warehouse',
    'infinite-cache, warehouse',
  ])
})

test('the timeline is in the page once, and the rest of the report can be read', () => {
  const page = renderHtml(reportFixture(complete))
  expect(page.split('&quot;untilMs&quot;')).toHaveLength(1)
  expect(page.split('"untilMs"')).toHaveLength(1 + 8)
  expect(page).toContain('report.json, but for the columns of the timeline')
  expect(page).toContain('&quot;schemaVersion&quot;')
})

test('lanes beyond those that are kept are told of', () => {
  expect(renderHtml(reportFixture(complete))).toMatch(/Shown are the first 2 of 6[\s\u00a0]GPUs of an arm\./)
})

test('ticks are round, in the unit of what is shown', () => {
  const labels = (fromMs: number, untilMs: number): string[] => timeTicks(fromMs, untilMs, 5).map(({ label }) => label)
  expect(labels(0, 38_200)).toEqual(['0 s', '10 s', '20 s', '30 s'])
  expect(labels(0, 74_000_000)).toEqual(['0 h', '5 h', '10 h', '15 h', '20 h'])
  expect(labels(1000, 1003)).toEqual(['1,000 ms', '1,001 ms', '1,002 ms', '1,003 ms'])
  expect(timeTicks(1000, 3000, 5)[0]).toEqual({ at: 0, label: '1 s' })
})
