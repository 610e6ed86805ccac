import { badInput } from '../errors.ts'
import type { LowerTierSpec } from '../warehouse/lower-tier.ts'
import type { Deployment } from './scale/deployment.ts'

/** What the user can set of the tiers. */
export interface TierOptions {
  /** Capacity of the warehouse; undefined: everything fits. */
  readonly warehouseBytes: number | undefined
}

/** A configuration under test. */
export interface ArmSpec {
  readonly name: string
  readonly summary: string
  readonly source: string
  lower(deployment: Deployment, options: TierOptions, blockTokens: number): LowerTierSpec | undefined
}

const hbmOnly: ArmSpec = {
  name: 'hbm-only',
  summary: 'what was evicted from HBM is computed again; the baseline',
  source: 'docs/decisions.md',
  lower: () => undefined,
}

const infiniteCache: ArmSpec = {
  name: 'infinite-cache',
  summary: 'nothing is ever lost and moving it is free: the ceiling of every memory system',
  source: 'docs/decisions.md',
  lower: () => ({
    name: 'warehouse',
    shared: true,
    capacityBlocks: Number.POSITIVE_INFINITY,
    link: undefined,
    freeStores: true,
  }),
}

const localDram: ArmSpec = {
  name: 'local-dram',
  summary: 'HBM plus host memory of each replica, not shared',
  source: 'vLLM CPU offloading; 2 TB of DRAM in a host of eight GPUs',
  lower: (deployment, _options, blockTokens) => ({
    name: 'dram',
    shared: false,
    capacityBlocks: blocksOf(deployment.dramBytes, deployment, blockTokens, 'dram'),
    link: deployment.dramLink,
    freeStores: false,
  }),
}

const warehouse: ArmSpec = {
  name: 'warehouse',
  summary: 'HBM plus one warehouse that all replicas share, no DRAM',
  source: 'WEKA Augmented Memory Grid; the "token warehouse" of the claims',
  lower: (deployment, { warehouseBytes }, blockTokens) => ({
    name: 'warehouse',
    shared: true,
    capacityBlocks:
      warehouseBytes === undefined
        ? Number.POSITIVE_INFINITY
        : blocksOf(warehouseBytes, deployment, blockTokens, 'warehouse-capacity'),
    link: deployment.warehouseLink,
    freeStores: false,
  }),
}

/** Every arm, sorted by name. */
export const arms: readonly ArmSpec[] = [hbmOnly, infiniteCache, localDram, warehouse]

/** The order in which arms are shown: baseline first, ceiling last. */
export const armOrder: readonly string[] = ['hbm-only', 'local-dram', 'warehouse', 'infinite-cache']

/** The arm against which every other is measured. */
export const baselineArm = 'hbm-only'

function blocksOf(bytes: number, { cost }: Deployment, blockTokens: number, where: string): number {
  const blockBytes = cost.kvBytesPerToken * blockTokens
  const blocks = Math.floor(bytes / blockBytes)
  if (blocks < 1) {
    throw badInput(where, `${bytes} bytes hold not one KV block of ${blockBytes} bytes`, 'Give a larger capacity.')
  }
  return blocks
}
