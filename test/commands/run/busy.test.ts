import { describe, expect, it } from 'vitest'
import { busyMachine, busyWords } from '../../../src/commands/run/busy.ts'

describe('a busy machine', () => {
  it('is one whose cores others take by half', () => {
    expect(busyMachine(4, 1.9)).toBeUndefined()
    expect(busyMachine(4, 2)).toBe(
      'This machine is busy (load 2.0 on 4 cores): what is measured takes longer, and its interval is wider.',
    )
    expect(busyMachine(64, 3)).toBeUndefined()
  })
})

/** What is said of a budget of 40 s, where three draws are two thirds of the measuring. */
function words() {
  const said: string[] = []
  return { said, tell: busyWords(40_000, 2 / 3, (text) => said.push(text)) }
}

describe('measuring that takes longer than its budget', () => {
  it('says so once, with how many times, and how long it takes at least', () => {
    const { said, tell } = words()
    tell(0.1, 8_000)
    tell(0.2, 16_000)
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/^\n[^\n]*2\.0 times slower [^\n]*three draws [^\n]*\(about 54 s in all\)\.\n$/)
  })

  it('never promises to end before the budget is over', () => {
    const said: string[] = []
    busyWords(40_000, 0.2, (text) => said.push(text))(0.2, 16_000)
    expect(said[0]).toContain('(about 40 s in all)')
  })

  it('says nothing where it is within the half more that a pace may be off', () => {
    const { said, tell } = words()
    for (const share of [0.05, 0.3, 0.9, 1]) tell(share, share * 59_000)
    expect(said).toEqual([])
    tell(1, 60_000)
    expect(said).toHaveLength(1)
  })

  it('waits for a share that says something', () => {
    const { said, tell } = words()
    tell(0, 1000)
    tell(0.19, 30_000)
    expect(said).toEqual([])
    tell(0.2, 30_000)
    expect(said).toHaveLength(1)
  })
})
