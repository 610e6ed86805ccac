import { expect, test } from 'vitest'
import { parameterAxis } from '../../src/report/page/charts/load/axis.ts'

const places = (...values: readonly string[]): number[] => parameterAxis('x', values).ticks.map(({ at }) => at)

test('numbers are an axis, logarithmic when they span over a decade', () => {
  expect(parameterAxis('context', ['2k', '10k', '100k'])).toMatchObject({
    type: 'log',
    domain: [2000, 100_000],
    title: 'context, log scale',
    joined: true,
  })
  expect(parameterAxis('mfu', ['0.4', '0.5', '0.6'])).toMatchObject({ type: 'linear', title: 'mfu' })
  expect(parameterAxis('latency', ['0', '100'])).toMatchObject({ type: 'linear' })
  expect(parameterAxis('load', ['4'], true)).toMatchObject({ type: 'log', domain: [2, 8] })
})

test('units are read, and values come in their order', () => {
  expect(places('40GB/s', '500MB/s')).toEqual([5e8, 4e10])
  expect(places('1,000', '1_500', '2e3')).toEqual([1000, 1500, 2000])
  expect(places('10ms', '1s')).toEqual([0.01, 1])
})

test('names are categories in the order given, and nothing joins them', () => {
  expect(parameterAxis('kv', ['bf16', 'fp8', 'int8'])).toMatchObject({
    joined: false,
    ticks: [
      { at: 0, label: 'bf16' },
      { at: 1, label: 'fp8' },
      { at: 2, label: 'int8' },
    ],
  })
  expect(parameterAxis('mixed', ['1', 'all']).joined).toBe(false)
  expect(parameterAxis('units', ['1s', '1GB']).joined).toBe(false)
})
