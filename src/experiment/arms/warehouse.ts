import type { ArmSpec } from './arm.ts'
import { warehouseTier } from './tiers.ts'

/** HBM plus one warehouse that all replicas share, no DRAM. */
export const warehouse: ArmSpec = {
  name: 'warehouse',
  summary: 'HBM plus one warehouse that all replicas share, no DRAM',
  source: 'WEKA Augmented Memory Grid; the "token warehouse" of the claims',
  create: () => (context) => ({ lowers: [warehouseTier(context)] }),
}
