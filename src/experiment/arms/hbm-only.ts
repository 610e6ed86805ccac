import type { ArmSpec } from './arm.ts'

/** What was evicted from HBM is computed again; the baseline. */
export const hbmOnly: ArmSpec = {
  name: 'hbm-only',
  summary: 'what was evicted from HBM is computed again; the baseline',
  source: 'docs/decisions.md',
  create: () => () => ({}),
}
