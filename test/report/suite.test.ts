import { expect, test } from 'vitest'
import { renderSuiteHtml } from '../../src/report/suite/html.ts'
import { suiteJsonSchema } from '../../src/report/suite/json.ts'
import { suiteSentence } from '../../src/report/suite/overview.ts'
import { suiteReport, suiteSchema } from '../../src/report/suite/suite.ts'
import { renderSuiteTerminal } from '../../src/report/suite/terminal.ts'
import { reportFixture } from './fixture.ts'

const report = reportFixture()
const suite = suiteReport('night', {
  main: { report, problems: [] },
  'a & b': { report: { ...report, createdAt: '2026-11-30T00:00:00.000Z' }, problems: ['control failed: <x>'] },
})

test('schema/suite.schema.json is the schema of the code', async () => {
  await expect(suiteJsonSchema()).toMatchFileSnapshot('../../schema/suite.schema.json')
  expect(suiteSchema.parse(JSON.parse(JSON.stringify(suite)))).toEqual(suite)
})

test('a suite is as old as its last report, and says what failed', () => {
  expect(suite.createdAt).toBe('2026-11-30T00:00:00.000Z')
  expect(suiteSentence(suite)).toBe('Suite night: 1 of 2 experiments failed: a & b.')
  const { main } = suite.experiments
  expect(suiteSentence(suiteReport('night', { main: main! }))).toBe('Suite night: 1 experiment, every check passed.')
})

test('the page leads to each report, and nothing in it is markup', () => {
  const page = renderSuiteHtml(suite)
  expect(page).toContain('<a href="main/report.html">')
  expect(page).toContain('<a href="a%20%26%20b/report.html">')
  expect(page).toContain('control failed: &lt;x&gt;')
  expect(page).not.toMatch(/<script|https?:\/\//)
})

test('the terminal has a row an experiment, within its width', () => {
  const text = renderSuiteTerminal(suite, { colour: false, width: 100, reportPath: 'out/suite.html' })
  const lines = text.split('\n')
  expect(lines.filter((line) => line.startsWith('main ') || line.startsWith('a & b'))).toHaveLength(2)
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100)
  expect(lines.at(-1)).toBe('out/suite.html')
})
