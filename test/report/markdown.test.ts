import { describe, expect, test } from 'vitest'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { reportFixture } from './fixture.ts'
import {
  backlog,
  complete,
  hostile,
  lossy,
  planned,
  tensorParallel,
  timed,
  variants,
  withParameters,
} from './variants.ts'

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
  expect(text.split('\n\n').slice(0, 4)).toEqual([
    '**The warehouse is worth 3.33× at 8 conversations a GPU (3.23–3.43).**',
    '- 100 GPUs with the warehouse do the work of 333 with HBM only.',
    'Planned, on the same machine’s cost model:',
    '- Each at its own best load, against HBM only: at least 1.81×.\n- Nothing below 5 conversations; 3.3× from 8 on.',
  ])
  expect([...text.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual([
    'Two readings of the multiplier, and the GPUs that 100 are worth by each; all but the first are planned',
    'Arms',
    'Replicas of hbm-only',
    'Replicas of local-dram',
    'Replicas of warehouse',
    'Replicas of infinite-cache',
    'Multiplier over conversations a GPU: mock GPUs, session-affine',
    'Multiplier over conversations a GPU: mock GPUs, round-robin',
    'Multiplier over conversations a GPU: the target, session-affine',
    'Multiplier over conversations a GPU: the target, round-robin',
    'Scale model',
    'Controls',
  ])
  expect(text).toContain('| 8 | 2.90× (2.76–3.05) | 3.30× (3.14–3.47) | 3.40× (3.23–3.57) |')
  expect(text).toContain('| 1 | 1.00× (0.950–1.05), load-limited |')
  expect(text).toContain('| HBM pool ÷ context | 3.83 | 3.81 | −0.5 % | agrees |')
  expect(text).toContain('4.89 times as large on the target')
  expect(text).toContain('| at least 0.995 | as expected |')
})

test('what could change one’s mind stands open, the rest is folded', () => {
  const text = renderMarkdown(
    reportFixture(({ controls }) => {
      Object.assign(controls[0]!, { passed: false, measured: 2 })
    }),
  )
  const [open, folded] = text.split('<details><summary>How this was measured</summary>') as [string, string]
  expect(open).toContain('- **!** Controls: 6 of 7 as expected; failed:')
  expect(open).toContain('- Single windows: ')
  expect(folded.slice(0, folded.indexOf('</details>'))).toContain('- Measured: real tensors')
  expect(open).not.toContain('Measured:')
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

test('every section of a long run is there as a table', () => {
  const text = renderMarkdown(reportFixture(complete))
  expect(text).toContain('## Five readings of the multiplier')
  expect(text).toContain('| warehouse | 3.33×, 333 GPUs | 1.58×, 158 GPUs | ≥ 1.81×, 181 GPUs | 2.10×, 210 GPUs |')
  expect(text).toContain('| capacity | 2.40× | 2.40× | alone 44.0 |')
  expect(text).toContain('With session-affine and a warehouse of 40 TB in all.')
  expect(text).toContain('## Equal service, TTFT 30 s, TPOT 100 ms at p95')
  expect(text).toContain('A fetch over weka-amg takes no longer than a recompute from: 6,210 tokens.')
  expect(text).toContain('## Multiplier over link: the target, 3 draws')
  expect(text).toContain('| by think time (as this run, planned) | 2.92× | 3.33× |')
  expect(text).toContain('| warehouse | 3.33× | 3.10× | +7.4 % |')
  expect(text).toContain('## Independent published measurements of single requests on an idle engine: 2')
  expect(text).toMatch(/by 11.2 % \(median\), 36.0 % at worst. .*; loaded figures are not validated: /)
  expect(text).toContain(
    '## Published measurements that say what others, or a formula, say already, in neither median nor worst: 1',
  )
  expect(text).toMatch(/\| qwen-32b-a100-again \|.* \| the same prompt once more \|/)
  expect(text).toMatch(/\| vendor-41x \|.* \| the source names no engine \|/)
})

test('what is planned says how it was averaged and how it was found', () => {
  const text = renderMarkdown(reportFixture(complete))
  expect(text).toContain(
    'The best of 24 that need no purchase, all planned over the first draw, the best of them over all 3. Its ratios are ratios of mean throughputs.',
  )
  expect(text).toContain('Each factor is a ratio of mean throughputs, not a mean of ratios.')
  expect(text).toContain(
    'Planned, against hbm-only under the same rules, each as it differs from the answer on the same draws.',
  )
  expect(renderMarkdown(reportFixture(complete, backlog))).toContain('A backlog leaves a router no choice.')
  expect(renderMarkdown(reportFixture(lossy))).toContain('With session-affine and a warehouse that holds everything.')
})

test('a loss above 1 is noise', () => {
  const noisy = reportFixture(complete, ({ attribution }) => {
    attribution!.loss.queueing = 1.06
  })
  expect(renderMarkdown(noisy)).toContain('| queueing (noise of the windows) | 1.06× |')
  expect(renderMarkdown(reportFixture(complete))).not.toContain('noise')
})

test('with other GPUs in an arm the load is counted on those of the run', () => {
  const text = renderMarkdown(reportFixture(complete, withParameters))
  expect(text).toContain('| arm | highest load, conversations for each of the run’s GPUs |')
  expect(renderMarkdown(reportFixture(complete, withParameters, tensorParallel))).toContain(
    'highest load, conversations for each of the run’s replicas (8 GPUs)',
  )
})
