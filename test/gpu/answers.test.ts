import { expect, test } from 'vitest'
import { AnswerBook } from '../../src/gpu/answers.ts'
import type { ProgramResult } from '../../src/gpu/run-program.ts'
import type { Sequence } from '../../src/plan/engine/sequence.ts'
import type { StepOp } from '../../src/plan/plan.ts'

const blocks = 150

test('many blocks that differ hide no logits that differ', () => {
  const source = { promptTokens: blocks * 16, keptOutputTokens: 0, sharedBlocks: blocks, blockHashes: range(blocks) }
  const turn = { source, promptTokens: blocks * 16, outputTokens: 1 }
  const request = { turn, session: { seat: 0, ordinal: 0, salt: 1 }, turnIndex: 0 } as unknown as Sequence
  const step = {
    kind: 'step',
    replica: 0,
    prefills: [],
    decodes: [{ request, outputIndex: 0 }],
    completed: range(blocks).map((blockIndex) => ({ request, blockIndex, slot: blockIndex })),
  } as unknown as StepOp
  const book = new AnswerBook()
  const check = (arm: string, hash: number, checksum: string) => {
    const result = {
      logitsHashes: Float64Array.of(hash),
      choices: Int32Array.of(0),
      checksums: range(blocks).map(() => checksum),
      damaged: [],
    } as unknown as ProgramResult
    book.check(arm, [step], { segment: { replica: 0, from: 0, to: 1, after: [] }, result }, 16)
  }
  check('hbm-only', 1, 'right')
  check('warehouse', 2, 'wrong')
  check('warehouse', 3, 'wrong')
  expect(book.differences).toBe(2 * (blocks + 1))
  expect(book.mismatches.filter(({ kind }) => kind === 'logits')).toHaveLength(2)
})

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}
