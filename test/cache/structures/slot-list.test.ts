import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NONE } from '../../../src/cache/policy.ts'
import { SlotList } from '../../../src/cache/structures/slot-list.ts'

const capacity = 7

describe('slot list', () => {
  it('orders slots like an array', () => {
    const steps = fc.array(
      fc.tuple(fc.constantFrom('push', 'pushTail', 'pushOlder', 'pushNewer', 'remove', 'move'), fc.nat(capacity - 1)),
      {
        maxLength: 120,
      },
    )
    fc.assert(
      fc.property(steps, (operations) => {
        const list = new SlotList(capacity)
        let model: number[] = []
        for (const [kind, slot] of operations) {
          const isListed = model.includes(slot)
          if (kind.startsWith('push') ? isListed : !isListed) continue
          const next = model[slot % Math.max(1, model.length)]
          if (next === undefined && (kind === 'pushOlder' || kind === 'pushNewer')) continue
          model = model.filter((other) => other !== slot)
          if (kind === 'push' || kind === 'move') model.push(slot)
          else if (kind === 'pushTail') model.unshift(slot)
          else if (kind !== 'remove') model.splice(model.indexOf(next!) + (kind === 'pushNewer' ? 1 : 0), 0, slot)
          if (kind === 'push') list.pushHead(slot)
          else if (kind === 'pushTail') list.pushTail(slot)
          else if (kind === 'pushOlder') list.pushOlder(slot, next!)
          else if (kind === 'pushNewer') list.pushNewer(slot, next!)
          else if (kind === 'remove') list.remove(slot)
          else list.moveToHead(slot)
          expect(oldestFirst(list)).toEqual(model)
          expect([list.tail, list.head, list.size]).toEqual([model[0] ?? NONE, model.at(-1) ?? NONE, model.length])
        }
      }),
      { seed: 5, numRuns: 300 },
    )
  })
})

function oldestFirst(list: SlotList): number[] {
  const slots: number[] = []
  for (let slot = list.tail; slot !== NONE && slots.length <= capacity; slot = list.newer(slot)) slots.push(slot)
  return slots
}
