import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { answerSentence } from '../../src/report/answer.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { type Change, reportFixture } from './fixture.ts'
import { complete, dramSweep, hostile, loadLimited, noEqualService, variants, withParameters } from './variants.ts'

const reportPath = 'reports/latest/report.html'

describe.each(Object.entries(variants))('terminal of a run: %s', (_, changes) => {
  const report = reportFixture(...changes)

  test.each([60, 80, 100, 240])('fits %i columns and 24 lines, answer first, path last', (width) => {
    const lines = renderTerminal(report, { colour: false, width, reportPath }).split('\n')
    expect(lines.length).toBeLessThan(25)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.min(100, width))
    expect(lines.join(' ')).toContain(answerSentence(report).split(' ')[0]!)
    expect(lines.at(-1)).toBe(reportPath)
    expect(lines.join('\n')).not.toMatch(/NaN|undefined|Infinity|∞|N\/A|\[object/)
  })
})

test('the whole of a measured run', () => {
  const text = renderTerminal(reportFixture(), { colour: false, width: 100, reportPath })
  expect(
    text
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "At 8 conversations a GPU, 100 of these GPUs with the warehouse do the work of 333 (3.33×, 95 %
    interval of timing 3.23–3.43, fabric unlimited; planned over 5 workloads: 3.07–3.50, mean of their
    ratios 3.30×; with round-robin 4.09×); each at its own best load, planned, of at least 181, on the
    target of at least 172.

                                       hbm-only       local-dram        warehouse   infinite-cache
    tokens per GPU-second, mock            18.0             52.5             59.8             61.4
    multiplier                     the baseline            2.92×            3.33×            3.42×
      95 % interval, timing                   –        2.83–3.01        3.23–3.43        3.31–3.52
    hit rate / its ceiling         9.0 / 96.6 %    92.0 / 96.6 %    96.6 / 96.6 %    96.6 / 96.6 %
    prompt computed first / again  3.4 / 87.6 %      3.4 / 4.6 %      3.4 / 0.0 %      3.4 / 0.0 %
    prompt hit in HBM                     9.0 %           14.0 %           13.0 %           13.0 %
    prompt fetched                        0.0 %           78.0 %           83.6 %           83.6 %
    redundant prefill overhead          212.9 %            5.4 %            0.0 %            0.0 %
    GPU busy                             97.0 %           97.0 %           95.0 %           95.0 %
    GPU stalled / starved           1.0 / 2.0 %      1.0 / 2.0 %      3.0 / 2.0 %      3.0 / 2.0 %
    TTFT p50 / p95, mock time      4.1 / 20.1 s  520 ms / 2.55 s  410 ms / 2.01 s  300 ms / 1.47 s
    TPOT p50 / p95, mock time       61 / 104 ms     38 / 64.6 ms     35 / 59.5 ms     34 / 57.8 ms
    Measured: real tensors on mock GPUs of this machine, wasm, 3 repeats, 1,204 requests in the window,
    warm start. Answers: 1,204 of 1,204 requests ran in two arms or more, all with the same logits,
    53,210 KV blocks compared, planted damage was noticed. Controls: 7 of 7 as expected. Left out: 148
    requests of 15 conversations, 18,400,000 prompt tokens: longer than the context or the smallest
    pool, in every arm alike. Load: every arm saturated: none out of requests for over 10 % of its time.
    reports/latest/report.html"
  `)
})

test('what weakens the answer is told before what supports it', () => {
  const text = renderTerminal(reportFixture(loadLimited), { colour: false, width: 100, reportPath })
  expect(text).toContain('to be read as')
  expect(text.indexOf('no arm saturated')).toBeGreaterThan(0)
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

test('other readings take the place of minor rows, each in a line or two', () => {
  const text = renderTerminal(reportFixture(complete), { colour: false, width: 100, reportPath })
  expect(text).toContain(
    'Against the strongest free baseline: local-dram 1.39×, warehouse 1.58×, infinite-cache 1.62×.',
  )
  expect(text).toContain(
    'Equal service, TTFT 15 s, TPOT 100 ms: local-dram 1.73×, warehouse 2.10×, infinite-cache ≥2.32×.',
  )
  expect(text).not.toContain('prompt fetched')
  expect(text).toContain('Controls: 7 of 7 as expected.')
  expect(renderTerminal(reportFixture(noEqualService), { colour: false, width: 100, reportPath })).toContain(
    'Equal service, TTFT 15 s, TPOT 100 ms: hbm-only keeps it at no load; kept by infinite-cache.',
  )
})

test('arms that do not fit are counted; one with more GPUs shows what it does in all', () => {
  const text = renderTerminal(reportFixture(withParameters), { colour: false, width: 100, reportPath })
  expect(text).toMatch(/\+\d in report/)
  expect(text).toMatch(/tokens per second, all GPUs +71\.9 +210/)
})

test('what the load limits is no figure of capacity against the strongest baseline either', () => {
  const text = renderTerminal(reportFixture(complete, loadLimited), { colour: false, width: 100, reportPath })
  expect(text).toContain(
    'Against the strongest free baseline: local-dram 1.39×, load-limited, warehouse 1.58×, load-limited',
  )
  expect(text).toContain('Measured: real tensors')
})

test('the sweep that was asked for is told, with the arms that it moves', () => {
  const text = (...changes: readonly Change[]) =>
    renderTerminal(reportFixture(...changes), { colour: false, width: 100, reportPath })
  expect(text(dramSweep)).toContain(
    'Over dram 64GB to 1TB, planned: local-dram 1.05× to 1.86×; the others hardly move.',
  )
  expect(text(complete)).toContain('Over link 2GB/s to 160GB/s, planned: warehouse 1.00× to 3.40×.')
  const still = text(dramSweep, ({ sweep }) => {
    for (const { multiplier } of sweep!.points) multiplier['local-dram'] = multiplier.warehouse!
  })
  expect(still).toContain('Over dram 64GB to 1TB, planned: hardly moves any multiplier.')
})

test('rung, answers, controls and what was left out stay, whatever else there is to tell', () => {
  for (const [name, changes] of Object.entries(variants)) {
    const report = reportFixture(...changes)
    const text = renderTerminal(report, { colour: false, width: 100, reportPath })
    expect(text, name).toMatch(/Measured:|Planned:/)
    expect(text, name).toContain('Controls:')
    if (report.verification !== null) expect(text, name).toContain('Answers:')
    if (report.cut.requests > 0) expect(text, name).toContain('Left out:')
  }
})

test('a row of little weight makes room before one that says what users see', () => {
  const text = renderTerminal(reportFixture(complete, withParameters, loadLimited), {
    colour: false,
    width: 100,
    reportPath,
  })
  expect(text).toContain('hit rate / its ceiling')
  expect(text).toContain('TTFT p50 / p95')
  expect(text).not.toContain('GPU busy')
})
