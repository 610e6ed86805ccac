import { formatCount } from '../../units.ts'
import type { Report } from '../report.ts'

/** "8 conversations". */
export function conversations(count: number): string {
  return formatCount(count, 'conversation')
}

/** What a load is counted on, in full: "a GPU", "a replica of 8 GPUs". */
export function aReplicaInFull({ target: { tensorParallel } }: Report): string {
  return tensorParallel === 1 ? 'a GPU' : `a replica of ${formatCount(tensorParallel, 'GPU')}`
}

/** The same where it has been said in full, or where there is little room: "a GPU", "a replica". */
export function aReplica({ target: { tensorParallel } }: Report): string {
  return tensorParallel === 1 ? 'a GPU' : 'a replica'
}

/** "conversations a replica (8 GPUs)": the name of the axis or of the column. */
export function loadName({ target: { tensorParallel } }: Report): string {
  return tensorParallel === 1
    ? 'conversations a GPU'
    : `conversations a replica (${formatCount(tensorParallel, 'GPU')})`
}

/** "At 8 conversations a GPU". */
export function loadPhrase(report: Report): string {
  const { load, inFlightPerReplica, sessionsPerReplica } = report.setup
  if (load === 'timed') return 'With requests arriving as the trace has them'
  if (load === 'backlog')
    return `With ${formatCount(inFlightPerReplica ?? 0, 'request')} in flight ${aReplicaInFull(report)}`
  return `At ${conversations(sessionsPerReplica ?? 0)} ${aReplicaInFull(report)}`
}
