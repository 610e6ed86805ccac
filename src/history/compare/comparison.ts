import { mannWhitney } from '../../statistics/mann-whitney.ts'
import type { Figure } from '../figure.ts'
import { commitText, type HistoryRecord } from '../record.ts'
import { isWithin } from '../tolerance.ts'

/** What became of a figure. `changed`: it differs, and neither direction is better. */
export type Outcome = 'unchanged' | 'better' | 'worse' | 'changed' | 'new' | 'missing'

/** A figure of the base held against the same figure of the head. */
export interface FigureComparison {
  readonly name: string
  readonly unit: string
  readonly kind: Figure['kind']
  readonly base: number | null
  readonly head: number | null
  /** Head ÷ base − 1; null where one of them is missing or the base is 0. */
  readonly changeRelative: number | null
  readonly outcome: Outcome
  /** Whether its outcome decides; else it is advice. */
  readonly isGated: boolean
  /** Mann–Whitney over the records of either side, and the least p that so few can give; null with fewer than three of the base. */
  readonly p: number | null
  readonly attainableP: number | null
}

/** The records of one experiment: the newest is what is compared, the earlier ones of the base say how much it varies. */
export interface Side {
  readonly records: readonly HistoryRecord[]
}

export interface Comparison {
  readonly experiment: string
  readonly base: string
  readonly head: string
  readonly isGated: boolean
  /** What the reader must know: why figures are advice, what was left out. */
  readonly notes: readonly string[]
  readonly figures: readonly FigureComparison[]
}

export interface CompareOptions {
  /** Whether times of different machines are compared. */
  readonly acrossEnvironments: boolean
}

/** Measured figures that differ by less are said to be unchanged: two runs tell no more than that. */
const adviceFrom = 0.05
/** Fewer records of the base say nothing about its noise. */
const fewestForP = 3

/** Whether a figure fails the gate. */
export function fails({ isGated, outcome }: Pick<FigureComparison, 'isGated' | 'outcome'>): boolean {
  return isGated && (outcome === 'worse' || outcome === 'changed' || outcome === 'missing')
}

/** Holds the newest record of a side against that of the other. Deterministic figures decide where the inputs are the same. */
export function compareSides(baseSide: Side, headSide: Side, { acrossEnvironments }: CompareOptions): Comparison {
  const base = baseSide.records.at(-1)!
  const head = headSide.records.at(-1)!
  const sameInputs = base.inputsHash === head.inputsHash
  const sameMachine = base.environment.fingerprint === head.environment.fingerprint
  const timed = sameMachine || acrossEnvironments
  const pairs = paired(base.figures, head.figures)
  const shown = pairs.filter(({ before, after }) => timed || (before ?? after)!.kind === 'deterministic')
  const figures = shown.map(({ name, before, after }) => {
    const compared = compareFigure(before, after, sameInputs)
    if (compared.kind !== 'measured' || before === undefined || after === undefined) return compared
    return { ...compared, ...rankTest(valuesOf(baseSide, base, name), valuesOf(headSide, head, name)) }
  })
  return {
    experiment: head.experiment,
    base: sideText(base),
    head: sideText(head),
    isGated: sameInputs,
    notes: notesOf(sameInputs, sameMachine, acrossEnvironments, pairs.length - shown.length, base, head),
    figures,
  }
}

/** Holds two lists of records against each other, experiment by experiment. */
export function compareRecords(
  bases: readonly HistoryRecord[],
  heads: readonly HistoryRecord[],
  options: CompareOptions,
): { readonly comparisons: readonly Comparison[]; readonly onlyInBase: string[]; readonly onlyInHead: string[] } {
  const baseSides = byExperiment(bases)
  const headSides = byExperiment(heads)
  const both = [...headSides].flatMap(([name, head]) => {
    const base = baseSides.get(name)
    return base === undefined ? [] : [compareSides(base, head, options)]
  })
  return {
    comparisons: both,
    onlyInBase: [...baseSides.keys()].filter((name) => !headSides.has(name)),
    onlyInHead: [...headSides.keys()].filter((name) => !baseSides.has(name)),
  }
}

