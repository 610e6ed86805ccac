import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { answerSentence } from '../../src/report/answer.ts'
import { evidenceLines } from '../../src/report/evidence.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { type Change, reportFixture } from './fixture.ts'
import {
  complete,
  dramSweep,
  empty,
  hostile,
  loadLimited,
  noEqualService,
  variants,
  withoutKnee,
  withParameters,
} from './variants.ts'

const reportPath = 'reports/latest/report.html'

const shown = (width: number, ...changes: readonly Change[]): string =>
  renderTerminal(reportFixture(...changes), { colour: false, width, reportPath })
const detailed = (width: number, ...changes: readonly Change[]): string =>
  renderTerminal(reportFixture(...changes), { colour: false, width, reportPath, details: true })
/** Broken lines put together. */
const joined = (text: string): string => text.replaceAll(/\s+/g, ' ')

describe.each(Object.entries(variants))('terminal of a run: %s', (_, changes) => {
  const report = reportFixture(...changes)

  test.each([1, 40, 60, 80, 100, 240])(
    'at %i columns: 14 lines, the answer whole and first, the path last',
    (width) => {
      const lines = shown(width, ...changes).split('\n')
      expect(lines.length).toBeLessThanOrEqual(14)
      for (const line of lines) {
        expect(line.length).toBeLessThanOrEqual(Math.max(40, Math.min(100, width)))
        expect(line).toBe(line.trimEnd())
      }
      expect(joined(lines.join('\n')).startsWith(answerSentence(report))).toBe(true)
      expect(lines.at(-1)).toMatch(/^reports\/latest\/report\.html/)
      expect(lines.join('\n')).toContain('--details')
      expect(lines.join('\n')).not.toMatch(/NaN|undefined|Infinity|∞|N\/A|\[object/)
    },
  )

  test.each([40, 60, 80, 100])('with details at %i columns: every line of evidence, whole', (width) => {
    const text = detailed(width, ...changes)
    for (const line of text.split('\n')) {
      expect(line.length).toBeLessThanOrEqual(width)
      expect(line).toBe(line.trimEnd())
    }
    for (const { topic, text: told } of evidenceLines(report))
      expect(joined(text)).toContain(joined(`${topic}: ${told}`))
    expect(text).not.toMatch(/NaN|undefined|Infinity|∞|N\/A|\[object/)
  })
})

test('the whole of a measured run', () => {
  expect(shown(100, complete)).toMatchInlineSnapshot(`
    "The warehouse is worth 3.33× at 8 conversations a GPU (3.23–3.43).
      100 GPUs with the warehouse do the work of 333 with HBM only.
    Planned, on the same machine’s cost model:
      Against the best you can do for free (session affinity, longest-prefix-first, host DRAM): 1.58×.
      Each at its own best load, against HBM only: at least 1.81×.
      Nothing below 5 conversations; 3.3× from 8 on.
                                   hbm-only       local-dram        warehouse   infinite-cache
    worth                      the baseline            2.92×            3.33×            3.42×
    hit rate / its ceiling     9.0 / 96.6 %    92.0 / 96.6 %    96.6 / 96.6 %    96.6 / 96.6 %
    TTFT p50 / p95, mock time  4.1 / 20.1 s  520 ms / 2.55 s  410 ms / 2.01 s  300 ms / 1.47 s
    Single windows: one window of 2,000 requests may show 2.66–3.99, as planned; you will see one such
    window, not the mean.
    Fabric: unlimited: no total is stated for weka-amg, each GPU link and host is the only limit.
    reports/latest/report.html  --details shows all"
  `)
})

test('a narrow terminal leaves out readings and columns, never what failed', () => {
  const failing: Change = (report) => {
    report.partial = true
    report.verification!.mismatches = 3
    Object.assign(report.controls[0]!, { passed: false, measured: 2 })
  }
  for (const width of [40, 60, 80, 100]) {
    const text = joined(shown(width, complete, failing))
    expect(text, String(width)).toMatch(/! Partial: .*! Answers: 3 comparisons differ/)
    if (width >= 60) expect(text).toContain('! Controls: 6 of 7 as expected; failed:')
  }
  expect(
    shown(40, complete)
      .split('\n')
      .filter((line) => line.includes('warehouse')),
  ).not.toEqual([])
})

test('what weakens the answer is marked, and told before what is only good to know', () => {
  const text = shown(100, loadLimited)
  expect(text).toContain('! Load: no arm saturated')
  expect(text.indexOf('! Load')).toBeLessThan(text.indexOf('Single windows'))
  expect(text).toContain('No gain shows at 2 conversations a GPU, where GPUs wait for work: 1.01× (0.990–1.03).')
})

test('bounds stand beside the figures of the table', () => {
  const text = shown(100, ({ multiplier }) => {
    Object.assign(multiplier.warehouse!, { bound: 'lower' })
    Object.assign(multiplier['local-dram']!, { bound: 'upper' })
  })
  expect(text).toMatch(/^worth +the baseline +≤ 2\.92× +≥ 3\.33× +3\.42×$/m)
})

test('colour changes no character, and there is none unless asked for', () => {
  const plain = renderTerminal(reportFixture(), { colour: false, width: 100, reportPath })
  const coloured = renderTerminal(reportFixture(), { colour: true, width: 100, reportPath })
  expect(plain).toBe(stripVTControlCharacters(plain))
  expect(coloured).not.toBe(plain)
  expect(stripVTControlCharacters(coloured)).toBe(plain)
})

test('control characters of names do not reach the terminal', () => {
  const report = reportFixture(hostile, ({ controls }) => {
    controls[0]!.name = 'a\u001b[31mb'
  })
  expect(renderTerminal(report, { colour: false, width: 100, reportPath })).not.toContain('\u001b')
})

test('with details other readings of the multiplier, other routers and the sweep are told', () => {
  const text = detailed(100, complete)
  expect(text).toContain(
    'Against the strongest free baseline: local-dram 1.39×, warehouse 1.58×, infinite-cache 1.62×.',
  )
  expect(text).toContain(
    'Equal service, TTFT 15 s, TPOT 100 ms: local-dram 1.73×, warehouse 2.10×, infinite-cache ≥2.32×.',
  )
  expect(text).toContain('With round-robin, planned: local-dram 3.60×; warehouse 4.09×; infinite-cache 4.21×.')
  expect(text).toContain('prompt fetched')
  expect(detailed(100, noEqualService)).toContain(
    'Equal service, TTFT 15 s, TPOT 100 ms: hbm-only keeps it at no load; kept by infinite-cache.',
  )
})

test('arms that do not fit are counted; one with more GPUs shows what it does in all', () => {
  expect(shown(100, withParameters)).toMatch(/\+\d in report/)
  expect(detailed(100, withParameters)).toMatch(/\+\d in report/)
  expect(detailed(100, withParameters)).toMatch(/tokens per second, all GPUs +71\.9 +210/)
})

test('with details no arm is left out for the length of a label', () => {
  const text = detailed(100, complete)
  expect(text).not.toContain('in report')
  expect(text).toMatch(/^tokens per GPU-second, measured +18\.0 +52\.5 +59\.8 +61\.4$/m)
})

test('what the load limits is no figure of capacity against the strongest baseline either', () => {
  expect(joined(detailed(100, complete, loadLimited))).toContain(
    'Against the strongest free baseline: local-dram 1.39×, load-limited, warehouse 1.58×, load-limited',
  )
})

test('the sweep that was asked for is told, with the arms that it moves', () => {
  const text = (...changes: readonly Change[]) => joined(detailed(100, ...changes))
  expect(text(dramSweep)).toContain(
    'Over dram 64GB to 1TB, planned: local-dram 1.05× to 1.86×; the others hardly move.',
  )
  expect(text(complete)).toContain('Over link 2GB/s to 160GB/s, planned: warehouse 1.00× to 3.40×.')
  const still = text(dramSweep, ({ sweep }) => {
    for (const { multiplier } of sweep!.points) multiplier['local-dram'] = multiplier.warehouse!
  })
  expect(still).toContain('Over dram 64GB to 1TB, planned: hardly moves any multiplier.')
})

test('without arms there is no table, and the answer says so once', () => {
  expect(shown(100, empty).match(/No arm has figures/g)).toHaveLength(1)
  expect(shown(100, empty)).not.toContain('hit rate')
})

test('a single line of readings stands without a head of planned ones', () => {
  expect(shown(100, withoutKnee)).not.toContain('Planned, on the same machine’s cost model')
})
