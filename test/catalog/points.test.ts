import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readPoints } from '../../src/catalog/points.ts'

const here = mkdtempSync(join(tmpdir(), 'memwall-points-'))
afterAll(() => rmSync(here, { recursive: true }))

function read(text: string) {
  const path = join(here, 'points.csv')
  writeFileSync(path, text)
  return readPoints(path)
}

it('reads lengths and seconds alone as prefills', () => {
  const point = { kind: 'prefill', batch: 1, bytes: undefined, hasAllReduce: true }
  expect(read('context_tokens,seconds\n1000,0.05\r\n\n# slow day\n2e3, 0.1\n')).toEqual([
    { ...point, contextTokens: 1000, ms: 50 },
    { ...point, contextTokens: 2000, ms: 100 },
  ])
})

it('reads every column in any order', () => {
  expect(
    read('seconds,kind,batch,context_tokens,bytes,all_reduce\n0.01,decode,4,1000,,no\n0.02,h2d,,64,1e9,\n'),
  ).toEqual([
    { kind: 'decode', contextTokens: 1000, batch: 4, ms: 10, bytes: undefined, hasAllReduce: false },
    { kind: 'h2d', contextTokens: 64, batch: 1, ms: 20, bytes: 1e9, hasAllReduce: true },
  ])
})

it.each<[string, RegExp]>([
  ['', /points\.csv: is empty/],
  ['context_tokens,seconds\n', /points\.csv: has no points/],
  ['context_tokens,second\n1,1', /points\.csv:1: unknown column "second"\. Did you mean "seconds"\?/],
  ['kind,context_tokens\nprefill,1', /points\.csv:1: no column "seconds"/],
  ['context_tokens,seconds\n1,2,3', /points\.csv:2: has 3 cells, the header 2/],
  ['context_tokens,seconds\n1,abc', /points\.csv:2 seconds: "abc" is no number/],
  ['context_tokens,seconds\n\n1,0', /points\.csv:3 seconds: is 0/],
  ['context_tokens,seconds\n1,2e6', /points\.csv:2 seconds: is 2000000\. It must be at most 1,000,000\./],
  ['context_tokens,seconds\n1.5,1', /points\.csv:2 context_tokens: is 1\.5/],
  ['context_tokens,seconds\n,1', /points\.csv:2 context_tokens: is missing/],
  ['kind,context_tokens,seconds\ntrain,1,1', /points\.csv:2 kind: unknown kind "train"/],
  ['kind,context_tokens,seconds,bytes\nh2d,1,1,', /points\.csv:2 bytes: is missing/],
  ['context_tokens,batch,seconds\n1,2,1', /points\.csv:2 batch: is 2, but a prefill is of one sequence/],
  ['context_tokens,seconds,all_reduce\n1,1,maybe', /points\.csv:2 all_reduce: is "maybe"/],
])('refuses %j', (text, expected) => {
  expect(() => read(text)).toThrow(expected)
})

it('refuses a file that is not there', () => {
  expect(() => readPoints(join(here, 'nowhere.csv'))).toThrow('--points: cannot read')
})
