import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { type Blob, blobText, readBlobs } from '../../../../src/commands/run/shard/blob.ts'
import { blobName, partOf, shardOf } from '../../../../src/commands/run/shard/shard.ts'

const here = mkdtempSync(join(tmpdir(), 'memwall-'))
afterAll(() => rmSync(here, { recursive: true }))

test('every item falls to exactly one shard, and shards differ by one at most', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 12 }), (items, count) => {
      const parts = Array.from({ length: count }, (_, i) => partOf([...items.entries()], { index: i + 1, count }))
      expect(parts.flat().sort(([a], [b]) => a - b)).toEqual([...items.entries()])
      const sizes = parts.map(({ length }) => length)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    }),
  )
})

test('what is no part of a whole is refused', () => {
  expect(shardOf('2/5')).toEqual({ index: 2, count: 5 })
  for (const text of ['0/5', '6/5', '2', '2/0', '1.5/2', '-1/2', '1/1001', 'a/b']) {
    expect(() => shardOf(text), text).toThrow(/--shard: ".*" is no part of a whole/)
  }
})

const figures = {
  tokensPerGpuSecond: 1,
  hitRate: 0.5,
  ceilingHitRate: 0.6,
  redundantPrefillOverhead: 0,
  busyShare: 1,
  stalledShare: 0,
  starvedShare: 0,
  ttftP50Ms: 1,
  ttftP95Ms: null,
  tpotP50Ms: 1,
  tpotP95Ms: 2,
}

function blob(index: number, count: number, code = 'c'): Blob {
  const options = { backend: 'model', seed: 2 }
  const plans = { [`key ${index}`]: { 'hbm-only': figures } }
  return { schemaVersion: 1, kind: 'sweep', shard: { index, count }, code, experiment: null, options, plans }
}

function folder(...blobs: readonly Blob[]): string {
  const path = mkdtempSync(join(here, 'blobs-'))
  blobs.forEach((one, i) => {
    writeFileSync(join(path, blobName({ index: i + 1, count: blobs.length })), blobText(one))
  })
  return path
}

describe('blobs', () => {
  test('are read from folders, in any order, as they were written', () => {
    expect(readBlobs([folder(blob(2, 2), blob(1, 2))])).toEqual([blob(2, 2), blob(1, 2)])
  })

  test.each<[string, () => string, RegExp]>([
    ['a missing shard', () => folder(blob(1, 3), blob(3, 3)), /merge: shard 2\/3 is missing/],
    ['a shard twice', () => folder(blob(1, 2), blob(1, 2)), /blob-2-of-2\.json: is the same shard as .*blob-1-of-2/],
    ['another version', () => folder(blob(1, 2), blob(2, 2, 'd')), /is of another run than/],
    ['another number of shards', () => folder(blob(1, 2), blob(2, 3)), /is of another run than/],
    ['an empty folder', () => folder(), /there is no blob file/],
    ['nothing at all', () => join(here, 'nowhere'), /nowhere: cannot be read/],
    [
      'no blob',
      () => {
        const path = join(here, 'x.json')
        writeFileSync(path, '{"kind":"sweep"}')
        return path
      },
      /x\.json .*Give a blob file of this version/,
    ],
    [
      'no JSON',
      () => {
        const path = join(here, 'y.json')
        writeFileSync(path, '{')
        return path
      },
      /y\.json: is no JSON/,
    ],
  ])('%s is refused', (_, path, expected) => {
    expect(() => readBlobs([path()])).toThrow(expected)
  })
})
