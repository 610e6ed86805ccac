import { describe, expect, it } from 'vitest'
import { type LabResult, withHeadroom } from '../../src/lab/lab-report.ts'
import type { PolicyHits } from '../../src/lab/replay/policy-task.ts'
import { renderLabCsv } from '../../src/report/lab/csv.ts'
import { renderLabHtml } from '../../src/report/lab/html.ts'
import { renderLabTerminal } from '../../src/report/lab/terminal.ts'
import { headroomText, labSentence, middleCapacity, rateText, traceWords } from '../../src/report/lab/words.ts'
import { hits, labFixture } from './lab-fixture.ts'

describe('the sentence', () => {
  it('names the winner and what it wins of the room between LRU and Belady', () => {
    expect(labSentence(labFixture([hits('lru', 0.1), hits('arc', 0.2), hits('fifo', 0.05), hits('belady', 0.5)]))).toBe(
      'At 100 blocks arc is best and wins 25.0 % of what can be won: 20.0 %, where LRU hits 10.0 % of block references and Belady, which knows the future, 50.0 %.',
    )
  })

  it('says where nothing beats LRU, also where another one is as good', () => {
    const words = /^At 100 blocks nothing beats LRU: LRU hits 10\.0 % of .* 50\.0 %\.$/
    expect(labSentence(labFixture([hits('lru', 0.1), hits('fifo', 0.05), hits('belady', 0.5)]))).toMatch(words)
    expect(labSentence(labFixture([hits('arc', 0.1), hits('lru', 0.1), hits('belady', 0.5)]))).toMatch(words)
  })

  it('says where there is nothing to win', () => {
    expect(labSentence(labFixture([hits('lru', 0.6), hits('arc', 0.6), hits('belady', 0.6)]))).toMatch(
      /^At 100 blocks there is nothing to win: LRU hits 60\.0 % of .* 60\.0 %\.$/,
    )
  })

  it('gives the prize to none that is told what comes later', () => {
    const sentence = labSentence(
      labFixture([hits('lru', 0.1), hits('arc', 0.2), hits('steps-to-reuse', 0.4), hits('belady', 0.5)]),
    )
    expect(sentence).toMatch(/^At 100 blocks arc is best/)
  })

  it('is about the middle size, one block in the singular', () => {
    const at = (capacity: number, arc: number): PolicyHits[] => [
      hits('lru', 0.1, capacity),
      hits('arc', arc, capacity),
      hits('belady', 0.5, capacity),
    ]
    expect(middleCapacity(labFixture([...at(1, 0.2), ...at(2, 0.3), ...at(3, 0.4), ...at(4, 0.5)]))).toBe(2)
    expect(labSentence(labFixture([...at(1, 0.2), ...at(2, 0.3), ...at(3, 0.4)]))).toMatch(
      /^At 2 blocks .* 50\.0 % of what/,
    )
    expect(labSentence(labFixture([...at(1, 0.2), ...at(2, 0.3)]))).toMatch(/^At 1 block arc is best and wins 25\.0 %/)
  })
})

describe('words', () => {
  it('of the headroom are signed, and missing at its two ends', () => {
    const text = (policy: string, headroomShare: number | null): string =>
      headroomText({ ...hits(policy, 0.1), headroomShare } satisfies LabResult)
    expect(text('arc', 0.333)).toBe('+33 %')
    expect(text('fifo', -0.25)).toBe('−25 %')
    expect(text('arc', null)).toBe('')
    expect(text('lru', 0)).toBe('')
    expect(text('belady', 1)).toBe('')
  })

  it('of a rate that a trace does not have are a dash', () => {
    expect([rateText(null), rateText(0), rateText(0.2345)]).toEqual(['–', '0.0 %', '23.4 %'])
  })

  it('of the trace count, and say how it was touched', () => {
    const one = labFixture([hits('lru', 0.1), hits('belady', 0.5)])
    expect(traceWords(one)).toBe(
      'talk.jsonl: 1 request, 1,000 block references of 512 tokens, 400 distinct blocks; ceiling 60.0 %; touched from head to tail',
    )
    const plain = { ...one, touch: 'tail', trace: { ...one.trace, blockTokens: 1 } } as const
    expect(traceWords(plain)).toMatch(/1,000 block references, 400 .*; touched from tail to head$/)
  })
})

it('headroom is held against LRU and Belady of the same size', () => {
  const found = withHeadroom([
    hits('lru', 0.1),
    hits('arc', 0.2),
    hits('fifo', 0.05),
    hits('belady', 0.5),
    hits('lru', 0.6, 900),
    hits('arc', 0.6, 900),
    hits('belady', 0.6, 900),
  ])
  const shares = found.map(({ headroomShare }) => headroomShare)
  for (const [at, expected] of [0, 0.25, -0.125, 1].entries()) expect(shares[at]).toBeCloseTo(expected, 12)
  expect(shares.slice(4)).toEqual([null, null, null])
})

describe('CSV', () => {
  it('quotes what has commas, quotes and line ends, and leaves empty what is not known', () => {
    const names = ['a,b', 'say "x"', 'two\nlines', 'plain']
    const text = renderLabCsv(labFixture([...names.map((name) => hits(name, 0.25)), hits('lru', 0.1)]))
    const [head, ...rest] = text.split('\r\n')
    const figures = '100,false,250,250,0.25,0.25,,,,,,,,'
    expect(head!.split(',')).toHaveLength(15)
    expect(rest).toEqual([
      `"a,b",${figures}`,
      `"say ""x""",${figures}`,
      `"two\nlines",${figures}`,
      `plain,${figures}`,
      'lru,100,false,100,100,0.1,0.1,,,,,,,,',
      '',
    ])
  })
})

describe('page and table', () => {
  const tricky = labFixture([hits('<b>mine</b>', 0.2), hits('lru', 0.1), hits('belady', 0.5)])

  it('escape the name of a policy of one’s own', () => {
    const page = renderLabHtml(tricky)
    expect(page).not.toContain('<b>mine')
    expect(page).toContain('&lt;b&gt;mine&lt;/b&gt;')
  })

  it('show only definitions that the trace has, the best policy first', () => {
    const lines = renderLabTerminal(tricky, 100).split('\n')
    expect(lines.find((line) => line.startsWith('100 blocks'))).toMatch(/^100 blocks +any block +prefix$/)
    const table = lines.slice(lines.findIndex((line) => line.startsWith('any-block hit rate')))
    expect(table.slice(1, 4).map((line) => line.split(/\s+/)[0])).toEqual(['belady', '<b>mine</b>', 'lru'])
    expect(lines.at(-1)).toMatch(/^infinite +60\.0 % +60\.0 %$/)
  })

  it('tell of skipped rows and of what was made up', () => {
    const { trace } = tricky
    const page = renderLabHtml({ ...tricky, trace: { ...trace, notes: ['The trace has no times.'], skippedRows: 2 } })
    expect(page).toContain('The trace has no times. 2 rows skipped.')
    expect(renderLabHtml(tricky)).toContain('As it is; nothing was made up.')
  })
})
