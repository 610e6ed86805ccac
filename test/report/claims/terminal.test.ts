import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { renderClaimsTerminal } from '../../../src/report/claims/terminal.ts'
import { claimsFixture, hostileClaim, latency, multiplier, plainClaim, prefill } from './fixture.ts'

const reportPath = 'reports/latest/claims.html'
const plain = { colour: false, width: 100, reportPath }

const reports = {
  'everything there is': claimsFixture(),
  'one claim': claimsFixture({ claims: [multiplier] }),
  'one claim without anything': claimsFixture({ claims: [plainClaim()], pairs: [] }),
  'no claim': claimsFixture({ claims: [], pairs: [] }),
  hostile: claimsFixture({ claims: [hostileClaim(), multiplier] }),
}

describe.each(Object.entries(reports))('terminal: %s', (_, report) => {
  test.each([20, 40, 60, 80, 100, 240])('%i columns: as wide as told, and at most 100', (width) => {
    const lines = renderClaimsTerminal(report, { ...plain, width }).split('\n')
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.max(40, Math.min(100, width)))
    expect(lines.at(-1)).toBe(reportPath)
    expect(lines.join('\n')).not.toMatch(/NaN|undefined|Infinity|∞|N\/A|\[object/)
  })

  test('colour changes no character, and there is none unless asked for', () => {
    const text = renderClaimsTerminal(report, plain)
    const coloured = renderClaimsTerminal(report, { ...plain, colour: true })
    expect(text).not.toContain('\u001b')
    expect(stripVTControlCharacters(coloured)).toBe(text)
    expect(coloured).not.toBe(text)
  })
})

test('the whole of many claims', () => {
  expect(`\n${renderClaimsTerminal(claimsFixture(), plain)}\n`).toMatchInlineSnapshot(`
    "
    Of 8 claims 2 hold, 3 hold only under conditions, 2 do not hold, 1 cannot be tested. In your
    deployment 1 holds, 1 does not, 1 stays undecided.

    claim                   verdict        claimed   found              vs         there      trust
                                                                        strongest
    weka-4.2x               holds when …   up to     3.31× (2.95–3.60)  1.58×      does not   catalogue
                                           4.2×
        a replica has 12 to 32 conversations of 65,536 tokens or more and the baseline has no host DRAM;
        best against best and against the strongest free baseline it holds nowhere
    weka-hit-rate           holds          96–99 %   96.2 %             –          holds      catalogue
                                                     (95.8–96.4)
    weka-no-latency         does not hold  no added  3.50× (3.20–3.90)  –          –          catalogue
                                           latency
    weka-redundant-prefill  holds          nearly    61.0 %             –          –          fitted
                                           40 %      (48.0–77.0)
    weka-kv-footprint       holds when …   about     32.8 GB            –          –          arithmetic
                                           40 GB
        the model has at least 400,000 bytes of KV a token, as llama-3.1-405b (516,096)
    weka-millions-per-day   holds when …   millions  419,000 USD/day    –          undecided  arithmetic
                                           a day     (390,000–440,000)
        a fleet has 25,000 GPUs or more
    weka-more-gpus          does not hold  does not  3.90× (3.70–4.20)  –          –          tensors
                                           solve it
    weka-41x                not testable   41×       –                  –          –          –

    Against each other: of 3 pairs of claims 1 cannot both be true (weka-4.2x and
    weka-redundant-prefill), 1 only under conditions, 1 can.
    reports/latest/claims.html
    "
  `)
})

test('where columns do not fit, each claim has lines of its own', () => {
  const text = renderClaimsTerminal(claimsFixture({ claims: [latency, prefill], pairs: [] }), { ...plain, width: 50 })
  expect(text).toContain('weka-no-latency\n  does not hold\n')
  expect(text).toContain('claimed no added latency, found 3.50×')
})

test('one claim shows its statement, what was left out, and what must be true, a line each', () => {
  const lines = renderClaimsTerminal(claimsFixture({ claims: [multiplier], pairs: [] }), plain).split('\n')
  for (const left of multiplier.conditions.leftOut) expect(lines).toContain(`  ${left}`)
  expect(lines).toContain('  conversations a replica: at least 11.4 (tried 1–32)')
  expect(lines).toContain('  host DRAM of the baseline: holds at none (tried 64 GB–2 TB)')
  expect(lines.join(' ')).toContain('With a token warehouse GPUs produce up to 4.2 times')
  expect(renderClaimsTerminal(claimsFixture(), plain)).not.toContain('MFU of prefill before')
})

test('a column for the deployment only where there is one, a line for pairs only where there are some', () => {
  const without = renderClaimsTerminal(claimsFixture({ claims: [latency, prefill], pairs: [] }), plain)
  expect(without).not.toMatch(/\bthere\b/)
  expect(without).not.toContain('Against each other')
  expect(renderClaimsTerminal(claimsFixture(), plain)).toMatch(/\bthere\b/)
})

test('a quick look is called one; without a report there is no path', () => {
  const text = renderClaimsTerminal(claimsFixture({ quick: true }), { ...plain, reportPath: '' })
  expect(text).toContain('A quick look')
  expect(text.trimEnd().split('\n').at(-1)).not.toContain('html')
})
