import { expect, test } from 'vitest'
import { clearOf, labelBeneath, labelBeside } from '../../src/report/page/charts/labels.ts'
import { textWidth } from '../../src/report/page/charts/plot.ts'

const text = 'a label of twenty-five le'
const width = textWidth(text)
const at = (x: number) => ({ low: x, high: x, y: 50 })

test('a label stands on the side that has room, and nowhere where neither has', () => {
  const room = { width: 2 * width, line: undefined }
  expect(labelBeside(text, at(20), room)).toMatchObject({ anchor: 'start', x: 32 })
  expect(labelBeside(text, at(2 * width - 20), room)).toMatchObject({ anchor: 'end', x: 2 * width - 32 })
  expect(labelBeside(text, at(width * 0.75), { width: width * 1.5, line: undefined })).toBeUndefined()
})

test('a label changes sides rather than cross the line', () => {
  const room = { width: 4 * width, line: 2 * width }
  expect(labelBeside(text, at(1.5 * width), room)).toMatchObject({ anchor: 'end' })
  expect(labelBeside(text, at(2.5 * width), room)).toMatchObject({ anchor: 'start' })
})

test('beneath its mark a label stays within the plot', () => {
  const room = { width: 2 * width, line: undefined }
  expect(labelBeneath(text, 0, 10, room).x).toBe(0)
  expect(labelBeneath(text, 2 * width, 10, room).x).toBeLessThanOrEqual(width + 12)
  expect(labelBeneath(text, width, 10, room).x).toBe(width / 2)
})

test('a line leaves out the labels that it would strike through', () => {
  const crossing = { text, x: 0, y: 50, anchor: 'start' as const }
  const beside = { text, x: width + 40, y: 80, anchor: 'start' as const }
  expect(clearOf([crossing, beside], width / 2, 10, 100)).toEqual([
    [10, 41],
    [59, 100],
  ])
  expect(clearOf([{ ...crossing, y: 95 }, crossing, { ...crossing, y: 60 }], width / 2, 10, 100)).toEqual([
    [10, 41],
    [69, 86],
  ])
  expect(clearOf([], 5, 10, 100)).toEqual([[10, 100]])
})
