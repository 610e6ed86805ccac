import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { environmentFingerprint } from '../../src/history/environment.ts'
import { appendRecord, readHistory } from '../../src/history/history-folder.ts'
import { figure, record } from './records.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'memwall-history-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a line a record, a file an experiment, and back again', () => {
  const records = [1, 2, 3].map((night) => record(night, [figure('a', night)]))
  for (const one of records) appendRecord(folder, one)
  appendRecord(folder, record(1, [], { experiment: 'other' }))
  expect(readdirSync(folder).sort()).toEqual(['nightly.jsonl', 'other.jsonl'])
  expect(readHistory(folder).get('nightly')).toEqual(records)
})

test('names that a path would take apart stay in the folder', () => {
  appendRecord(folder, record(1, [], { experiment: '../../etc/x y' }))
  expect(readdirSync(folder)).toEqual(['etc-x-y.jsonl'])
  expect([...readHistory(folder).keys()]).toEqual(['../../etc/x y'])
})

test.each([
  ['a torn line', '{"schemaVersion":1,"exper', /nightly\.jsonl:2: is no whole line of JSON.* Delete the line\./],
  ['a line of something else', '{"a":1}', /nightly\.jsonl:2: is no record of this version: /],
  [
    'a record of a later version',
    JSON.stringify({ ...record(2, []), schemaVersion: 2 }),
    /nightly\.jsonl:2: is no record of this version: schemaVersion is 2; it must be 1\./,
  ],
])('%s is told with file and line', (_, line, expected) => {
  const path = appendRecord(folder, record(1, []))
  appendFileSync(path, line)
  expect(() => readHistory(folder)).toThrow(expected)
})

test('what is appended after a torn line does not run into it', () => {
  const path = appendRecord(folder, record(1, []))
  appendFileSync(path, '{"torn')
  appendRecord(folder, record(2, []))
  expect(
    readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.slice(0, 6)),
  ).toEqual(['{"sche', '{"torn', '{"sche', ''])
})

test('other files are passed over, empty lines too', () => {
  writeFileSync(join(folder, 'notes.txt'), 'mine')
  writeFileSync(join(folder, 'nightly.jsonl'), `\n${JSON.stringify(record(1, []))}\n\n`)
  expect(readHistory(folder).get('nightly')).toHaveLength(1)
})

test('a fingerprint moves with what moves timings, and with nothing else', () => {
  const here = { memwall: '1', node: '20.1.0', cpu: 'x', cores: '2', system: 'linux 6.8.0-31', kernels: 'simd' }
  const print = environmentFingerprint(here)
  for (const same of [{ memwall: '2' }, { node: '20.9.1' }, { system: 'linux 6.8.0-99' }]) {
    expect(environmentFingerprint({ ...here, ...same })).toBe(print)
  }
  for (const other of [{ node: '22.0.0' }, { cpu: 'y' }, { cores: '4' }, { system: 'linux 6.9.0' }, { kernels: 'z' }]) {
    expect(environmentFingerprint({ ...here, ...other })).not.toBe(print)
  }
})
