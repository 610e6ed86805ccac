import type { ClaimPair } from '../../../claims/result.ts'

type PairVerdict = ClaimPair['verdict']

export const pairVerdicts: Readonly<Record<PairVerdict, string>> = {
  incompatible: 'cannot both be true',
  compatibleWhen: 'both only when …',
  undecided: 'undecided',
  compatible: 'can both be true',
}

/** Claims against each other in a sentence, those that contradict each other by name. */
export function pairSentence(pairs: readonly ClaimPair[]): string {
  const of = (verdict: PairVerdict): readonly ClaimPair[] => pairs.filter((pair) => pair.verdict === verdict)
  const [against, some, open, fine] = [of('incompatible'), of('compatibleWhen'), of('undecided'), of('compatible')]
  if (pairs.length === 1) {
    const both = pairs[0]!.claims.join(' and ')
    if (against.length > 0) return `${both} cannot both be true in one deployment`
    if (some.length > 0) return `${both} are both true only under conditions`
    return open.length > 0 ? `it is undecided whether ${both} can both be true` : `${both} can both be true`
  }
  const lead = `of ${pairs.length} pairs of claims`
  if (fine.length === pairs.length) return `${lead} each can be true in one deployment`
  const told = [
    against.length === 0 ? 'none is a contradiction' : `${against.length} cannot both be true (${names(against)})`,
    some.length === 0 ? '' : `${some.length} only under conditions`,
    open.length === 0 ? '' : `${open.length} undecided`,
    fine.length === 0 ? '' : `${fine.length} can`,
  ]
  return `${lead} ${told.filter((part) => part !== '').join(', ')}`
}

/** Pairs that a sentence names. */
const mostNamed = 3

/** Contradictions first. */
export function byPairVerdict(pairs: readonly ClaimPair[]): ClaimPair[] {
  const order = Object.keys(pairVerdicts)
  return [...pairs].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
}

function names(pairs: readonly ClaimPair[]): string {
  const named = pairs.slice(0, mostNamed).map(({ claims }) => claims.join(' and '))
  return [...named, ...(pairs.length > mostNamed ? [`${pairs.length - mostNamed} more`] : [])].join('; ')
}
