import type { RecordedPlan, WarmBlock } from '../plan/plan.ts'
import { createStoreMemory, type StoreMemory, storeSlot, writeHeader } from '../warehouse/store-memory.ts'
import type { ExecuteTask, RunTask } from './execute-task.ts'
import { createGpuMemory, type GpuLayout, type GpuMemory, kvBlock } from './memory.ts'
import { encodePrograms, type Program } from './program.ts'
import type { ProgramResult } from './run-program.ts'
import type { Segment, Slice } from './slices.ts'
import { contentKey } from './tokens.ts'
import type { WarmKv } from './warm-kv.ts'
import { copyWeights } from './weights.ts'

/** What a segment gave. */
export interface SegmentResult {
  readonly segment: Segment
  readonly result: ProgramResult
}

let machines = 0

function gpuWith(weights: GpuMemory, layout: GpuLayout): GpuMemory {
  const gpu = createGpuMemory(layout)
  copyWeights(weights, gpu)
  return gpu
}

/** The mock GPUs and stores of one arm, ready to run its plan again and again. */
export class Machine {
  readonly name: string
  readonly plan: RecordedPlan
  readonly gpus: readonly GpuMemory[]
  readonly stores: readonly StoreMemory[]
  readonly #id: number
  readonly #backend: string
  readonly #programs: readonly Program[]
  readonly #warmKeys: ReadonlyMap<number, number>
  #done: number[]

  /** @param before a machine that is done with: its GPUs, weights included, are used on */
  constructor(
    name: string,
    backend: string,
    plan: RecordedPlan,
    layout: GpuLayout,
    weights: GpuMemory,
    before?: Machine,
  ) {
    this.name = name
    this.plan = plan
    this.#backend = backend
    this.#id = before === undefined ? machines++ : before.#id
    this.gpus = before?.gpus ?? plan.ops.map(() => gpuWith(weights, layout))
    this.stores = plan.warmLower.map(() => createStoreMemory(plan.lowerSlots, layout.blockBytes))
    this.#programs = encodePrograms(plan, layout.blockTokens, layout.shape.vocabulary)
    this.#warmKeys = new Map(
      plan.histories.flatMap(({ request, blocks }) =>
        Array.from(
          { length: blocks },
          (_, i) => [request.block(i), contentKey(request, i, layout.blockTokens)] as const,
        ),
      ),
    )
    this.#done = plan.ops.map(() => 0)
  }

  /** Puts every memory in the state in which the plan starts. */
  reset(warm: WarmKv): void {
    this.#done = this.plan.ops.map(() => 0)
    this.gpus.forEach((gpu, replica) => {
      for (const { slot, block } of this.plan.warmHbm[replica]!) kvBlock(gpu, slot).set(this.#warmBytes(warm, block))
    })
    this.stores.forEach((store, index) => {
      new Int32Array(store.headers).fill(0)
      for (const { slot, block } of this.plan.warmLower[index]!) this.#lay(store, slot, block, warm)
    })
  }

  /** Runs one slice; segments of different replicas run side by side as far as their waits allow. */
  async run(slice: Slice, runTask: RunTask): Promise<SegmentResult[]> {
    const waiting = [...slice.segments]
    const busy = new Set<number>()
    const results: SegmentResult[] = []
    await new Promise<void>((resolve, reject) => {
      const start = (): void => {
        if (waiting.length === 0 && busy.size === 0) resolve()
        for (let i = 0; i < waiting.length; i++) {
          const segment = waiting[i]!
          if (busy.has(segment.replica) || !this.#isReady(segment)) continue
          waiting.splice(i--, 1)
          busy.add(segment.replica)
          runTask(this.#task(segment)).then((result) => {
            busy.delete(segment.replica)
            this.#done[segment.replica] = segment.to
            results.push({ segment, result })
            start()
          }, reject)
        }
      }
      start()
    })
    return results
  }

  #isReady(segment: Segment): boolean {
    if (this.#done[segment.replica] !== segment.from) return false
    return segment.after.every(({ replica, ops }) => this.#done[replica]! >= ops)
  }

  #task(segment: Segment): ExecuteTask {
    const { words, offsets } = this.#programs[segment.replica]!
    return {
      kind: 'execute',
      backend: this.#backend,
      gpuId: `machine ${this.#id}/${segment.replica}`,
      gpu: this.gpus[segment.replica]!,
      store: this.stores[this.plan.lowerShared ? 0 : segment.replica],
      words,
      fromWord: offsets[segment.from]!,
      toWord: offsets[segment.to]!,
    }
  }

  #warmBytes(warm: WarmKv, block: WarmBlock['block']): Uint8Array {
    return warm.bytes(this.#warmKeys.get(block)!)
  }

  #lay(store: StoreMemory, slot: number, block: number, warm: WarmKv): void {
    storeSlot(store, slot).set(this.#warmBytes(warm, block))
    writeHeader(store, slot, warm.checksum(this.#warmKeys.get(block)!))
  }
}
