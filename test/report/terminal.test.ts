import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { answerSentence } from '../../src/report/answer.ts'
import { evidenceLines } from '../../src/report/evidence.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { type Change, reportFixture } from './fixture.ts'
import { complete, dramSweep, hostile, loadLimited, noEqualService, variants, withParameters } from './variants.ts'

const reportPath = 'reports/latest/report.html'

const render = (width: number, details: boolean, ...changes: readonly Change[]): string =>
  renderTerminal(reportFixture(...changes), { colour: false, width, reportPath, details })

describe.each(Object.entries(variants))('terminal of a run: %s', (_, changes) => {
  const report = reportFixture(...changes)

  test.each([60, 80, 100, 240])('fits %i columns and 14 lines, answer first, path last', (width) => {
    const lines = render(width, false, ...changes).split('\n')
    expect(lines.length).toBeLessThanOrEqual(14)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.min(100, width))
    expect(lines.join(' ')).toContain(answerSentence(report).split(' ')[0]!)
    expect(lines.at(-1)).toBe(`${reportPath}  --details shows all`)
    expect(lines.join('\n')).not.toMatch(/NaN|undefined|Infinity|∞|N\/A|\[object/)
  })

  test('shows with --details every row and every line that the answer rests on', () => {
    const text = render(100, true, ...changes)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
    for (const { topic } of evidenceLines(report)) expect(text).toContain(`${topic}: `)
    expect(text).not.toMatch(/NaN|undefined|Infinity|∞|N\/A|\[object/)
  })
})

test('the whole of a measured run', () => {
  expect(
    render(100, false, complete)
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "The warehouse is worth 3.33× at 8 conversations a GPU (3.2–3.4).
      100 GPUs with the warehouse do the work of 333 with HBM only.
    Planned, on the same machine’s cost model:
      Against the best you can do for free (session affinity, longest-prefix first, host DRAM): 1.58×.
      Each at its own best load: at least 1.81×.
      Nothing below 5 conversations; 3.3× from 8 on.

                                   hbm-only       local-dram        warehouse   infinite-cache
    worth                      the baseline            2.92×            3.33×            3.42×
    hit rate / its ceiling     9.0 / 96.6 %    92.0 / 96.6 %    96.6 / 96.6 %    96.6 / 96.6 %
    TTFT p50 / p95, mock time  4.1 / 20.1 s  520 ms / 2.55 s  410 ms / 2.01 s  300 ms / 1.47 s
    Single windows: one window of 2,000 requests, such as your own week, may show 2.83–3.83.
    Fabric: unlimited: no total is stated for weka-amg, each GPU link and host is the only limit.
    reports/latest/report.html  --details shows all"
  `)
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

test('with --details other readings stand beneath, each in a line or two', () => {
  const text = render(100, true, complete)
  expect(text).toContain(
    'Against the strongest free baseline: local-dram 1.39×, warehouse 1.58×, infinite-cache 1.62×.',
  )
  expect(text).toContain(
    'Equal service, TTFT 15 s, TPOT 100 ms: local-dram 1.73×, warehouse 2.10×, infinite-cache ≥2.32×.',
  )
  expect(text).toContain('Controls: 7 of 7 as expected.')
  expect(render(100, true, noEqualService)).toContain(
    'Equal service, TTFT 15 s, TPOT 100 ms: hbm-only keeps it at no load; kept by infinite-cache.',
  )
})

test('arms that do not fit are counted; one with more GPUs shows what it does in all', () => {
  const text = render(100, true, withParameters)
  expect(text).toMatch(/\+\d in report/)
  expect(text).toMatch(/tokens per second, all GPUs +71\.9 +210/)
})

test('what the load limits is no figure of capacity against the strongest baseline either', () => {
  const text = render(100, true, complete, loadLimited)
  expect(text).toContain(
    'Against the strongest free baseline: local-dram 1.39×, load-limited, warehouse 1.58×, load-limited',
  )
  expect(render(100, false, loadLimited)).toMatch(/worth +the baseline +≈ 1\.01×/)
})

test('the sweep that was asked for is told, with the arms that it moves', () => {
  const text = (...changes: readonly Change[]) => render(100, true, ...changes)
  expect(text(dramSweep)).toContain(
    'Over dram 64GB to 1TB, planned: local-dram 1.05× to 1.86×; the others hardly move.',
  )
  expect(text(complete)).toContain('Over link 2GB/s to 160GB/s, planned: warehouse 1.00× to 3.40×.')
  const still = text(dramSweep, ({ sweep }) => {
    for (const { multiplier } of sweep!.points) multiplier['local-dram'] = multiplier.warehouse!
  })
  expect(still).toContain('Over dram 64GB to 1TB, planned: hardly moves any multiplier.')
})

test('a failure is on the first screen, whatever else there is to tell', () => {
  for (const [name, changes] of Object.entries(variants)) {
    const failing: Change = ({ controls }) => {
      for (const control of controls) Object.assign(control, { passed: false })
    }
    if (reportFixture(...changes).controls.length === 0) continue
    expect(render(100, false, ...changes, failing), name).toContain('! Controls: 0 of ')
  }
})
