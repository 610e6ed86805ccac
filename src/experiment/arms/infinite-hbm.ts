import type { ArmSpec } from './arm.ts'
import { freeTier } from './tiers.ts'

/** Infinite-cache with no limit on what runs at once either. */
export const infiniteHbm: ArmSpec = {
  name: 'infinite-hbm',
  summary: 'infinite-cache with no limit on what runs at once either',
  source: 'docs/decisions.md',
  plannedOnly: 'no memory is without limit',
  create: () => (context) => ({
    lowers: [freeTier(context, true, Number.POSITIVE_INFINITY)],
    unlimitedHbm: true,
  }),
}
