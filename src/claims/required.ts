import type { ClaimResult } from './result.ts'

/** A claim that its user requires neither holds nor holds in the user's own deployment: the exit code is 1. */
export function failsRequirement({ require, verdict, there }: ClaimResult): boolean {
  return require && verdict !== 'holds' && !(verdict === 'holdsWhen' && there?.holds === true)
}
