import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { commentMarker } from '../../../src/report/ci/formats/comment.ts'
import { figureName, runOfReport, runsOfSuite } from '../../../src/report/ci/named-run.ts'
import { pointRows } from '../../../src/report/ci/point-rows.ts'
import { ciFormats } from '../../../src/report/ci/registry.ts'
import { figuresOf } from '../../../src/report/figures.ts'
import { suiteReport } from '../../../src/report/suite/suite.ts'
import { reportFixture } from '../fixture.ts'
import { parseXml } from '../parse-xml.ts'
import { parseOpenMetrics } from './open-metrics.ts'

const report = reportFixture()
const hostile = 'a "b", <c>\n| d \\ `e` &'
const suite = suiteReport('night', {
  main: { report, problems: [] },
  [hostile]: { report: { ...report, partial: true }, problems: ['control failed: x <y>'] },
})
const runs = runsOfSuite(suite)

function files(name: string, from = runs): Record<string, string> {
  return Object.fromEntries(ciFormats.find((format) => format.name === name)!.render(from))
}

/** Bencher's own schema, https://bencher.dev/bmf.json. */
const bencherSchema = {
  type: 'object',
  patternProperties: {
    '.+': {
      type: 'object',
      patternProperties: {
        '.+': {
          type: 'object',
          properties: {
            value: { type: 'number' },
            lower_value: { type: 'number' },
            upper_value: { type: 'number' },
          },
          required: ['value'],
        },
      },
    },
  },
}

/** As the README of github-action-benchmark describes an entry. */
const benchmarkSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      name: { type: 'string' },
      unit: { type: 'string', minLength: 1 },
      value: { type: 'number' },
      range: { type: 'string' },
      extra: { type: 'string' },
    },
    required: ['name', 'unit', 'value'],
    additionalProperties: false,
  },
}

/** As shields.io describes an endpoint's answer. */
const badgeSchema = {
  type: 'object',
  properties: {
    schemaVersion: { const: 1 },
    label: { type: 'string', minLength: 1 },
    message: { type: 'string', minLength: 1 },
    color: { enum: ['blue', 'orange', 'lightgrey', 'success', 'critical', 'informational'] },
  },
  required: ['schemaVersion', 'label', 'message'],
  additionalProperties: false,
}

function valid(schema: object, text: string): unknown {
  const validate = new Ajv({ allErrors: true }).compile(schema)
  const data: unknown = JSON.parse(text)
  validate(data)
  expect(validate.errors ?? []).toEqual([])
  return data
}

test('every format has a name of its own, a file or more, and a source', () => {
  const names = ciFormats.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)].sort())
  const rendered = ciFormats.flatMap(({ render }) => render(runs).map(([file]) => file))
  expect(new Set(rendered).size).toBe(rendered.length)
  for (const { source } of ciFormats) expect(source).toMatch(/^https:\/\//)
})

