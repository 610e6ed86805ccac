import { describe, expect, test } from 'vitest'
import { renderClaimsHtml } from '../../../src/report/claims/html.ts'
import { claimsSentence, deploymentSentence, verdictSentence } from '../../../src/report/claims/words/answer.ts'
import { claimsFixture, hostileClaim, multiplier, plainClaim, prefill } from './fixture.ts'

/** The page as it is read: no style, no tags. */
function textOf(page: string): string {
  return page
    .replaceAll(/<(style|script)[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('\u00a0', ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

const reports = {
  'everything there is': claimsFixture(),
  'no deployment, no pairs': claimsFixture({
    deployment: null,
    pairs: [],
    claims: claimsFixture().claims.map((claim) => ({ ...claim, there: null })),
  }),
  'one claim': claimsFixture({ claims: [multiplier], pairs: [] }),
  'one claim without anything': claimsFixture({ claims: [plainClaim()], pairs: [] }),
  'one claim that cannot be tested': claimsFixture({ claims: [prefill], pairs: [] }),
  'no claim': claimsFixture({ claims: [], pairs: [] }),
  hostile: claimsFixture({ claims: [hostileClaim(), hostileClaim()] }),
  'figures that are none': claimsFixture({
    claims: [
      {
        ...multiplier,
        measured: { value: Number.NaN, low: Number.NaN, high: Number.NaN },
        map: { ...multiplier.map!, values: multiplier.map!.values.map((row) => row.map(() => Number.NaN)) },
        curves: multiplier.curves.map((curve) => ({
          ...curve,
          points: curve.points.map((point) => ({ ...point, measured: null })),
        })),
      },
    ],
  }),
  'many variants, and places too few for a curve': claimsFixture({
    claims: [
      {
        ...multiplier,
        curves: Array.from({ length: 9 }, (_, i) => ({
          ...multiplier.curves[i % 4]!,
          variant: `variant ${i}`,
        })).flatMap((curve) => [
          curve,
          { ...curve, reading: 'equalService' as const, axis: 'slo', points: curve.points.slice(3, 5) },
          { ...curve, reading: 'bestAgainstBest' as const, points: curve.points.slice(4, 5) },
        ]),
      },
    ],
  }),
  'values that are all zero, or lie far apart': claimsFixture({
    claims: [
      plainClaim({ measured: { value: 0, low: 0, high: 0 }, claimed: { text: '0', value: 0, unit: '' } }),
      plainClaim({ id: 'far', measured: { value: 3e6, low: 2e6, high: 4e6 } }),
      plainClaim({ id: 'loss', measured: { value: -3, low: -4, high: -1 }, metric: 'x <= 2' }),
    ],
  }),
}

describe.each(Object.entries(reports))('page of claims: %s', (_, report) => {
  const page = renderClaimsHtml(report)

  test('has the sentence, and no number that is none', () => {
    const text = textOf(page)
    expect(text).toContain(verdictSentence(report).trim())
    expect(text).not.toMatch(/NaN|undefined|Infinity|∞|N\/A|\[object/)
    expect(page).not.toMatch(/(?:[xyr\d]|cx|cy|d|x1|x2|y1|y2|transform|fill-opacity)="[^"]*(?:NaN|Infinity|undefined)/)
  })

  test('stands alone: loads nothing, has one script that is its own', () => {
    expect(/\ssrc=|url\(|@import|<link|<iframe/.exec(page)?.[0]).toBeUndefined()
    expect(page.match(/<script[^>]*>/g)).toEqual(['<script>'])
    for (const [, address] of page.matchAll(/\shref="([^"]*)"/g)) expect(address).toMatch(/^(#claim-|https?:\/\/)/)
  })

  test('draws every chart for wide and for narrow pages, each with a label', () => {
    expect(page.split('class="wide"').length).toBe(page.split('class="narrow"').length)
    for (const [svg] of page.matchAll(/<svg [^>]*>/g)) expect(svg).toMatch(/role="img" aria-label="[^"]{10,}"/)
  })

  test('every link leads to a card, and anchors are unique', () => {
    const anchors = [...page.matchAll(/<section id="([^"]+)"/g)].map((match) => match[1]!)
    expect(new Set(anchors).size).toBe(anchors.length)
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(anchors).toContain(target)
  })
})

test('a card a claim, in order, after the pairs', () => {
  const page = renderClaimsHtml(claimsFixture())
  expect([...page.matchAll(/<section id="([^"]+)"/g)].map((match) => match[1])).toEqual([
    'pairs',
    'claim-weka-4.2x',
    'claim-weka-hit-rate',
    'claim-weka-no-latency',
    'claim-weka-redundant-prefill',
    'claim-weka-kv-footprint',
    'claim-weka-millions-per-day',
    'claim-weka-more-gpus',
    'claim-weka-41x',
    'everything',
  ])
})

test('the whole of a claim is on its card', () => {
  const text = textOf(renderClaimsHtml(claimsFixture({ claims: [multiplier], pairs: [] })))
  const { statement, who, where, when, conditions, notes, figures, baseline, againstStrongest, tornado, screen } =
    multiplier
  for (const shown of [
    ...[statement, who, where, when, baseline, againstStrongest!.baseline, multiplier.holdsWhen!],
    ...[...conditions.stated, ...conditions.leftOut, ...notes],
    ...figures.map(({ name }) => name),
    ...tornado.map(({ assumption }) => assumption),
    ...screen.map(({ assumption }) => assumption),
    ...multiplier.mustBeTrue.map(({ parameter }) => parameter),
    'claimed 4.20×',
    'link weka-amg; H100 at 2.5 USD an hour',
  ]) {
    expect(text).toContain(shown)
  }
})

test('points that do not decide are told apart, and what the symbols mean stands beneath as far as they occur', () => {
  const text = textOf(renderClaimsHtml(claimsFixture({ claims: [multiplier], pairs: [] })))
  expect(text).toContain('Hollow circle: load-limited')
  expect(text).toContain('Hollow triangle pointing up: a lower bound')
  expect(text).toContain('Hollow square: undecided')
  expect(text).not.toContain('Hollow triangle pointing down')
  expect(text).toContain('Without a value: 32 (no arm keeps the SLO)')
})

test('a column for the deployment only where there is one', () => {
  expect(textOf(renderClaimsHtml(reports['everything there is']))).toContain('There: in your deployment')
  expect(textOf(renderClaimsHtml(reports['no deployment, no pairs']))).not.toContain('There: in your deployment')
})

test('texts of claims are text, and only addresses become links', () => {
  const page = renderClaimsHtml(reports.hostile)
  expect(page.match(/<script[^>]*>/g)).toEqual(['<script>'])
  expect(page).not.toMatch(/<[^>]*\sonclick/)
  expect(page).not.toMatch(/href="javascript/)
  expect(page).toContain('&lt;script&gt;alert(&quot;&amp;&quot;)')
})

test('22 claims with everything are under 3 MB', () => {
  const claims = Array.from({ length: 22 }, (_, i) => ({ ...multiplier, id: `claim ${i}` }))
  expect(renderClaimsHtml(claimsFixture({ claims })).length).toBeLessThan(3_000_000)
})

test('the sentence for a machine to quote has both parts', () => {
  const report = claimsFixture()
  expect(claimsSentence(report)).toBe(`${verdictSentence(report)} ${deploymentSentence(report)}`)
  expect(renderClaimsHtml(report)).toContain(`content="${claimsSentence(report)}"`)
})
