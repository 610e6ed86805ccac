import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
} from 'node:fs'
import { join } from 'node:path'
import { badInput } from '../errors.ts'
import { issueWords } from '../issue-words.ts'
import { type HistoryRecord, recordSchema } from './record.ts'

/** Records of each experiment in a file of its own, oldest first: a line of JSON each, so that two runs can append. */
const extension = '.jsonl'

/** Appends a record to the file of its experiment. The folder must be there. */
export function appendRecord(folder: string, record: HistoryRecord): string {
  const path = join(folder, fileName(record.experiment))
  // One write of one line: what another process appends at the same time comes before or after it.
  appendFileSync(path, `${endsMidLine(path) ? '\n' : ''}${JSON.stringify(record)}\n`)
  return path
}

/** All records of a folder by experiment, in the order of names. */
export function readHistory(folder: string): Map<string, HistoryRecord[]> {
  const history = new Map<string, HistoryRecord[]>()
  for (const name of namesIn(folder)) {
    for (const record of readRecords(join(folder, name))) {
      const known = history.get(record.experiment)
      if (known === undefined) history.set(record.experiment, [record])
      else known.push(record)
    }
  }
  return history
}

/** The records of one file, in its order. */
export function readRecords(path: string): HistoryRecord[] {
  const records: HistoryRecord[] = []
  for (const [i, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (line.trim() !== '') records.push(recordOfLine(line, `${path}:${i + 1}`))
  }
  return records
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(extension))
      .sort()
  } catch (error) {
    const isFile = error instanceof Error && 'code' in error && error.code === 'ENOTDIR'
    const fix = 'Give the folder that "memwall run --history" wrote to.'
    throw badInput(folder, isFile ? 'is a file' : 'there is no such folder', fix)
  }
}

function recordOfLine(line: string, where: string): HistoryRecord {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    throw badInput(where, 'is no whole line of JSON, as an interrupted write leaves it', 'Delete the line.')
  }
  const parsed = recordSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const what = `is no record of this version: ${issue.path.join('.') || 'the line'} ${issueWords(issue, json)}`
  throw badInput(where, what, 'Delete the line, or keep other files out of the folder.')
}

/** A name as a file: what a path would take apart is replaced. */
function fileName(experiment: string): string {
  return `${experiment.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'experiment'}${extension}`
}

/** A line that an interrupted write left does not swallow the next. */
function endsMidLine(path: string): boolean {
  if (!existsSync(path)) return false
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const last = Buffer.alloc(1)
    return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== '\n'
  } finally {
    closeSync(file)
  }
}
