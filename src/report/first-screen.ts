import { answerSentence } from './answer.ts'
import { type EvidenceLine, evidenceLines } from './evidence.ts'
import { readingsOf } from './readings.ts'
import type { Report } from './report.ts'

/** What a reader sees before anything is unfolded, in every form of the report. */
export interface FirstScreen {
  readonly answer: string
  /** Readings beneath it, of the answer's own standing. */
  readonly readings: readonly string[]
  /** Readings that are planned whatever was measured. */
  readonly planned: readonly string[]
  /** Head of the planned ones; empty where all of it is planned. */
  readonly plannedHead: string
  /** What could change the reader's mind. */
  readonly changes: readonly EvidenceLine[]
  /** How it was measured: all else that it rests on. */
  readonly folded: readonly EvidenceLine[]
}

const mostChanges = 5
/** What a reader should know even where nothing is wrong, the first of them first. */
const alwaysTold = ['Single windows', 'Fabric', 'Left out']
/** What never folds. */
const failures = ['Partial', 'Answers', 'Controls']

/** Whether a line says that the run itself failed at something. */
export function isFailure({ topic, sound }: EvidenceLine): boolean {
  return !sound && failures.includes(topic)
}

export function firstScreen(report: Report): FirstScreen {
  const lines = evidenceLines(report)
  const weak = lines.filter(({ sound }) => !sound)
  const failed = weak.filter(isFailure)
  const told = alwaysTold.flatMap((topic) => lines.filter((line) => line.topic === topic && line.sound))
  const ranked = [...failed, ...weak.filter((line) => !failed.includes(line)), ...told]
  const changes = ranked.slice(0, Math.max(mostChanges, failed.length))
  const { own, planned } = readingsOf(report)
  return {
    answer: answerSentence(report),
    readings: own,
    planned,
    plannedHead: report.trust === 'tensors' && planned.length > 0 ? 'Planned, on the same machine’s cost model:' : '',
    changes,
    folded: lines.filter((line) => !changes.includes(line)),
  }
}
