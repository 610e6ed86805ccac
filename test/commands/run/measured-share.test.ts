import { expect, it } from 'vitest'
import { measuredShare } from '../../../src/commands/run/measured-share.ts'

const passes = { planned: 6, least: 4, budgetMs: 60_000 }

it('is of all passes where they fit into the budget', () => {
  expect(measuredShare(3, 20_000, passes)).toBe(0.5)
  expect(measuredShare(3, 900_000, { ...passes, budgetMs: undefined })).toBe(0.5)
})

it('is of those that the budget leaves where the machine is slow, and of the least ones at least', () => {
  expect(measuredShare(2, 24_000, passes)).toBe(2 / 5)
  expect(measuredShare(2, 80_000, passes)).toBe(0.5)
  expect(measuredShare(4.5, 200_000, passes)).toBe(1)
})

it('trusts no pace before a tenth of a pass', () => {
  expect(measuredShare(0.05, 90_000, passes)).toBe(0.05 / 6)
})
