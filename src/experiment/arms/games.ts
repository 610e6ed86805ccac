import type { ArmContext, ArmSpec } from './arm.ts'
import { freeTier, warehouseTier } from './tiers.ts'

const source = 'docs/decisions.md, "Where the multiplier comes from"'

const capacity: ArmSpec = {
  name: 'game-capacity',
  summary: 'a private, free tier of each replica, of the warehouse’s capacity ÷ replicas',
  source,
  create: () => (context) => ({
    lowers: [freeTier(context, false, Math.floor(capacityBlocks(context) / context.replicas))],
  }),
}

const sharing: ArmSpec = {
  name: 'game-sharing',
  summary: 'every replica may read what lies in another’s HBM, free; adds no byte',
  source,
  create: () => () => ({ peerReads: true }),
}

const both: ArmSpec = {
  name: 'game-both',
  summary: 'one free tier of the warehouse’s capacity for all',
  source,
  create: () => (context) => ({ lowers: [freeTier(context, true, capacityBlocks(context))] }),
}

const uncontended: ArmSpec = {
  name: 'game-uncontended',
  summary: 'the warehouse with free stores, each fetch with the link to itself',
  source,
  create: () => (context) => {
    const tier = warehouseTier(context)
    return { lowers: [{ ...tier, link: tier.link && { ...tier.link, isContended: false }, freeStores: true }] }
  },
}

const freeStores: ArmSpec = {
  name: 'game-free-stores',
  summary: 'the warehouse with free stores, fetches queue for the link',
  source,
  create: () => (context) => ({ lowers: [{ ...warehouseTier(context), freeStores: true }] }),
}

/** What the attribution of a multiplier is planned with. Not arms of a run: nobody can buy them. */
export const games: readonly ArmSpec[] = [both, capacity, freeStores, sharing, uncontended]

function capacityBlocks(context: ArmContext): number {
  return warehouseTier(context).capacityBlocks
}
