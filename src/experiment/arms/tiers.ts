import type { LowerTierSpec } from '../../warehouse/lower-tier.ts'
import { type ArmContext, blocksOf } from './arm.ts'

/** Host memory of each replica's own. @param bytes of a replica */
export function dramTier(context: ArmContext, bytes: number): LowerTierSpec {
  return {
    name: 'dram',
    shared: false,
    capacityBlocks: blocksOf(bytes, context, 'dram'),
    policy: context.tiers.policies.dram,
    link: context.deployment.dramLink,
    freeStores: false,
  }
}

/** One warehouse for all replicas, behind the run's link. */
export function warehouseTier(context: ArmContext): LowerTierSpec {
  const { tiers, deployment } = context
  const { warehouseBytes, byteScale, policies } = tiers
  return {
    name: 'warehouse',
    shared: true,
    capacityBlocks:
      warehouseBytes === undefined
        ? Number.POSITIVE_INFINITY
        : blocksOf(warehouseBytes * byteScale, context, 'warehouse-capacity'),
    policy: policies.warehouse,
    link: deployment.warehouseLink,
    freeStores: false,
  }
}

/** A store that costs nothing to read or write. @param capacityBlocks of each store */
export function freeTier({ tiers }: ArmContext, shared: boolean, capacityBlocks: number): LowerTierSpec {
  return {
    name: 'warehouse',
    shared,
    capacityBlocks,
    policy: tiers.policies.warehouse,
    link: undefined,
    freeStores: true,
  }
}
