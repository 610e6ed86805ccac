import type { ClaimPair } from '../../../claims/result.ts'

type PairVerdict = ClaimPair['verdict']

export const pairVerdicts: Readonly<Record<PairVerdict, string>> = {
  incompatible: 'cannot both be true',
  compatibleWhen: 'both true only when …',
  undecided: 'undecided',
  compatible: 'can both be true',
}

/** Claims against each other in a line, those that contradict each other by name. */
export function pairSentence(pairs: readonly ClaimPair[]): string {
  const of = (verdict: PairVerdict): readonly ClaimPair[] => pairs.filter((pair) => pair.verdict === verdict)
  const [against, some, open, fine] = [of('incompatible'), of('compatibleWhen'), of('undecided'), of('compatible')]
  const number = (count: number): string => (count === 1 ? '1 pair' : `${count} pairs`)
  return [
    against.length === 0 ? '' : `${number(against.length)} of claims cannot both be true (${names(against)})`,
    some.length === 0 ? '' : `${number(some.length)} can only under conditions`,
    open.length === 0 ? '' : `${number(open.length)} undecided`,
    fine.length === 0 ? '' : `${number(fine.length)} can both be true`,
  ]
    .filter((part) => part !== '')
    .join('; ')
}

function names(pairs: readonly ClaimPair[]): string {
  return pairs.map(({ claims }) => claims.join(' and ')).join('; ')
}