describe('each format is what its reader takes', () => {
  test('bencher', () => {
    const data = valid(bencherSchema, files('bencher')['bencher.json']!) as Record<string, Record<string, object>>
    const { value, low, high } = report.multiplier.warehouse!
    expect(data['main/warehouse']!['multiplier (×)']).toEqual({ value, lower_value: low, upper_value: high })
    for (const measures of Object.values(data)) {
      for (const measure of Object.keys(measures)) expect(measure.length).toBeLessThanOrEqual(64)
    }
  })

  test('github-benchmark: what is better bigger and better smaller stand apart', () => {
    const rendered = files('github-benchmark')
    const names = (file: string): string[] =>
      (valid(benchmarkSchema, rendered[file]!) as { name: string }[]).map(({ name }) => name)
    const bigger = names('benchmark-bigger-is-better.json')
    const smaller = names('benchmark-smaller-is-better.json')
    expect(bigger).toContain('main/warehouse/multiplier')
    expect(smaller).toContain('main/warehouse/TTFT p50')
    expect(bigger.filter((name) => smaller.includes(name))).toEqual([])
    expect(new Set([...bigger, ...smaller]).size).toBe(bigger.length + smaller.length)
  })

  test('badges', () => {
    const rendered = files('badges')
    for (const text of Object.values(rendered)) valid(badgeSchema, text)
    expect(JSON.parse(rendered['badges/main-multiplier.json']!)).toMatchObject({ message: '3.33× (3.23–3.43)' })
    expect(JSON.parse(rendered['badges/main-checks.json']!)).toMatchObject({ message: 'passed' })
    const failed = Object.keys(rendered).filter((file) => JSON.parse(rendered[file]!).message === 'failed')
    expect(failed).toEqual([expect.stringMatching(/^badges\/a-[\w-]+-checks\.json$/)])
  })

  test('openmetrics: every figure once, times in seconds', () => {
    const families = parseOpenMetrics(files('openmetrics')['metrics.txt']!)
    const samples = families.flatMap(({ samples: some }) => some)
    const figures = figuresOf(report)
    const intervals = figures.filter(({ low }) => low !== null).length * 2
    expect(samples).toHaveLength(2 * (figures.length + intervals))
    const ttft = families.find(({ name }) => name === 'memwall_ttft_p50_seconds')!
    expect(ttft.samples.map(({ labels }) => labels.experiment)).toContain(hostile)
    const own = ttft.samples.find(({ labels }) => labels.arm === 'warehouse' && labels.experiment === 'main')!
    expect(own.value).toBeCloseTo(report.arms.warehouse!.ttftMs.p50! / 1000, 12)
  })

  test('csv: a row a figure, quoted where needed', () => {
    const rows = parseCsv(files('csv')['figures.csv']!)
    const points = pointRows(report)
    const plans = new Set(points.map(({ plan }) => plan))
    const own = figuresOf(report).filter((figure) => !plans.has(figureName(figure).plan))
    expect(rows).toHaveLength(1 + 2 * (own.length + points.length))
    expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([15]))
    expect(rows.at(-1)![0]).toBe(hostile)
  })

  test('junit: what every run must prove is a case, and what failed fails', () => {
    const suites = parseXml(files('junit')['junit.xml']!)
    const suite = suites.children[0]!
    const cases = suite.children.filter(({ name }) => name === 'testcase')
    const failed = cases.filter(({ children }) => children.some(({ name }) => name === 'failure'))
    expect(cases).toHaveLength(2 * (3 + report.controls.length))
    expect(suite.attributes).toMatchObject({ tests: String(cases.length), failures: '1' })
    expect(failed.map(({ attributes }) => attributes.name)).toEqual(['run is complete and without problems'])
    expect(failed[0]!.children[0]!.text).toBe('interrupted')
  })

  test('comment: marked, short enough, nothing in it is markup', () => {
    const text = files('comment')['comment.md']!
    expect(text.startsWith(`${commentMarker}\n`)).toBe(true)
    expect(text.length).toBeLessThanOrEqual(65_536)
    expect(text).not.toContain('<c>')
    expect(text).toContain('failed: control failed: x &lt;y\\>')
  })

  test('summary: of one run its report, of several an overview with each report folded', () => {
    expect(files('summary', [runOfReport(report)])['summary.md']).toMatch(/^\*\*The warehouse is worth 3\.33×/)
    const text = files('summary')['summary.md']!
    expect(text).toMatch(/^\*\*Suite memwall: 1 of 2 experiments failed/)
    // Each report, and what it folds itself.
    expect(text.match(/<details>/g)).toHaveLength(4)
    expect(text).not.toContain('<c>')
  })

  test('summary: stays within what GitHub takes', () => {
    const many = Array.from({ length: 70 }, (_, i) => ({ ...runOfReport(report), experiment: `e${i}` }))
    const text = files('summary', many)['summary.md']!
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024 * 1024)
    expect(text.match(/<details>/g)!.length).toBeGreaterThan(10)
  })
})

test('a report alone tells what failed it', () => {
  expect(runOfReport(report).problems).toEqual([])
  const verification = { ...report.verification!, mismatches: 3, mutantDetected: false }
  const controls = [{ name: 'equal arms', measured: 2, low: 0.9, high: 1.1, passed: false }]
  expect(runOfReport({ ...report, verification, controls }).problems).toEqual([
    '3 answers differ between arms',
    'a damaged block was not noticed',
    'control failed: equal arms',
  ])
})

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  expect(text.endsWith('\r\n')).toBe(true)
  const rows: string[][] = [[]]
  let at = 0
  const cell = /"((?:[^"]|"")*)"|([^",\r\n]*)/y
  while (at < text.length) {
    cell.lastIndex = at
    const [whole, quoted, plain] = cell.exec(text)!
    rows.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'))
    at += whole.length
    if (text.startsWith('\r\n', at)) {
      rows.push([])
      at += 2
    } else if (text[at] === ',') at++
    else throw new Error(`no separator at ${at}`)
  }
  return rows.slice(0, -1)
}
