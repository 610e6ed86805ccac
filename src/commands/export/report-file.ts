import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { badInput } from '../../errors.ts'
import { issueWords } from '../../issue-words.ts'
import { type NamedRun, runOfReport, runsOfSuite } from '../../report/ci/named-run.ts'
import { reportSchema } from '../../report/report.ts'
import { suiteSchema } from '../../report/suite/suite.ts'

/** The runs of a report.json or suite.json, or of the one that a folder holds: the overview of a suite before a single report. */
export function runsIn(path: string): NamedRun[] {
  const file = reportFileAt(path)
  const raw = jsonOf(file)
  const isSuite = raw !== null && typeof raw === 'object' && 'experiments' in raw
  const parsed = isSuite ? suiteSchema.safeParse(raw) : reportSchema.safeParse(raw)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const where = [file, issue.path.join('.')].filter((part) => part !== '').join(' ')
    throw badInput(where, issueWords(issue, raw), 'Give a report.json or suite.json of this version.')
  }
  return 'experiments' in parsed.data ? runsOfSuite(parsed.data) : [runOfReport(parsed.data)]
}

/** The suite.json or report.json that a folder holds; a file is itself. */
export function reportFileAt(path: string): string {
  if (!isFolder(path)) return path
  const found = ['suite.json', 'report.json'].map((name) => join(path, name)).find((file) => exists(file))
  if (found === undefined) throw badInput(path, 'holds neither suite.json nor report.json', 'Run "memwall run" first.')
  return found
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const what = error instanceof SyntaxError ? 'is no JSON' : 'cannot be read'
    throw badInput(path, what, 'Give a report.json or suite.json, or the folder that holds it.')
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
