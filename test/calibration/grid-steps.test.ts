import { expect, it } from 'vitest'
import { expectSteps, openGridSteps, stepDone, stepsOf } from '../../src/calibration/grid-steps.ts'

it('counts the steps of all threads, and their work rather than their number as the share', () => {
  const steps = openGridSteps()
  expect(stepsOf(steps)).toEqual({ done: 0, all: 0, share: 0 })
  const other = openGridSteps(steps.buffer)
  expectSteps(steps, 3)
  expectSteps(other, 3)
  stepDone(steps, 0.8)
  stepDone(other, 0.8)
  stepDone(other, 0.1)
  const { done, all, share } = stepsOf(steps)
  expect([done, all]).toEqual([3, 6])
  expect(share).toBeCloseTo(0.85, 6)
})

it('never says more than all', () => {
  const steps = openGridSteps()
  expectSteps(steps, 3)
  for (const share of [0.3333335, 0.3333335, 0.3333335]) stepDone(steps, share)
  expect(stepsOf(steps).share).toBe(1)
})
