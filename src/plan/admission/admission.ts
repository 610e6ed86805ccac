import type { Sequence } from '../engine/sequence.ts'

/** A member of `src/plan/admission/`: the order in which a replica's queue is admitted. */
export interface AdmissionSpec {
  readonly name: string
  readonly summary: string
  readonly source: string
  /**
   * Which of the waiting requests is admitted next. One that finds no room is waited for: nobody overtakes it.
   * @param queue not empty; requests that were preempted stand at its head
   * @param prefixBlocks leading blocks of a request that are in the replica's HBM now
   * @returns its position in the queue
   */
  next(queue: readonly Sequence[], prefixBlocks: (sequence: Sequence) => number): number
}
