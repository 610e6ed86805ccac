import { describe, expect, it } from 'vitest'
import { lru } from '../../src/cache/policies/lru.ts'
import { matchPrefix } from '../../src/plan/engine/admission.ts'
import { Replica } from '../../src/plan/engine/replica.ts'
import { Sequence } from '../../src/plan/engine/sequence.ts'
import { compilePool } from '../../src/workload/pool.ts'

const nothing = { lowers: [], peers: undefined }

/** A prompt of four blocks of one token, numbered 0 to 3. */
function fourBlocks(): Sequence {
  const turn = {
    blockHashes: Float64Array.of(11, 12, 13, 14),
    sharedBlocks: 0,
    promptTokens: 4,
    outputTokens: 1,
    keptOutputTokens: 0,
    thinkMs: 0,
    agent: '',
  }
  const conversation = compilePool([{ id: 'a', tenant: '', turns: [turn] }], 1).conversations[0]!
  return new Sequence(
    0,
    { number: 0, seat: 0, ordinal: 0, conversation, salt: 0, firstBlock: 0, replica: 0, turnsLeft: 1 },
    0,
    -1,
    0,
  )
}

describe('the head of a queue that found no room', () => {
  it('is looked up again when one block closes the gap before many that others hold', () => {
    const replica = new Replica(0, 5, lru)
    const { hbm } = replica
    // Block 0 was computed twice: the copy that is found is let go, the other one's owner computed blocks 1 and 2.
    const found = hbm.claim(0)
    hbm.identify(found, 0)
    const held = [0, 1, 2].map((block) => {
      const slot = hbm.claim(block)
      hbm.identify(slot, block)
      return slot
    })
    hbm.unpin(found)
    const [late, spare] = [hbm.claim(0), hbm.claim(9)]
    expect(spare).toBe(found)
    expect(held.every((slot) => hbm.isPinned(slot))).toBe(true)

    const sequence = fourBlocks()
    const match = matchPrefix(replica, nothing, sequence, 1)
    expect(match).toMatchObject({ hbmBlocks: 0, neededSlots: 4, fits: false })
    replica.noteBlocked(sequence, match)
    hbm.identify(late, 0)
    hbm.unpin(spare)
    expect(matchPrefix(replica, nothing, sequence, 1)).toMatchObject({ hbmBlocks: 3, neededSlots: 1, fits: true })
    expect(replica.surelyBlocked(sequence, 1)).toBe(false)
  })

  it('is not looked up again while nothing has changed for it', () => {
    const replica = new Replica(0, 4, lru)
    const slots = [7, 8, 9].map((block) => replica.hbm.claim(block))
    const sequence = fourBlocks()
    expect(replica.surelyBlocked(sequence, 1)).toBe(false)
    replica.noteBlocked(sequence, matchPrefix(replica, nothing, sequence, 1))
    expect(replica.surelyBlocked(sequence, 1)).toBe(true)
    replica.forgetBlocked()
    expect(replica.surelyBlocked(sequence, 1)).toBe(false)
    replica.noteBlocked(sequence, matchPrefix(replica, nothing, sequence, 1))
    for (const slot of slots) replica.hbm.unpin(slot)
    expect(replica.surelyBlocked(sequence, 1)).toBe(false)
  })
})
