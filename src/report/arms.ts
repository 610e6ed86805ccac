import type { Report } from './report.ts'

/** The arm against which every other is measured. */
export const baselineArm = 'hbm-only'

/** The arm that bounds every memory system with the same KV format. */
export const ceilingArm = 'infinite-cache'

/** The arms that the question is about, the one most asked for first. */
const askedArms = ['warehouse', 'dram+warehouse']

const first = [baselineArm, 'more-gpus', 'compact-kv', 'local-dram', ...askedArms]
const last = [ceilingArm, 'infinite-hbm']

/** "local-dram:512GB" → "local-dram": what decides an arm's place, colour and name. */
export function baseName(name: string): string {
  return name.split(':', 1)[0]!
}

/** "local-dram:512GB" → "512GB". */
function parameterOf(name: string): string {
  return name.slice(baseName(name).length + 1)
}

/** Names of arms as they are shown: baseline first, ceilings last; arms that differ in a parameter as they were given. */
export function inArmOrder(names: readonly string[]): string[] {
  const bases = names.map(baseName)
  const further = bases.filter((base) => !first.includes(base) && !last.includes(base)).sort()
  const order = [...first, ...further, ...last]
  return [...names].sort((a, b) => order.indexOf(baseName(a)) - order.indexOf(baseName(b)))
}

export function armNames(report: Report): string[] {
  return inArmOrder(Object.keys(report.arms))
}

/** The arm that the answer is about: the warehouse, or else the last one that is neither baseline nor ceiling. */
export function headlineArm(report: Report): string | undefined {
  const others = armNames(report).filter((name) => name !== baselineArm)
  const asked = askedArms.flatMap((base) => others.find((name) => baseName(name) === base) ?? [])
  return asked[0] ?? others.filter((name) => !last.includes(baseName(name))).at(-1) ?? others.at(-1)
}

/** An arm as the subject of a sentence: "the warehouse". */
export function armPhrase(name: string): string {
  const base = baseName(name)
  const parameter = parameterOf(name)
  const phrase = phrases.get(base) ?? base
  if (parameter === '') return phrase
  if (base === 'more-gpus') return `${parameter.replace(/[×x]$/, '')}× the GPUs`
  if (base === 'compact-kv') return Number(parameter) > 0 ? `KV of ${parameter} of its size` : `KV in ${parameter}`
  return base === 'local-dram' ? `local DRAM of ${parameter}` : `${phrase} of ${parameter}`
}

/** An arm with other GPUs than the baseline's: "the same GPUs" does not hold for it. */
export function hasOtherGpus({ arms }: Report, name: string): boolean {
  const baseline = arms[baselineArm]
  return baseline !== undefined && arms[name] !== undefined && arms[name].gpus !== baseline.gpus
}

const phrases: ReadonlyMap<string, string> = new Map([
  [baselineArm, 'HBM only'],
  ['more-gpus', 'more GPUs'],
  ['compact-kv', 'a smaller KV format'],
  ['local-dram', 'local DRAM'],
  ['warehouse', 'the warehouse'],
  ['dram+warehouse', 'DRAM and the warehouse'],
  [ceilingArm, 'an infinite cache'],
  ['infinite-hbm', 'infinite HBM'],
])
