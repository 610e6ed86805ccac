import type { Random } from '../random.ts'

/** Log-normal. */
export function aroundMedian(random: Random, median: number, sigma: number): number {
  return random.logNormal(Math.log(median), sigma)
}

/** Log-normal with a spread of its own on either side of the median. */
export function spread(random: Random, median: number, below: number, above: number): number {
  const z = random.normal()
  return median * Math.exp(z * (z < 0 ? below : above))
}

/** Geometric from 1 on: after each one the chance of another is the same. */
export function oneOrMore(random: Random, mean: number): number {
  return 1 + Math.floor(Math.log(1 - random.next()) / Math.log(1 - 1 / mean))
}

/** A whole number of tokens (or turns) from 1 to `most`. */
export function bounded(tokens: number, most: number): number {
  return Math.max(1, Math.round(Math.min(tokens, most)))
}
