import { failsRequirement } from '../../../claims/required.ts'
import type { ClaimsReport, ClaimTrust } from '../../../claims/result.ts'
import { formatCount, formatNumber } from '../../../units.ts'
import type { EvidenceLine } from '../../evidence.ts'
import { isAsClaimed } from './direction.ts'
import { pairSentence } from './pairs.ts'

/** What the verdicts rest on, under the sentence on top. */
export function claimsEvidence(report: ClaimsReport): EvidenceLine[] {
  return [
    quick(report),
    trust(report),
    strongest(report),
    leftOut(report),
    pairs(report),
    required(report),
    deployment(report),
    missing(report),
  ].filter((line) => line !== undefined)
}

function quick({ quick, seconds }: ClaimsReport): EvidenceLine | undefined {
  if (!quick) return undefined
  return line(
    'Quick',
    `a first look of ${formatNumber(seconds)} s; what it decides the full run decides in the same way, and more`,
    false,
  )
}

const rungs: readonly (readonly [ClaimTrust, string])[] = [
  ['tensors', 'measured with real tensors on mock GPUs'],
  ['fitted', 'planned with a cost model fitted to real tensors'],
  ['catalogue', 'planned with the catalogue’s cost model, nothing measured'],
  ['arithmetic', 'arithmetic on stated figures, no run'],
]

function trust({ claims }: ClaimsReport): EvidenceLine | undefined {
  const tested = claims.filter(({ verdict }) => verdict !== 'notTestable')
  if (tested.length === 0) return undefined
  const told = rungs.flatMap(([rung, words]) => {
    const count = tested.filter((claim) => claim.trust === rung).length
    return count === 0 ? [] : [tested.length === 1 ? words : `${count} ${words}`]
  })
  return line('Trust', told.join('; '))
}

/** Claims that are judged by their value against the strongest free baseline, too. */
function strongest({ claims }: ClaimsReport): EvidenceLine | undefined {
  const judged = claims.flatMap((claim) => {
    const kept = claim.againstStrongest === null ? undefined : isAsClaimed(claim, claim.againstStrongest.value)
    return kept === undefined ? [] : [kept]
  })
  if (judged.length === 0) return undefined
  const kept = judged.filter(Boolean).length
  return line(
    'Baseline',
    `against the strongest free baseline ${keptText(kept, judged.length)} what is claimed`,
    kept === judged.length,
  )
}

function keptText(kept: number, count: number): string {
  if (count === 1) return `the one claim that can be asked so ${kept === 1 ? 'reaches' : 'does not reach'}`
  if (kept === 0) return `none of the ${count} claims that can be asked so reaches`
  if (kept === count) return `all ${count} claims that can be asked so reach`
  return `${kept} of ${count} claims that can be asked so ${kept === 1 ? 'reaches' : 'reach'}`
}

function leftOut({ claims }: ClaimsReport): EvidenceLine | undefined {
  const count = claims.filter(({ conditions }) => conditions.leftOut.length > 0).length
  if (count === 0) return undefined
  const told = count === claims.length ? 'every claim' : `${count} of ${claims.length} claims`
  const where = claims.length === 1 ? 'the claim' : told
  return line('Not stated', `conditions that the verdict can turn on, in ${where}; the sweeps vary them`)
}

function pairs(report: ClaimsReport): EvidenceLine | undefined {
  if (report.pairs.length === 0) return undefined
  return line('Together', pairSentence(report.pairs), !report.pairs.some(({ verdict }) => verdict === 'incompatible'))
}

function required({ claims }: ClaimsReport): EvidenceLine | undefined {
  const asked = claims.filter(({ require }) => require)
  if (asked.length === 0) return undefined
  const failed = asked.filter(failsRequirement)
  if (failed.length === 0) return line('Required', `${formatCount(asked.length, 'claim')}, met`)
  return line('Required', `not met: ${failed.map(({ id }) => id).join(', ')}`, false)
}

function deployment({ deployment }: ClaimsReport): EvidenceLine | undefined {
  if (deployment === null) return undefined
  const { text, assumed } = deployment
  return line('Deployment', assumed.length === 0 ? text : `${text}; assumed: ${assumed.join(', ')}`)
}

function missing({ claims }: ClaimsReport): EvidenceLine | undefined {
  const told = claims
    .filter((claim) => claim.missing.length > 0)
    .map(({ id, missing }) => `${id} (${missing.join(', ')})`)
  return told.length === 0 ? undefined : line('Missing', `figures for ${told.join('; ')}`)
}

function line(topic: string, text: string, sound = true): EvidenceLine {
  return { topic, text, sound }
}