/** Figures by name, those of the head first. @param sameInputs whether deterministic ones decide */
export function compareFigures(
  base: readonly Figure[],
  head: readonly Figure[],
  sameInputs: boolean,
): FigureComparison[] {
  return paired(base, head).map(({ before, after }) => compareFigure(before, after, sameInputs))
}

function paired(base: readonly Figure[], head: readonly Figure[]) {
  const names = new Set([...head, ...base].map(({ name }) => name))
  return [...names].map((name) => ({ name, before: find(base, name), after: find(head, name) }))
}

function byExperiment(records: readonly HistoryRecord[]): Map<string, { records: HistoryRecord[] }> {
  const sides = new Map<string, { records: HistoryRecord[] }>()
  for (const record of records) {
    const side = sides.get(record.experiment)
    if (side === undefined) sides.set(record.experiment, { records: [record] })
    else side.records.push(record)
  }
  return sides
}

function compareFigure(base: Figure | undefined, head: Figure | undefined, sameInputs: boolean): FigureComparison {
  const { name, unit, kind, better } = (head ?? base)!
  const isGated = sameInputs && kind === 'deterministic' && (base ?? head)!.kind === kind
  const common = { name, unit, kind, isGated, p: null, attainableP: null }
  if (base === undefined || head === undefined) {
    const outcome: Outcome = base === undefined ? 'new' : 'missing'
    return { ...common, base: base?.value ?? null, head: head?.value ?? null, changeRelative: null, outcome }
  }
  const changeRelative = base.value === 0 ? null : head.value / base.value - 1
  const outcome = isSame(base, head) ? 'unchanged' : direction(better, head.value - base.value)
  return { ...common, base: base.value, head: head.value, changeRelative, outcome }
}

function isSame(base: Figure, head: Figure): boolean {
  if (head.kind === 'deterministic' && base.kind === 'deterministic') return isWithin(base.value, head)
  if (isWithin(base.value, { value: head.value, toleranceRelative: adviceFrom })) return true
  const [baseLow, baseHigh] = [base.low ?? base.value, base.high ?? base.value]
  return (head.low ?? head.value) <= baseHigh && baseLow <= (head.high ?? head.value)
}

function direction(better: Figure['better'], change: number): Outcome {
  if (better === 'neither') return 'changed'
  return change > 0 === (better === 'higher') ? 'better' : 'worse'
}

function rankTest(base: readonly number[], head: readonly number[]): Pick<FigureComparison, 'p' | 'attainableP'> {
  if (base.length < fewestForP) return { p: null, attainableP: null }
  const { p, attainableP } = mannWhitney(base, head)
  return { p, attainableP }
}

/** The values of a figure in the records that are like the newest: same commit for the head, same machine and inputs for both. */
function valuesOf({ records }: Side, like: HistoryRecord, name: string): number[] {
  return records
    .filter((record) => record.inputsHash === like.inputsHash)
    .filter(({ environment }) => environment.fingerprint === like.environment.fingerprint)
    .flatMap(({ figures }) => find(figures, name)?.value ?? [])
}

function find(figures: readonly Figure[], name: string): Figure | undefined {
  return figures.find((figure) => figure.name === name)
}

function sideText(record: HistoryRecord): string {
  return `${record.date.slice(0, 16).replace('T', ' ')}, ${commitText(record)}`
}

function notesOf(
  sameInputs: boolean,
  sameMachine: boolean,
  acrossEnvironments: boolean,
  leftOut: number,
  base: HistoryRecord,
  head: HistoryRecord,
): string[] {
  const notes: string[] = []
  if (base.trust !== head.trust) {
    notes.push(`One is measured, the other planned (${base.trust} against ${head.trust}).`)
  }
  if (!sameInputs) {
    notes.push('The inputs differ (inputsHash): what follows is advice, and fails nothing.')
  }
  if (!sameMachine) {
    const machines = `${machineText(base)} against ${machineText(head)}`
    notes.push(
      acrossEnvironments
        ? `Times are of different machines: ${machines}.`
        : `${leftOut} measured figures are left out, they are of different machines: ${machines}. --across-environments compares them all the same.`,
    )
  }
  return notes
}

function machineText({ environment }: HistoryRecord): string {
  const { cpu = 'unknown CPU', cores = '?', node = '?', kernels = 'none' } = environment
  return `${cpu}, ${cores} cores, Node ${node}, kernels ${kernels}`
}
