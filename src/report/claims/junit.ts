import { failsRequirement } from '../../claims/required.ts'
import type { ClaimResult, ClaimsReport } from '../../claims/result.ts'
import { type JunitCase, junitDocument } from '../junit-document.ts'
import { claimsSentence } from './words/answer.ts'
import { regionText, verdictNames } from './words/verdict.ts'

/**
 * JUnit XML: a claim is a test case. One that is required and not met fails; one that cannot be tested is skipped, unless it is
 * required; any other verdict passes and stands in the output.
 */
export function renderClaimsJunit(report: ClaimsReport): string {
  const { createdAt, seconds, claims } = report
  return junitDocument({
    name: 'memwall claims',
    createdAt,
    seconds,
    cases: claims.map(caseOf),
    told: claimsSentence(report),
  })
}

function caseOf(claim: ClaimResult): JunitCase {
  const { id, verdict, summary } = claim
  const failed = failsRequirement(claim)
  return {
    group: 'claims',
    name: id,
    state: failed ? 'failed' : verdict === 'notTestable' ? 'skipped' : 'passed',
    told: `${verdictText(claim)}: ${summary}`,
    reason: reason(claim),
    type: verdict,
  }
}

function verdictText(claim: ClaimResult): string {
  return claim.verdict === 'holdsWhen' ? `holds ${regionText(claim)}` : verdictNames[claim.verdict]
}

function reason(claim: ClaimResult): string {
  if (claim.verdict === 'notTestable')
    return claim.missing.length === 0 ? 'not testable' : `not testable, missing: ${claim.missing.join(', ')}`
  if (claim.verdict !== 'holdsWhen') return verdictNames[claim.verdict]
  const there = { true: 'holds', false: 'does not hold', null: 'undecided' }[`${claim.there?.holds ?? null}`]!
  return `${verdictText(claim)}; ${claim.there === null ? 'no deployment was given' : `in your deployment: ${there}`}`
}
