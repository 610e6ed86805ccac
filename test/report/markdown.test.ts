import { describe, expect, test } from 'vitest'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { reportFixture } from './fixture.ts'
import { hostile, planned, timed, variants } from './variants.ts'

describe.each(Object.entries(variants))('markdown of a run: %s', (_, changes) => {
  const text = renderMarkdown(reportFixture(...changes))

  test('has no number that is none', () => {
    expect(text).not.toMatch(/NaN|undefined|Infinity|∞|N\/A|\[object/)
  })

  test('rows of a table have as many cells as its head', () => {
    for (const table of text.split('\n\n').filter((block) => block.startsWith('|'))) {
      const cells = table
        .trim()
        .split('\n')
        .map((row) => row.replaceAll('\\|', '').split('|').length)
      expect(new Set(cells).size).toBe(1)
    }
  })
})

test('the answer, the arms, the knee of each scale and router, the scale model and the controls', () => {
  const text = renderMarkdown(reportFixture())
  expect(text).toMatch(/^\*\*At 8 conversations a GPU, 100 of these GPUs with the warehouse do the work of 333/)
  expect([...text.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual([
    'Two readings of the multiplier, not to be mixed: the ratio, and what 100 GPUs are worth by it',
    'Arms',
    'Replicas of hbm-only: each',
    'Replicas of local-dram: each',
    'Replicas of warehouse: each',
    'Replicas of infinite-cache: each',
    'Multiplier over conversations a GPU: mock GPUs, session-affine',
    'Multiplier over conversations a GPU: mock GPUs, round-robin',
    'Multiplier over conversations a GPU: the target, session-affine',
    'Multiplier over conversations a GPU: the target, round-robin',
    'Scale model',
    'Controls',
  ])
  expect(text).toContain('| 8 | 2.90× (2.70–3.08) | 3.30× (3.07–3.50) | 3.40× (3.16–3.60) |')
  expect(text).toContain('| 1 | 1.00× (0.930–1.06), load-limited |')
  expect(text).toContain('| HBM pool ÷ context | 3.83 | 3.81 | −0.5 % | agrees |')
  expect(text).toContain('4.89 times as large on the target')
  expect(text).toContain('| at least 0.995 | as expected |')
})

test('what a run does not have is left out', () => {
  expect(renderMarkdown(reportFixture(timed))).not.toContain('Multiplier over')
  expect(renderMarkdown(reportFixture(planned))).not.toContain('## Scale model')
})

test('names are text', () => {
  const text = renderMarkdown(reportFixture(hostile))
  expect(text).not.toContain('<script>')
  expect(text).toContain('&lt;script\\>')
})
