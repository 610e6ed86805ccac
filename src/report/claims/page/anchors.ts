import type { ClaimResult } from '../../../claims/result.ts'

/** The anchor of each card: "claim-weka-4.2x"; one that is taken gets a number. */
export function anchorsOf(claims: readonly ClaimResult[]): string[] {
  const taken = new Set<string>()
  return claims.map(({ id }) => {
    const plain = `claim-${id.replaceAll(/[^\w.-]+/g, '-')}`
    let anchor = plain
    for (let number = 2; taken.has(anchor); number++) anchor = `${plain}-${number}`
    taken.add(anchor)
    return anchor
  })
}
