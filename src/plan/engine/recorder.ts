import type { AdmitOp, CompletedBlock, FetchOp, PlannedOp, RecordedPlan, StepOp, StoreOp, WarmBlock } from '../plan.ts'
import type { CompletedRun, RunningStep } from './replica.ts'
import type { Sequence } from './sequence.ts'

/** Writes down every operation of a plan as it is made, for the stages that execute and account. */
export class Recorder {
  readonly #ops: PlannedOp[][]
  readonly requests: Sequence[] = []
  readonly histories: { request: Sequence; blocks: number }[] = []
  warmHbm: WarmBlock[][]
  warmLower: WarmBlock[][]
  /** The store that wrote each slot of each lower store; a warm block has none. */
  readonly #writers: Map<number, StoreOp>[]
  windowOpensWith: Sequence | undefined
  windowClosesWith: Sequence | undefined
  #order = 0

  constructor(replicas: number, lowerStores: number) {
    this.#ops = Array.from({ length: replicas }, () => [])
    this.warmHbm = Array.from({ length: replicas }, () => [])
    this.warmLower = Array.from({ length: lowerStores }, () => [])
    this.#writers = Array.from({ length: lowerStores }, () => new Map())
  }

  admit(op: Omit<AdmitOp, 'kind' | 'order'>): void {
    this.#ops[op.replica]!.push({ kind: 'admit', order: this.#order++, ...op })
  }

  step(op: Omit<StepOp, 'kind' | 'order'>): void {
    this.#ops[op.replica]!.push({ kind: 'step', order: this.#order++, ...op })
  }

  wrote(store: number, op: StoreOp): void {
    for (const slot of op.toSlots) this.#writers[store]!.set(slot, op)
  }

  /** The distinct stores that a fetch of these slots must wait for. */
  writersOf(store: number, slots: Int32Array): FetchOp['afterStores'] {
    const writers = new Set<StoreOp>()
    for (const slot of slots) {
      const writer = this.#writers[store]!.get(slot)
      if (writer !== undefined) writers.add(writer)
    }
    return [...writers]
  }

  finish(lowerSlots: number, lowerShared: boolean): RecordedPlan {
    const { requests, windowOpensWith, windowClosesWith, histories, warmHbm, warmLower } = this
    return {
      ops: this.#ops,
      requests,
      windowOpensWith,
      windowClosesWith,
      histories,
      warmHbm,
      warmLower,
      lowerSlots,
      lowerShared,
    }
  }
}

/** The rows of a step that has just ended, with the slots they read. */
export function rowsOf(step: RunningStep, blockTokens: number): Pick<StepOp, 'prefills' | 'decodes'> {
  return {
    prefills: step.prefills.map(({ sequence, from, to }) => ({
      request: sequence,
      from,
      to,
      blockTable: sequence.slots.slice(0, Math.ceil(to / blockTokens)),
      sample: to === sequence.prefillTarget,
      outputIndex: sequence.generatedTokens - 1,
    })),
    decodes: step.decoding.map((sequence) => ({
      request: sequence,
      position: sequence.computedTokens - 1,
      blockTable: sequence.slots.slice(0, Math.ceil(sequence.computedTokens / blockTokens)),
      outputIndex: sequence.generatedTokens - 1,
    })),
  }
}

/** The blocks of a run one by one, with the slots they lie in. */
export function blocksOf({ request, fromBlock, toBlock }: CompletedRun): CompletedBlock[] {
  return Array.from({ length: toBlock - fromBlock }, (_, i) => ({
    request,
    blockIndex: fromBlock + i,
    slot: request.slots[fromBlock + i]!,
  }))
}
