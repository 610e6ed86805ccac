import { failsRequirement } from '../../claims/required.ts'
import type { ClaimResult, ClaimsReport } from '../../claims/result.ts'
import { xml } from '../xml.ts'
import { claimsSentence } from './words/answer.ts'
import { regionText, verdictNames } from './words/verdict.ts'

/**
 * JUnit XML: a claim is a test case. One that is required and not met fails; one that cannot be tested is skipped, unless it is
 * required; any other verdict passes and stands in the output.
 */
export function renderClaimsJunit(report: ClaimsReport): string {
  const { claims } = report
  const failures = claims.filter(failsRequirement).length
  const skipped = claims.filter(isSkipped).length
  const counts = `tests="${claims.length}" failures="${failures}" errors="0" skipped="${skipped}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="memwall claims" ${counts} time="${report.seconds.toFixed(3)}">`,
    `<testsuite name="memwall claims" ${counts} time="${report.seconds.toFixed(3)}" timestamp="${xml(report.createdAt.replace(/(\.\d+)?Z$/, ''))}">`,
    ...claims.map(testCase),
    `<system-out>${xml(claimsSentence(report))}</system-out>`,
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function isSkipped(claim: ClaimResult): boolean {
  return claim.verdict === 'notTestable' && !failsRequirement(claim)
}

function testCase(claim: ClaimResult): string {
  const outcome = isSkipped(claim)
    ? `<skipped message="${xml(reason(claim))}"/>\n`
    : failsRequirement(claim)
      ? `<failure type="${claim.verdict}" message="${xml(claim.summary)}">${xml(reason(claim))}</failure>\n`
      : ''
  return `<testcase classname="memwall.claims" name="${xml(claim.id)}">
${outcome}<system-out>${xml(`${verdictText(claim)}: ${claim.summary}`)}</system-out>
</testcase>`
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
