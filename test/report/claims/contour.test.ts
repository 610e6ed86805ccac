import { expect, test } from 'vitest'
import { contour } from '../../../src/report/claims/charts/contour.ts'

test('a plane is cut along a straight line, halfway between its points', () => {
  const values = [0, 1, 2].map(() => [0, 1, 2])
  expect(contour(values, 0.5)).toEqual([
    { x1: 0.5, y1: 0, x2: 0.5, y2: 1 },
    { x1: 0.5, y1: 1, x2: 0.5, y2: 2 },
  ])
})

test('a peak is surrounded', () => {
  const values = [
    [0, 0, 0],
    [0, 4, 0],
    [0, 0, 0],
  ]
  const pieces = contour(values, 2)
  expect(pieces).toHaveLength(4)
  for (const { x1, y1, x2, y2 } of pieces) {
    expect(Math.abs(x1 - 1) + Math.abs(y1 - 1)).toBeCloseTo(0.5)
    expect(Math.abs(x2 - 1) + Math.abs(y2 - 1)).toBeCloseTo(0.5)
  }
})

test('there is none where all values lie on one side, and none beside a missing value', () => {
  expect(
    contour(
      [
        [1, 2],
        [3, 4],
      ],
      5,
    ),
  ).toEqual([])
  expect(
    contour(
      [
        [1, Number.NaN],
        [3, 4],
      ],
      2,
    ),
  ).toEqual([])
  expect(contour([[1, 3]], 2)).toEqual([])
})
