import { describe, expect, test } from 'vitest'
import type { ClaimResult } from '../../../src/claims/result.ts'
import { renderClaimsJunit } from '../../../src/report/claims/junit.ts'
import { parseXml, type XmlElement } from '../parse-xml.ts'
import { claimsFixture, hostileClaim, multiplier, plainClaim, prefill } from './fixture.ts'

function casesOf(claims: readonly ClaimResult[]): { suite: XmlElement; cases: XmlElement[] } {
  const suites = parseXml(renderClaimsJunit(claimsFixture({ claims })))
  const suite = suites.children[0]!
  return { suite, cases: suite.children.filter(({ name }) => name === 'testcase') }
}

const outcomeOf = (claim: ClaimResult): string =>
  casesOf([claim]).cases[0]!.children.find(({ name }) => name !== 'system-out')?.name ?? 'passed'

test('a claim is a test case, counted', () => {
  const { suite, cases } = casesOf(claimsFixture().claims)
  expect(cases.map(({ attributes }) => attributes.name)).toEqual(claimsFixture().claims.map(({ id }) => id))
  expect(suite.attributes).toMatchObject({ tests: '8', failures: '1', errors: '0', skipped: '1', time: '141.300' })
  expect(cases[0]!.children[0]).toMatchObject({ name: 'failure', attributes: { type: 'holdsWhen' } })
  expect(cases[0]!.children[0]!.text).toContain('in your deployment: does not hold')
})

describe('what fails', () => {
  const there = multiplier.there!
  test.each<[string, Partial<ClaimResult>, string]>([
    ['required and holds', { require: true }, 'passed'],
    [
      'required, holds in the user’s deployment',
      { require: true, verdict: 'holdsWhen', there: { ...there, holds: true } },
      'passed',
    ],
    ['required, does not there', { require: true, verdict: 'holdsWhen', there: { ...there, holds: false } }, 'failure'],
    ['required, undecided there', { require: true, verdict: 'holdsWhen', there: { ...there, holds: null } }, 'failure'],
    ['required, no deployment', { require: true, verdict: 'holdsWhen' }, 'failure'],
    ['required, does not hold', { require: true, verdict: 'doesNotHold' }, 'failure'],
    ['required, not testable', { require: true, verdict: 'notTestable' }, 'failure'],
    ['not testable', { verdict: 'notTestable' }, 'skipped'],
    ['does not hold', { verdict: 'doesNotHold' }, 'passed'],
    ['holds when', { verdict: 'holdsWhen' }, 'passed'],
  ])('%s', (_, changes, outcome) => {
    expect(outcomeOf(plainClaim(changes))).toBe(outcome)
  })
})

test('what is skipped says which figures are missing', () => {
  expect(casesOf([prefill]).cases[0]!.children[0]!.attributes.message).toBe(
    'not testable, missing: engine of the baseline, number format',
  )
})

test('hostile text is text, and what XML cannot hold is left out', () => {
  const { cases } = casesOf([hostileClaim()])
  expect(cases[0]!.attributes.name).toBe(
    '<script>alert("&")</script>[31m | `x` ]]>  "quoted" \'single\' javascript:alert(1)',
  )
})
