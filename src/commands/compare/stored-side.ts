import { readFileSync } from 'node:fs'
import { badInput } from '../../errors.ts'
import { readHistory, readRecords } from '../../history/history-folder.ts'
import type { HistoryRecord } from '../../history/record.ts'
import { issueWords } from '../../issue-words.ts'
import { recordOf } from '../../report/record-of.ts'
import { reportSchema, reportSchemaVersion } from '../../report/report.ts'

/** One side of a comparison of stored runs, oldest record first. */
export interface StoredSide {
  readonly path: string
  readonly records: readonly HistoryRecord[]
  /** A report does not say what its experiment is called: here it has the name of its workload. */
  readonly isReport: boolean
}

const give = 'Give a report.json, or a .jsonl of a history.'

/** Reads report.json, or the records of a history's file with the newest commit. */
export function readSide(path: string): StoredSide {
  if (path.endsWith('.jsonl')) {
    textOf(path)
    const all = readRecords(path)
    if (all.length === 0) throw badInput(path, 'holds no record', give)
    return { path, records: all, isReport: false }
  }
  return { path, records: [reportRecord(path)], isReport: true }
}

/**
 * The base of a head in a history: the last record before it of the same experiment, with the same inputs
 * and of the same machine where there is one. Earlier ones come along, to say how much it varies.
 */
export function baseInHistory(folder: string, head: StoredSide): StoredSide {
  const newest = head.records.at(-1)!
  const history = readHistory(folder)
  const all = [...history.values()].flat()
  const named = history.get(newest.experiment) ?? []
  const candidates = head.isReport && !named.some(sameInputs) ? [...all.filter(sameInputs), ...named] : named
  const earlier = candidates.filter(
    (record) => record.trust === newest.trust && !isSame(record, newest) && record.date < newest.date,
  )
  const pools = [
    earlier.filter((record) => sameInputs(record) && sameMachine(record)),
    earlier.filter(sameInputs),
    earlier,
  ]
  const records = pools.find(({ length }) => length > 0)
  if (records !== undefined) return { path: folder, records: byDate(records), isReport: false }
  const known = [...history.keys()].join(', ')
  throw badInput(
    folder,
    `holds no earlier run of "${newest.experiment}"`,
    known === '' ? 'Record one: memwall run --history.' : `It holds: ${known}.`,
  )

  function sameInputs({ inputsHash }: HistoryRecord): boolean {
    return inputsHash === newest.inputsHash
  }

  function sameMachine({ environment }: HistoryRecord): boolean {
    return environment.fingerprint === newest.environment.fingerprint
  }
}

/** Refuses sides that answer different questions. */
export function refuseOtherExperiment(base: StoredSide, head: StoredSide): void {
  const [before, after] = [base.records.at(-1)!, head.records.at(-1)!]
  if (before.experiment === after.experiment || before.inputsHash === after.inputsHash) return
  // A report has the name of its workload, a record may have that of its file: they cannot be told apart.
  if (base.isReport !== head.isReport) return
  throw badInput(
    head.path,
    `is of "${after.experiment}", ${base.path} of "${before.experiment}"`,
    'Compare two runs of one experiment.',
  )
}

/** The newest commit's records of a head: repeats of one state of the code. */
export function sameCommit({ records }: StoredSide): HistoryRecord[] {
  const newest = records.at(-1)!
  const hash = newest.commit?.hash
  return hash === undefined ? [newest] : records.filter(({ commit }) => commit?.hash === hash)
}

function reportRecord(path: string): HistoryRecord {
  let json: unknown
  try {
    json = JSON.parse(textOf(path))
  } catch (error) {
    if (error instanceof SyntaxError) throw badInput(path, 'is not JSON', give)
    throw error
  }
  const version = (json as { schemaVersion?: unknown } | null)?.schemaVersion
  if (typeof version === 'number' && version !== reportSchemaVersion) {
    const what = `has version ${version} of the schema, this memwall reads ${reportSchemaVersion}`
    throw badInput(path, what, 'Make it anew, or compare with the memwall that made it.')
  }
  const parsed = reportSchema.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw badInput(path, `is no report: ${issue.path.join('.') || 'it'} ${issueWords(issue, json)}`, give)
  }
  if (parsed.data.partial) throw badInput(path, 'is partial: its run was interrupted', 'Compare complete reports.')
  return recordOf(parsed.data, parsed.data.setup.workload, null)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const isFolder = error instanceof Error && 'code' in error && error.code === 'EISDIR'
    throw badInput(path, isFolder ? 'is a folder' : 'cannot be read', give)
  }
}

function isSame(one: HistoryRecord, other: HistoryRecord): boolean {
  return one.date === other.date && one.inputsHash === other.inputsHash
}

function byDate(records: readonly HistoryRecord[]): HistoryRecord[] {
  return [...records].sort((a, b) => a.date.localeCompare(b.date))
}
