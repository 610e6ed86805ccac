import { describe, expect, test } from 'vitest'
import { renderClaimsMarkdown } from '../../../src/report/claims/markdown.ts'
import { claimsFixture, hostileClaim, multiplier, plainClaim, prefill } from './fixture.ts'

const reports = {
  'everything there is': claimsFixture(),
  'one claim': claimsFixture({ claims: [multiplier], pairs: [] }),
  'one claim without anything': claimsFixture({ claims: [plainClaim()], pairs: [] }),
  'one that cannot be tested': claimsFixture({ claims: [prefill], pairs: [], deployment: null }),
  'no claim': claimsFixture({ claims: [], pairs: [] }),
  hostile: claimsFixture({ claims: [hostileClaim(), hostileClaim()] }),
}

describe.each(Object.entries(reports))('Markdown: %s', (_, report) => {
  const text = renderClaimsMarkdown(report)

  test('no number that is none, no empty section, one newline at the end', () => {
    expect(text).not.toMatch(/NaN|undefined|Infinity|∞|N\/A|\[object/)
    expect(text).not.toMatch(/\n\n\n|^#+ *$/m)
    expect(text).toMatch(/[^\n]\n$/)
  })

  test('every row of a table has as many cells as its head', () => {
    for (const table of text.match(/(?:^\|.*\n)+/gm) ?? []) {
      const counts = table
        .trimEnd()
        .split('\n')
        .map((row) => row.replaceAll(/\\./g, '').split('|').length)
      expect(new Set(counts).size).toBe(1)
    }
  })
})

test('the sentence, the verdicts, then a section a claim', () => {
  const text = renderClaimsMarkdown(claimsFixture())
  expect(text).toMatch(/^\*\*Of 8 claims 2 hold, /)
  expect(text.match(/^## .*/gm)).toHaveLength(2 + 8)
  expect(text).toContain('## weka-4.2x: holds when …\n')
  expect(text).toContain('Holds a replica has 12 to 32 conversations')
  expect(text).toContain('| conversations a replica | at least 11.4 | 1–32 | 1.00× to 5.00× |')
})

test('nothing in a text is markup', () => {
  const text = renderClaimsMarkdown(reports.hostile)
  expect(text).not.toMatch(/<script/)
  expect(text).not.toMatch(/(?<!\\)`/)
})
