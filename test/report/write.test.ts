import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { reportSchema } from '../../src/report/report.ts'
import { writeReport } from '../../src/report/write.ts'
import { reportFixture } from './fixture.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'memwall-report-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test('three files and nothing else; report.json passes its schema and is the report', () => {
  const out = join(directory, 'a', 'b')
  writeReport(out, reportFixture())
  expect(readdirSync(out).sort()).toEqual(['report.html', 'report.json', 'report.md'])
  const read = reportSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')))
  expect(read).toEqual(reportFixture())
})

test('replaces an older report', () => {
  writeFileSync(join(directory, 'report.md'), 'old')
  writeReport(directory, reportFixture())
  expect(readFileSync(join(directory, 'report.md'), 'utf8')).toContain(
    '**The warehouse is worth 3.33× at 8 conversations a GPU (3.23–3.43).**',
  )
})

test('a report that cannot be rendered leaves the older one untouched', () => {
  writeReport(directory, reportFixture())
  const before = readFileSync(join(directory, 'report.json'), 'utf8')
  const broken = reportFixture((report) => {
    Object.assign(report, { controls: undefined })
  })
  expect(() => writeReport(directory, broken)).toThrow()
  expect(readFileSync(join(directory, 'report.json'), 'utf8')).toBe(before)
})

test('no temporary file stays behind when a file cannot be put in place', () => {
  mkdirSync(join(directory, 'report.md', 'occupied'), { recursive: true })
  expect(() => writeReport(directory, reportFixture())).toThrow()
  expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([])
})
