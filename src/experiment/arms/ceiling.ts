/** The arm that loses nothing and moves it for free. */
export const ceilingArm = 'infinite-cache'

/** Memories with the KV format and the GPUs of the baseline: whatever they are, nothing lets them pass the ceiling. */
const bounded = ['local-dram', 'warehouse', 'dram+warehouse']

/** Whether the ceiling bounds an arm, parameters aside. */
export function isBounded(arm: string): boolean {
  return bounded.includes(arm.split(':')[0]!)
}

/**
 * Lifts the ceiling to the best of what it bounds: windows of two arms hold other requests, so that by chance it can come out
 * below, and it is none then.
 * @param atLeast the first, or where it is smaller, what says as much as the second
 */
export function raisedCeiling<T>(arms: Map<string, T>, atLeast: (ceiling: T, least: T) => T): Map<string, T> {
  const own = arms.get(ceilingArm)
  if (own === undefined) return arms
  const below = [...arms].filter(([name]) => isBounded(name)).map(([, figure]) => figure)
  return new Map(arms).set(ceilingArm, below.reduce(atLeast, own))
}

/** The same of plain figures; what does not exist stays so. */
export function withCeiling<T extends number | null>(figures: Readonly<Record<string, T>>): Record<string, T> {
  const raised = raisedCeiling(new Map(Object.entries(figures)), (ceiling, least) =>
    ceiling !== null && least !== null && least > ceiling ? least : ceiling,
  )
  return Object.fromEntries(raised)
}
