import { readFileSync } from 'node:fs'
import { badInput } from '../../errors.ts'
import { type CompareOptions, type Comparison, compareRecords } from '../../history/compare/comparison.ts'
import { readHistory } from '../../history/history-folder.ts'
import type { HistoryRecord } from '../../history/record.ts'
import { recordOf } from '../../report/record-of.ts'
import { runsIn } from '../export/report-file.ts'
import { baseInHistory } from './stored-side.ts'

/** What a comparison of two suites found. */
export interface SuiteComparison {
  readonly comparisons: readonly Comparison[]
  readonly notes: readonly string[]
}

/** Whether a file is the overview of a suite; one that cannot be read is refused later. */
export function isSuiteFile(path: string): boolean {
  try {
    const raw: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return raw !== null && typeof raw === 'object' && 'experiments' in raw
  } catch {
    return false
  }
}

/** Holds two suites against each other, experiment by experiment. */
export function compareSuites(basePath: string, headPath: string, options: CompareOptions): SuiteComparison {
  const other = [basePath, headPath].find((path) => !isSuiteFile(path))
  if (other !== undefined) {
    runsIn(other)
    throw badInput(other, 'is no suite, the other one is', 'Compare two files of one kind.')
  }
  return joined(recordsOf(basePath), recordsOf(headPath), options)
}

/** Holds each experiment of a suite against its last run in a history; one that is new there is said. */
export function compareSuiteWithHistory(folder: string, headPath: string, options: CompareOptions): SuiteComparison {
  const heads = recordsOf(headPath)
  const known = readHistory(folder)
  const bases = heads
    .filter(({ experiment }) => known.has(experiment))
    .flatMap((record) => [...baseInHistory(folder, { path: headPath, records: [record], isReport: false }).records])
  return joined(bases, heads, options)
}

function joined(
  bases: readonly HistoryRecord[],
  heads: readonly HistoryRecord[],
  options: CompareOptions,
): SuiteComparison {
  const { comparisons, onlyInBase, onlyInHead } = compareRecords(bases, heads, options)
  if (comparisons.length === 0) {
    throw badInput('compare', 'base and head have no experiment in common', 'Give two runs of one suite.')
  }
  const told = (names: readonly string[], side: string): string[] =>
    names.length === 0 ? [] : [`Only in the ${side}, so not compared: ${names.join(', ')}.`]
  return { comparisons, notes: [...told(onlyInBase, 'base'), ...told(onlyInHead, 'head')] }
}

function recordsOf(path: string): HistoryRecord[] {
  return runsIn(path).map(({ experiment, report }) => {
    if (report.partial)
      throw badInput(path, `"${experiment}" is partial: its run was interrupted`, 'Compare complete runs.')
    return recordOf(report, experiment, null)
  })
}
