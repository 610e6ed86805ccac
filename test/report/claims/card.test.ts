import { expect, test } from 'vitest'
import { renderClaimsHtml } from '../../../src/report/claims/html.ts'
import { renderClaimsJson } from '../../../src/report/claims/json.ts'
import { renderClaimsMarkdown } from '../../../src/report/claims/markdown.ts'
import { renderClaimsTerminal } from '../../../src/report/claims/terminal.ts'
import { cardLines, firstLine } from '../../../src/report/claims/words/card.ts'
import { buyerCard, claimsFixture, range } from './fixture.ts'

test('answers the buyer’s questions in their order', () => {
  expect(cardLines(buyerCard)).toEqual([
    'NO. At 12 conversations a replica the warehouse adds nothing to your DRAM: 1.00×, not 4.2×.',
    'Why: a replica’s HBM holds 25.7 such contexts; 12 are live, so nothing is thrown away.',
    'Your DRAM is enough at every load tried: 2 TB a host holds 104 more contexts a replica.',
    '4.2×, within the claim’s tolerance, would be true from about 44 conversations a replica on, against HBM alone; against your DRAM it is 0.943× at 48.',
    'It saves no GPU against your DRAM at 12 conversations a replica.',
  ])
  expect(firstLine(buyerCard)).toBe(
    'Do first: DRAM offload, before about 25 conversations a replica. Link taken as 25 GB/s a host (3.13 GB/s a GPU).',
  )
})

test('a yes, an open answer, no DRAM', () => {
  const withoutDram = {
    ...buyerCard,
    against: 'hbm-only',
    dram: null,
    contexts: { ...buyerCard.contexts, dram: null },
    loads: buyerCard.loads.map((load) => {
      const { 'local-dram': _, ...arms } = load.arms
      return { ...load, arms, isOwn: load.sessionsPerReplica === 48 }
    }),
    load: 48,
    multiplier: range(4.86, 4.5, 5.2),
    answer: 'yes' as const,
    usdPerDay: range(30_000, 20_000, 40_000),
  }
  const [answer, why, enough, when, worth] = cardLines(withoutDram)
  expect(answer).toBe(
    'YES. At 48 conversations a replica the warehouse is worth 4.86× against HBM alone; 4.2× is claimed.',
  )
  expect(why).toMatch(/48 are live, so what does not fit is computed again\.$/)
  expect(enough).toBe('Your HBM is enough up to 12 conversations a replica; at 32 the warehouse does 1.80× as much.')
  expect(when).not.toContain('DRAM')
  expect(worth).toBe('It saves 30,000 USD a day against HBM alone at 48 conversations a replica.')
  const open = { ...withoutDram, answer: 'undecided' as const, multiplier: range(4, 3.6, 4.4) }
  expect(cardLines(open)[0]).toBe(
    'OPEN. At 48 conversations a replica the warehouse is worth 3.60 to 4.40× against HBM alone, which leaves 4.2× undecided.',
  )
  const never = { ...buyerCard, trueFrom: null }
  expect(cardLines(never)[3]).toBe(
    '4.2× is true at no load tried, up to 48 conversations a replica; the most is 4.86× against HBM alone; against your DRAM it is 0.943× at 48.',
  )
})

test('stands on top of every report, its arms together at every load', () => {
  const report = claimsFixture({ card: buyerCard })
  const terminal = renderClaimsTerminal(report, { colour: false, width: 100, reportPath: '' })
  expect(terminal).toMatch(/^NO\. At 12/)
  expect(terminal).toContain(
    [
      'conversations            tokens per GPU-second                         TTFT p95',
      'a replica            HBM      +DRAM  warehouse        HBM      +DRAM  warehouse',
      '12 (you)            17.3       17.3       17.3      1.5 s      1.4 s      1.4 s',
    ].join('\n'),
  )
  expect(renderClaimsMarkdown(report)).toMatch(/^## NO\. At 12/)
  const page = renderClaimsHtml(report)
  expect(page).toContain('<h1>NO. At 12')
  expect(page.match(/<h1>/g)).toHaveLength(1)
  expect(JSON.parse(renderClaimsJson(report)).card).toEqual(buyerCard)
})
