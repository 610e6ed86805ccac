import type { ArmSpec } from './arm.ts'
import { compactKv } from './compact-kv.ts'
import { dramWarehouse } from './dram-warehouse.ts'
import { hbmOnly } from './hbm-only.ts'
import { infiniteCache } from './infinite-cache.ts'
import { infiniteHbm } from './infinite-hbm.ts'
import { localDram } from './local-dram.ts'
import { moreGpus } from './more-gpus.ts'
import { warehouse } from './warehouse.ts'

/** Every arm, sorted by name. */
export const arms: readonly ArmSpec[] = [
  compactKv,
  dramWarehouse,
  hbmOnly,
  infiniteCache,
  infiniteHbm,
  localDram,
  moreGpus,
  warehouse,
]

/** The order in which arms are shown: baseline first, ceiling last. */
const order: readonly string[] = [
  'hbm-only',
  'more-gpus',
  'compact-kv',
  'local-dram',
  'warehouse',
  'dram+warehouse',
  'infinite-cache',
  'infinite-hbm',
]

/** Sorts names of arms, with or without parameters, into the order in which they are shown. */
export function byArmOrder(a: string, b: string): number {
  const rank = (name: string): number => order.indexOf(name.split(':')[0]!)
  return rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true })
}

/** The arms of a run that names none. */
export const defaultArms: readonly string[] = ['hbm-only', 'local-dram', 'warehouse', 'infinite-cache']

/** The arm against which every other is measured. */
export const baselineArm = 'hbm-only'
