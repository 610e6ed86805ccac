import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { refuseUnwritable, reportFolder } from '../../../src/commands/run/out-folder.ts'

const here = mkdtempSync(join(tmpdir(), 'memwall-'))
afterAll(() => rmSync(here, { recursive: true }))

function folderWith(report: string | undefined): string {
  const folder = mkdtempSync(join(here, 'out-'))
  if (report !== undefined) writeFileSync(join(folder, 'report.json'), report)
  return folder
}

test('a partial report does not take the place of a complete one', () => {
  const complete = folderWith('{"partial":false}')
  expect(reportFolder(complete, true)).toBe(join(complete, 'partial'))
  expect(reportFolder(complete, false)).toBe(complete)
})

test('a partial report takes the place of nothing, or of another partial one', () => {
  for (const folder of [folderWith(undefined), folderWith('{"partial":true}'), join(here, 'not-there')]) {
    expect(reportFolder(folder, true)).toBe(folder)
  }
})

test('what cannot be read may have been complete', () => {
  for (const report of ['{', 'null', '[]']) {
    const folder = folderWith(report)
    expect(reportFolder(folder, true)).toBe(join(folder, 'partial'))
  }
})

test('below a file there is no folder', () => {
  const path = join(folderWith('mine'), 'report.json')
  for (const folder of [path, join(path, 'sub'), join(path, 'sub/deeper')]) {
    expect(() => refuseUnwritable('--out', folder)).toThrow(`--out: "${path}" is a file. Give a folder.`)
  }
})

test('what may be written to is left as it was', () => {
  const folder = folderWith(undefined)
  mkdirSync(join(folder, 'there'))
  refuseUnwritable('--out', join(folder, 'there/not/yet'))
  expect(readdirSync(folder, { recursive: true })).toEqual(['there'])
})
