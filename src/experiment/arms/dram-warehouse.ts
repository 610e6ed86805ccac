import { parseBytes } from '../../units.ts'
import type { ArmSpec } from './arm.ts'
import { dramBytes } from './local-dram.ts'
import { dramTier, warehouseTier } from './tiers.ts'

/** HBM, host memory of each replica, and the shared warehouse behind it. */
export const dramWarehouse: ArmSpec = {
  name: 'dram+warehouse',
  summary: 'HBM, host memory of each replica, and the shared warehouse behind it',
  source: 'LMCache and Dynamo KVBM: tiers G1 to G3',
  parameter: { summary: 'a size of the DRAM per GPU, such as 512GB', default: '' },
  plannedOnly: 'a mock GPU has one memory below its own',
  create(parameter, where) {
    const bytesPerGpu = parameter === '' ? undefined : parseBytes(parameter, where)
    return (context) => ({
      lowers: [dramTier(context, dramBytes(context, bytesPerGpu)), warehouseTier(context)],
    })
  },
}
