import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { compareSchema } from '../../../src/report/compare/compare-report.ts'
import { compareJsonSchema, renderCompareJson } from '../../../src/report/compare/json.ts'
import { renderCompareJunit } from '../../../src/report/compare/junit.ts'
import { renderCompareMarkdown } from '../../../src/report/compare/markdown.ts'
import { renderCompareTerminal } from '../../../src/report/compare/terminal.ts'
import { compareSentence } from '../../../src/report/compare/words.ts'
import { writeCompare } from '../../../src/report/compare/write.ts'
import { compareFixture, timing } from './compare-fixture.ts'

// Write it anew with: npx vitest run test/report/compare -u
test('schema/compare.schema.json is the schema of the code', async () => {
  await expect(compareJsonSchema()).toMatchFileSnapshot('../../../schema/compare.schema.json')
})

describe('the answer', () => {
  const fine = compareFixture({ verdict: 'fine', comparisons: [] })

  test('names what failed, and by how much', () => {
    expect(compareSentence(compareFixture())).toBe(
      'Regression: 1 figure fails: infinite-cache/tokens computed again +3.1 %.',
    )
    expect(compareSentence(compareFixture({ timing }))).toContain(
      '2 figures fail: prefill time +10.3 %; infinite-cache',
    )
  })

  test('says what inconclusive means, and what would have been found', () => {
    const quiet = { ...timing, figures: timing.figures.slice(1) }
    expect(compareSentence({ ...fine, verdict: 'inconclusive', timing: quiet })).toMatch(
      /^Inconclusive, neither pass nor fail: .*decode: only 14\.0 % or more would be found/,
    )
  })

  test('a change for the better passes, and asks for a new base', () => {
    const [comparison] = compareFixture().comparisons
    const figures = comparison!.figures.filter(({ outcome, isGated }) => isGated && outcome !== 'worse')
    const better = compareFixture({ verdict: 'fine', comparisons: [{ ...comparison!, figures }] })
    expect(compareSentence(better)).toMatch(
      /^Fine: .* unchanged\. Better: warehouse\/evictions −10\.0 %; update the base\.$/,
    )
  })

  test('says when nothing could be gated', () => {
    expect(compareSentence(fine)).toBe('Fine: nothing that could be gated.')
  })
})

describe('the table on the terminal', () => {
  const lines = renderCompareTerminal(compareFixture({ timing }), 100).split('\n')

  test('fits into 100 columns, what fails first, the unchanged in one line', () => {
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100)
    const places = ['infinite-cache', 'warehouse/evictions', 'planning time'].map((name) =>
      lines.findIndex((line) => line.startsWith(name)),
    )
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places[0]).toBeGreaterThan(0)
    expect(lines).toContain('1 figure unchanged')
    expect(lines).toContain('1 figure only in one of the two')
  })

  test('an untrimmed total that got worse is warned of', () => {
    expect(lines.find((line) => line.startsWith('decode'))).toContain('+30.0 % !')
    expect(lines.join(' ')).toMatch(/untrimmed total of decode got worse/)
  })
})

test('Markdown starts with the marker and the verdict, folds what is unchanged, and takes no markup from names', () => {
  const text = renderCompareMarkdown(compareFixture({ timing }))
  expect(text.startsWith('<!-- memwall compare -->\n\n**Regression: 2 figures fail')).toBe(true)
  expect(text).toMatch(/<details><summary>1 figure unchanged<\/summary>\n\n\|/)
  expect(text).toContain('a\\|&lt;b\\>&')
  expect(text).not.toContain('<b>')
})

test('JUnit: what fails the gate fails, what is advice or too noisy is skipped', () => {
  const text = renderCompareJunit(compareFixture({ timing }))
  expect(text).toContain('tests="7" failures="2" errors="0" skipped="2"')
  const { document } = parseHTML(text.replace(/<\?xml[^>]*>/, ''))
  const cases = [...document.querySelectorAll('testcase')]
  const failed = cases.filter((one) => one.querySelector('failure')).map((one) => one.getAttribute('name'))
  expect(failed).toEqual(['prefill', 'infinite-cache/tokens computed again'])
  expect(text).toContain('name="a|&lt;b&gt;&amp;"')
})

test('three files, and JSON that is what was given', () => {
  const directory = mkdtempSync(join(tmpdir(), 'memwall-compare-'))
  writeCompare(directory, compareFixture({ timing }))
  expect(readdirSync(directory).sort()).toEqual(['compare.json', 'compare.junit.xml', 'compare.md'])
  rmSync(directory, { recursive: true })
  expect(compareSchema.parse(JSON.parse(renderCompareJson(compareFixture())))).toEqual(compareFixture())
})
