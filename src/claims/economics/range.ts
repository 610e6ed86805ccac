import type { Range } from '../result.ts'

/** A value that is known. */
export function exactly(value: number): Range {
  return { value, low: value, high: value }
}

/**
 * What follows from several ranges: the value from their values, low and high over all corners of their box, which is exact
 * for a function that is monotone in each of them.
 */
export function overRanges<K extends string>(
  ranges: Readonly<Record<K, Range>>,
  follows: (values: Readonly<Record<K, number>>) => number,
): Range {
  const names = Object.keys(ranges) as K[]
  const corner = (end: (name: K, i: number) => number): number =>
    follows(Object.fromEntries(names.map((name, i) => [name, end(name, i)])) as Record<K, number>)
  const corners = Array.from({ length: 2 ** names.length }, (_, bits) =>
    corner((name, i) => ((bits >> i) & 1 ? ranges[name].high : ranges[name].low)),
  )
  return { value: corner((name) => ranges[name].value), low: Math.min(...corners), high: Math.max(...corners) }
}
