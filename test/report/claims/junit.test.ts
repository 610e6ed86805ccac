import { describe, expect, test } from 'vitest'
import type { ClaimResult } from '../../../src/claims/result.ts'
import { renderClaimsJunit } from '../../../src/report/claims/junit.ts'
import { claimsFixture, hostileClaim, multiplier, plainClaim, prefill } from './fixture.ts'

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

const references: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** XML 1.0 as far as the exporter uses it, and nothing beyond: what is not well-formed throws. */
function parseXml(xml: string): Element {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/.test(xml))
    throw new Error('a character that XML has not')
  const unescaped = (text: string): string => {
    if (/[<]|&(?!(?:amp|lt|gt|quot|apos);)|]]>/.test(text)) throw new Error(`unescaped: ${text}`)
    return text.replaceAll(/&(\w+);/g, (_, name: string) => references[name]!)
  }
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  let at = xml.match(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/)![0].length
  const token = /<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/y
  while (at < xml.length) {
    token.lastIndex = at
    const match = token.exec(xml)
    if (match === null) throw new Error(`not well-formed at ${xml.slice(at, at + 40)}`)
    at = token.lastIndex
    const [, closes, name, attributes, empty, text] = match
    const parent = open.at(-1)!
    if (text !== undefined) parent.text += unescaped(text)
    else if (closes === '/') {
      if (open.pop()!.name !== name) throw new Error(`</${name}> closes nothing`)
    } else {
      const pairs = [...attributes!.matchAll(/ ([a-z]+)="([^"]*)"/g)]
      const element: Element = {
        name: name!,
        attributes: Object.fromEntries(pairs.map(([, key, value]) => [key!, unescaped(value!)])),
        children: [],
        text: '',
      }
      parent.children.push(element)
      if (empty !== '/') open.push(element)
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not one root')
  return root.children[0]!
}

function casesOf(claims: readonly ClaimResult[]): { suite: Element; cases: Element[] } {
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
