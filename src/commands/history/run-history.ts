import { basename, dirname, extname, resolve } from 'node:path'
import { appendRecord } from '../../history/history-folder.ts'
import type { HistoryRecord } from '../../history/record.ts'
import { recordOf } from '../../report/record-of.ts'
import type { Report } from '../../report/report.ts'
import { makeFolder } from '../run/out-folder.ts'
import { commitHere } from './commit.ts'

/** Where a run is recorded, and under which name. */
export interface RunHistory {
  readonly folder: string
  /** From the experiment's file; undefined: the workload's name. */
  readonly experiment: string | undefined
}

/** "nightly/chat.yaml" → "chat"; one that is called "experiment.yaml" is known by its folder. */
export function experimentName(file: string): string {
  const name = basename(file, extname(file))
  return name === 'experiment' ? basename(dirname(resolve(file))) : name
}

/** Appends what a run found. What is partial, or failed its checks, is no point of a trend and no base: that is said, and nothing is added. */
export function recordRun(
  { folder, experiment }: RunHistory,
  report: Report,
  problems: readonly string[],
  commit: HistoryRecord['commit'] = commitHere(),
): void {
  if (report.partial) {
    process.stderr.write(`--history: the run was interrupted, nothing was added to ${folder}.\n`)
    return
  }
  if (problems.length > 0) {
    process.stderr.write(`--history: the run failed its checks, nothing was added to ${folder}.\n`)
    return
  }
  makeFolder(folder)
  appendRecord(folder, recordOf(report, experiment ?? report.setup.workload, commit))
}
