import { expect, it } from 'vitest'
import { prefixSessions } from '../../../src/lab/stream/prefix-sessions.ts'

it('continues the session whose last full blocks begin the prompt, the longest first', () => {
  const session = prefixSessions()
  const prompts = [
    [1, 2],
    [1, 2, 3],
    [1, 9, 8],
    [1, 2, 3, 4, 5],
    [1, 2, 7],
    [1, 9, 8, 10],
    [6],
    [6, 11],
    [1, 2, 3, 4, 5],
  ]
  expect(prompts.map((prompt) => session(Int32Array.from(prompt)))).toEqual([0, 0, 1, 0, 2, 1, 3, 4, 0])
})
