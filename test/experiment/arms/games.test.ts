import { expect, it } from 'vitest'
import { lru } from '../../../src/cache/policies/lru.ts'
import { type ArmContext, parseArm } from '../../../src/experiment/arms/arm.ts'
import { games } from '../../../src/experiment/arms/games.ts'
import { arms } from '../../../src/experiment/arms/registry.ts'
import { targetDeployment } from '../../../src/experiment/scale/deployment.ts'
import { smallTarget } from '../small-task.ts'

function context(warehouseBytes: number | undefined, replicas: number): ArmContext {
  const policies = { hbm: lru, dram: lru, warehouse: lru }
  const deployment = targetDeployment(smallTarget, 64)
  return { deployment, tiers: { warehouseBytes, byteScale: 1, policies }, blockTokens: 64, replicas }
}

function shapeOf(name: string, of: ArmContext) {
  return parseArm(name, 'arms', [...arms, ...games]).shape(of)
}

/** llama-3.1-8b: 2 × 32 layers × 8 heads × 128 × 2 bytes a token. */
const blockBytes = 64 * 131_072

it('a capacity of C is C ÷ replicas for each, or one of C for all', () => {
  const of = context(1000.5 * blockBytes, 3)
  expect(shapeOf('game-capacity', of).lowers).toMatchObject([
    { shared: false, capacityBlocks: 333, link: undefined, freeStores: true },
  ])
  expect(shapeOf('game-both', of).lowers).toMatchObject([
    { shared: true, capacityBlocks: 1000, link: undefined, freeStores: true },
  ])
  expect(shapeOf('warehouse', of).lowers).toMatchObject([{ shared: true, capacityBlocks: 1000, freeStores: false }])
})

it('without a capacity all are without limit', () => {
  for (const name of ['game-capacity', 'game-both', 'warehouse'])
    expect(shapeOf(name, context(undefined, 3)).lowers[0]!.capacityBlocks).toBe(Number.POSITIVE_INFINITY)
})

it('sharing adds no memory', () => {
  expect(shapeOf('game-sharing', context(undefined, 3))).toMatchObject({ lowers: [], peerReads: true })
  expect(shapeOf('hbm-only', context(undefined, 3))).toMatchObject({ lowers: [], peerReads: false })
})

it('the steps to the real warehouse take away one kindness each', () => {
  const of = context(undefined, 3)
  const [uncontended, freeStores, real] = ['game-uncontended', 'game-free-stores', 'warehouse'].map(
    (name) => shapeOf(name, of).lowers[0]!,
  )
  expect(freeStores).toEqual({ ...real!, freeStores: true })
  expect(uncontended).toEqual({ ...freeStores!, link: { ...real!.link, isContended: false } })
})

it('nobody can buy them: they are no arms of a run', () => {
  const names = arms.map(({ name }) => name)
  for (const { name } of games) expect(names).not.toContain(name)
})
