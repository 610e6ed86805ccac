import type { ArmSpec } from './arm.ts'
import { freeTier } from './tiers.ts'

/** Nothing is ever lost and moving it is free: the ceiling of every memory system with this KV format. */
export const infiniteCache: ArmSpec = {
  name: 'infinite-cache',
  summary: 'nothing is ever lost and moving it is free: the ceiling of every memory system with this KV format',
  source: 'docs/decisions.md',
  create: () => (context) => ({ lowers: [freeTier(context, true, Number.POSITIVE_INFINITY)] }),
}
