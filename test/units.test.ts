import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatBytes,
  formatMs,
  formatNumber,
  formatRatio,
  formatShare,
  parseBytes,
  parseBytesPerMs,
  parseCount,
  parseMs,
} from '../src/units.ts'

describe('quantities as people write them', () => {
  test.each([
    ['1600', 1600],
    ['1,600', 1600],
    ['12_000', 12_000],
    ['100k tokens', 100_000],
    ['2.5k', 2500],
    ['1M', 1e6],
  ])('count %s', (text, expected) => expect(parseCount(text, 'x')).toBe(expected))

  test.each([
    ['288 GB', 288e9],
    ['288GB', 288e9],
    ['12 GiB', 12 * 2 ** 30],
    ['512 MiB', 512 * 2 ** 20],
    ['1.5 TB', 1.5e12],
  ])('size %s', (text, expected) => expect(parseBytes(text, 'x')).toBeCloseTo(expected, 3))

  test.each([
    ['37.5 GB/s', 37.5e6],
    ['8.0 TB/s', 8e9],
  ])('bandwidth %s', (text, expected) => expect(parseBytesPerMs(text, 'x') / expected).toBeCloseTo(1, 12))

  test.each([
    ['45s', 45_000],
    ['5 min', 300_000],
    ['0.5 ms', 0.5],
    ['300 us', 0.3],
  ])('time %s', (text, expected) => expect(parseMs(text, 'x')).toBeCloseTo(expected, 9))

  test.each(['40 gb', '40 Gb', '40', 'GB', '-3 GB', '3 m', '3 GB/s', ''])('size "%s" is refused', (text) =>
    expect(() => parseBytes(text, '--dram')).toThrow(/^--dram: /),
  )

  test.each(['', 'many', '1.2.3', '-5', 'NaN', '1e400'])('count "%s" is refused', (text) =>
    expect(() => parseCount(text, '--gpus')).toThrow(/^--gpus: /),
  )

  test('every whole count reads back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (n) => {
        expect(parseCount(n.toLocaleString('en-US'), 'x')).toBe(n)
      }),
      { seed: 1 },
    )
  })
})

test('figures have three significant digits and their unit', () => {
  expect(formatNumber(12_345.6)).toBe('12,300')
  expect(formatRatio(3.8351)).toBe('3.84×')
  expect(formatRatio(4)).toBe('4.00×')
  expect(formatShare(0.6123)).toBe('61.2 %')
  expect([formatMs(0.25), formatMs(23.84), formatMs(12_345)]).toEqual(['250 µs', '23.8 ms', '12.3 s'])
  expect([formatBytes(16_384), formatBytes(3.28e9), formatBytes(Number.POSITIVE_INFINITY)]).toEqual([
    '16.4 kB',
    '3.28 GB',
    'unlimited',
  ])
})
