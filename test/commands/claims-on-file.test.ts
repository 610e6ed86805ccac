import { describe, expect, test } from 'vitest'
import { sweepAxis } from '../../src/commands/run/sweep-axis.ts'
import { claimIds, claimsNamed } from '../../src/commands/verify/claim-files.ts'
import { asStated, claimPlan } from '../../src/commands/verify/claim-point.ts'

describe('claims on file', () => {
  test.each(claimIds())('%s: each of its points can be planned', (id) => {
    const [claim] = claimsNamed([id])
    const axis = claim!.sweep === undefined ? undefined : sweepAxis(claim!.sweep)
    for (const variant of [asStated, ...claim!.variants]) {
      for (const value of axis?.values ?? ['']) {
        const options = axis === undefined ? {} : { [axis.name]: value }
        expect(() => claimPlan(claim!, variant, options), `${variant.name}, ${value}`).not.toThrow()
      }
    }
  })
})
