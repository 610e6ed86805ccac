import { describe, expect, test } from 'vitest'
import { answerSentence } from '../../src/report/answer.ts'
import { firstScreen } from '../../src/report/first-screen.ts'
import { renderHtml } from '../../src/report/html.ts'
import type { Report } from '../../src/report/report.ts'
import { metricRows } from '../../src/report/tables/arms.ts'
import { reportFixture } from './fixture.ts'
import { complete, empty, hostile, hostileName, planned, timed, variants, withoutRequests } from './variants.ts'

/** The page as it is read: no style, no data, no tags. */
function textOf(page: string): string {
  return page
    .replaceAll(/<(style|script)[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('\u00a0', ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

const sections = (page: string): string[] => [...page.matchAll(/<section id="([^"]+)"/g)].map((match) => match[1]!)

describe.each(Object.entries(variants))('page of a run: %s', (_, changes) => {
  const report = reportFixture(...changes)
  const page = renderHtml(report)

  test('has the answer, and no number that is none', () => {
    expect(textOf(page)).toContain(answerSentence(report))
    expect(textOf(page)).not.toMatch(/NaN|undefined|Infinity|∞|N\/A|\[object/)
    expect(page).not.toMatch(/(?:[xyr\d]|cx|cy|d|transform)="[^"]*(?:NaN|Infinity)/)
  })

  test('stands alone: loads nothing, has one script that is its own, is under 1.5 MB', () => {
    expect(/\s(?:src|href)=|url\(|@import|<link|<iframe/.exec(page)?.[0]).toBeUndefined()
    expect(page.match(/<script(?! type="application\/json")[^>]*>/g)).toEqual(['<script>'])
    expect(page.length).toBeLessThan(1_500_000)
  })

  test('draws every chart for wide and for narrow pages, each with a label', () => {
    expect(page.split('class="wide"').length).toBe(page.split('class="narrow"').length)
    for (const [svg] of page.matchAll(/<svg [^>]*>/g)) expect(svg).toMatch(/role="img" aria-label="[^"]{10,}"/)
  })
})

test('every figure of every arm is on the page', () => {
  const report = reportFixture()
  const text = textOf(renderHtml(report))
  for (const { metric, cells } of metricRows(report)) {
    for (const shown of [metric.trim(), ...cells]) expect(text).toContain(shown)
  }
})

test('the knee first, the other findings, the belief and everything, in this order', () => {
  expect(sections(renderHtml(reportFixture()))).toEqual([
    'knee',
    'equivalents',
    'readings',
    'prompt-tokens',
    'gpu-time',
    'ttft',
    'tpot',
    'knee-elsewhere',
    'hit-rates',
    'throughput',
    'replicas',
    'belief',
    'everything',
  ])
})

test('everything that a long run adds has its place', () => {
  expect(sections(renderHtml(reportFixture(complete)))).toEqual([
    'knee',
    'equivalents',
    'readings',
    'prompt-tokens',
    'gpu-time',
    'attribution',
    'ttft',
    'tpot',
    'equal-service-1',
    'equal-service-2',
    'knee-elsewhere',
    'hit-rates',
    'throughput',
    'sweep',
    'break-even',
    'happened',
    'replicas',
    'alternatives',
    'belief',
    'everything',
  ])
})

test('what has no content has no section', () => {
  expect(sections(renderHtml(reportFixture(timed)))).not.toContain('knee')
  expect(sections(renderHtml(reportFixture(withoutRequests)))).not.toEqual(expect.arrayContaining(['ttft']))
  expect(sections(renderHtml(reportFixture(empty)))).toEqual(['belief', 'everything'])
  expect(textOf(renderHtml(reportFixture(planned)))).not.toContain('ratios of the mock')
})

/** The page above its first section, and what of it is folded. */
function firstScreenOf(page: string): { readonly open: string; readonly folded: string } {
  const head = page.slice(page.indexOf('<header>'), page.indexOf('<section id="equivalents"'))
  const box = /<div class="evidence-box">[\s\S]*?<\/details><\/div>/.exec(page)![0]
  const folded = /<details><summary>How this was measured<\/summary>[\s\S]*?<\/details>/.exec(box)![0]
  return { open: textOf(head.replace(folded, '')), folded: textOf(folded) }
}

test('the first screen: the answer, its readings, the knee, what could change one’s mind; the rest is folded', () => {
  const page = renderHtml(reportFixture(complete))
  const { answer, readings, planned, plannedHead, changes, folded } = firstScreen(reportFixture(complete))
  const told = firstScreenOf(page)
  for (const line of [answer, ...readings, plannedHead, ...planned]) expect(told.open).toContain(line)
  expect(changes.length).toBeGreaterThan(0)
  for (const { text } of changes) expect(told.open).toContain(text)
  for (const { text } of folded) {
    expect(told.folded).toContain(text)
    expect(told.open).not.toContain(text)
  }
  const [title, knee, evidence] = ['<h1>', '<section id="knee">', '<div class="evidence-box">'].map((mark) =>
    page.indexOf(mark),
  )
  expect(title).toBeLessThan(knee!)
  expect(knee).toBeLessThan(evidence!)
})

test('what failed is open on the page', () => {
  const page = renderHtml(
    reportFixture(complete, ({ controls }) => {
      Object.assign(controls[0]!, { passed: false, measured: 2 })
    }),
  )
  expect(firstScreenOf(page).open).toContain('6 of 7 as expected; failed:')
  expect(page).toContain('<dt class="unsound">Controls</dt>')
})

const kneeSection = (page: string, id: string): string | undefined =>
  new RegExp(`<section id="${id}">[\\s\\S]*?</section>`).exec(page)?.[0]

test('the first chart is the knee of the run’s own scale and router; the others stand elsewhere', () => {
  const page = renderHtml(reportFixture())
  expect(kneeSection(page, 'knee')).toContain('mock GPUs, session-affine')
  expect(kneeSection(page, 'knee')).not.toMatch(/the target, |round-robin/)
  expect(textOf(kneeSection(page, 'knee')!)).toContain('The diamond is the answer: 3.33× at 8 conversations a GPU.')
  const elsewhere = kneeSection(page, 'knee-elsewhere')!
  for (const panel of ['mock GPUs, round-robin', 'the target, session-affine', 'the target, round-robin'])
    expect(elsewhere).toContain(`: ${panel}"`)
  expect(elsewhere).not.toContain('mock GPUs, session-affine')
  expect(elsewhere).toContain('The same on the target, and with another router')
})

test('another router at one load is a row of a table, not a chart', () => {
  const oneLoad = (report: Report): void => {
    report.knee = report.knee.filter(
      ({ router, sessionsPerReplica }) => router === 'session-affine' || sessionsPerReplica === 8,
    )
  }
  const page = renderHtml(reportFixture(planned, oneLoad))
  expect(sections(page)).toContain('knee')
  expect(sections(page)).not.toContain('knee-elsewhere')
  expect(page).toContain('The table behind it: the target, round-robin')
  const measured = kneeSection(renderHtml(reportFixture(oneLoad)), 'knee-elsewhere')!
  expect(textOf(measured)).toContain('The same on the target')
  expect(textOf(measured)).not.toContain('with another router')
})

test('a knee of one point is no chart, and its table is not lost', () => {
  const page = renderHtml(
    reportFixture((report) => {
      report.knee = report.knee.filter(({ sessionsPerReplica }) => sessionsPerReplica === 8)
    }),
  )
  expect(sections(page)).not.toContain('knee')
  expect(page).toContain('The table behind it: mock GPUs, session-affine')
})

test('names are text', () => {
  const page = renderHtml(reportFixture(hostile))
  expect(page).not.toContain('<script>alert')
  expect(textOf(page)).toContain(hostileName)
})

test('the data in the page is the report', () => {
  const report = reportFixture(hostile)
  const data = /<script type="application\/json" id="report">([\s\S]*?)<\/script>/.exec(renderHtml(report))![1]!
  expect(JSON.parse(data)).toEqual(JSON.parse(JSON.stringify(report)))
})

test('points that bound and points that the load limits are told apart from exact ones', () => {
  const text = textOf(renderHtml(reportFixture()))
  expect(text).toContain('Hollow circle: load-limited, no figure of capacity.')
  expect(text).toContain('Hollow triangle pointing up: a lower bound')
  expect(text).not.toContain('Hollow triangle pointing down')
})

test('requests and draws stand under every chart', () => {
  const page = renderHtml(reportFixture(complete))
  const charts = page.split('<section').filter((section) => section.includes('<figure>'))
  expect(charts).toHaveLength(15)
  for (const chart of charts) {
    const note = /<p class="source">([^<]*)</.exec(chart)![1]!
    expect(note).toMatch(/[\d,]+ requests? .*draws?|no requests and no seeds/)
  }
})

test('on a phone the readings are lists: every cell has the name of its column', () => {
  const page = renderHtml(reportFixture(complete))
  expect(page).toContain('data-name="against the strongest free baseline">1.58×')
})

test('what is stalled has another tone than redundant prefill', () => {
  const chart = /<section id="gpu-time">[\s\S]*?<\/section>/.exec(renderHtml(reportFixture()))![0]
  expect(chart).toContain('var(--waste)')
  expect(chart).toContain('var(--waste-2)')
})

test('a loss above 1 is drawn as noise and explained', () => {
  const page = renderHtml(
    reportFixture(complete, ({ attribution }) => {
      attribution!.loss.queueing = 1.06
    }),
  )
  expect(textOf(page)).toContain('× 1.06 (noise)')
  expect(textOf(page)).toContain('A loss above 1 is noise of the windows, no gain.')
})
