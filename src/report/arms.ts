import type { Report } from './report.ts'

/** The arm against which every other is measured. */
export const baselineArm = 'hbm-only'

/** The arm that bounds every memory system with the same KV format. */
export const ceilingArm = 'infinite-cache'

/** The arm that the question is about. */
const askedArm = 'warehouse'

const first = [baselineArm, 'local-dram', askedArm]
const last = [ceilingArm, 'infinite-hbm']

/** Names of arms as they are shown: baseline first, further arms after the warehouse, ceilings last. */
export function inArmOrder(names: readonly string[]): string[] {
  const further = names.filter((name) => !first.includes(name) && !last.includes(name)).sort()
  return [...first, ...further, ...last].filter((name) => names.includes(name))
}

export function armNames(report: Report): string[] {
  return inArmOrder(Object.keys(report.arms))
}

/** The arm that the answer is about: the warehouse, or else the last one that is not the baseline. */
export function headlineArm(report: Report): string | undefined {
  const others = armNames(report).filter((name) => name !== baselineArm)
  return others.includes(askedArm) ? askedArm : others.at(-1)
}

/** An arm as the subject of a sentence: "the warehouse". */
export function armPhrase(name: string): string {
  return phrases.get(name) ?? name
}

const phrases: ReadonlyMap<string, string> = new Map([
  [baselineArm, 'HBM only'],
  ['local-dram', 'local DRAM'],
  [askedArm, 'the warehouse'],
  ['dram+warehouse', 'DRAM and the warehouse'],
  [ceilingArm, 'an infinite cache'],
  ['infinite-hbm', 'infinite HBM'],
])
