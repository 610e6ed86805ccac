import { expect, it } from 'vitest'
import { readProgress } from '../../../src/commands/progress/read-progress.ts'

it('shows the reading of a trace only where it takes a while and its end is known', () => {
  const shown: number[] = []
  const progress = { show: (_: string, share: number) => shown.push(share) }
  let nowMs = 0
  const onRead = readProgress(progress, undefined, () => nowMs)!
  onRead(0.2)
  nowMs = 3000
  onRead(0.4)
  expect(shown).toEqual([0.4])
  expect(readProgress(progress, 100)).toBeUndefined()
})
