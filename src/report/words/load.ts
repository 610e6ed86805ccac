import { formatCount } from '../../units.ts'
import { armNames, hasOtherGpus } from '../arms.ts'
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

/**
 * "conversations a replica (8 GPUs)": the name of the axis or of the column. An arm with other GPUs gets as many
 * conversations in all as the others, so that they are counted on the run's GPUs.
 */
export function loadName(report: Report): string {
  const { tensorParallel } = report.target
  const others = armNames(report).some((name) => hasOtherGpus(report, name))
  if (tensorParallel === 1) return others ? 'conversations for each of the run’s GPUs' : 'conversations a GPU'
  const replica = `(${formatCount(tensorParallel, 'GPU')})`
  return others ? `conversations for each of the run’s replicas ${replica}` : `conversations a replica ${replica}`
}

/** What an arm's load is counted on: for one with other GPUs "a GPU of the run". */
export function aReplicaOf(report: Report, arm: string): string {
  return hasOtherGpus(report, arm) ? `${aReplica(report)} of the run` : aReplica(report)
}

/** "at 8 conversations a GPU", short. */
export function atLoad(report: Report): string {
  const { load, inFlightPerReplica, sessionsPerReplica } = report.setup
  if (load === 'timed') return 'at the trace’s own arrivals'
  if (load === 'backlog') return `at ${formatCount(inFlightPerReplica ?? 0, 'request')} in flight ${aReplica(report)}`
  return `at ${conversations(sessionsPerReplica ?? 0)} ${aReplica(report)}`
}

/** "At 8 conversations a GPU". */
export function loadPhrase(report: Report): string {
  const { load, inFlightPerReplica, sessionsPerReplica } = report.setup
  if (load === 'timed') return 'With requests arriving as the trace has them'
  if (load === 'backlog')
    return `With ${formatCount(inFlightPerReplica ?? 0, 'request')} in flight ${aReplicaInFull(report)}`
  return `At ${conversations(sessionsPerReplica ?? 0)} ${aReplicaInFull(report)}`
}
