import type { ReferenceStream } from '../reference-stream.ts'
import { growingDoubles, growingInts } from './growing-array.ts'

export interface StreamRequest {
  readonly promptTokens: number
  readonly outputTokens: number
  readonly arrivalMs: number
  readonly session: number
  readonly tenant: number
  readonly category: number
}

/** The arrays of a stream. */
export type StreamArrays = Pick<
  ReferenceStream,
  | 'blocks'
  | 'starts'
  | 'distinctBlocks'
  | 'promptTokens'
  | 'outputTokens'
  | 'arrivalMs'
  | 'sessions'
  | 'turns'
  | 'tenants'
  | 'categories'
>

/** Takes requests one by one, each after its blocks, and writes them to shared memory. */
export class StreamBuilder {
  readonly #blocks = growingInts()
  readonly #ends = growingInts()
  readonly #promptTokens = growingInts()
  readonly #outputTokens = growingInts()
  readonly #arrivalMs = growingDoubles()
  readonly #sessions = growingInts()
  readonly #tenants = growingInts()
  readonly #categories = growingInts()

  get requests(): number {
    return this.#ends.length
  }

  block(number: number): void {
    this.#blocks.push(number)
  }

  /** Blocks of the request that is being added. */
  open(): Int32Array {
    return this.#blocks.view().subarray(this.#startOf(this.requests))
  }

  add({ promptTokens, outputTokens, arrivalMs, session, tenant, category }: StreamRequest): void {
    this.#ends.push(this.#blocks.length)
    this.#promptTokens.push(promptTokens)
    this.#outputTokens.push(outputTokens)
    this.#arrivalMs.push(arrivalMs)
    this.#sessions.push(session)
    this.#tenants.push(tenant)
    this.#categories.push(category)
  }

  /**
   * @param order of the requests, by number; as they were added where it is left out
   * @param arrivalMs by number of the request; as they were added where it is left out
   */
  arrays(distinctBlocks: number, order?: Int32Array, arrivalMs = this.#arrivalMs.view()): StreamArrays {
    const requests = this.requests
    const blocks = sharedInts(this.#blocks.length)
    const starts = sharedInts(requests + 1)
    const all = this.#blocks.view()
    for (let place = 0; place < requests; place++) {
      const request = order?.[place] ?? place
      const own = all.subarray(this.#startOf(request), this.#ends.at(request))
      blocks.set(own, starts[place]!)
      starts[place + 1] = starts[place]! + own.length
    }
    const ints = (values: Int32Array): Int32Array => inOrder(values, sharedInts(requests), order)
    const sessions = ints(this.#sessions.view())
    return {
      blocks,
      starts,
      distinctBlocks,
      promptTokens: ints(this.#promptTokens.view()),
      outputTokens: ints(this.#outputTokens.view()),
      arrivalMs: inOrder(arrivalMs, sharedDoubles(requests), order),
      sessions,
      turns: turnsOf(sessions),
      tenants: ints(this.#tenants.view()),
      categories: ints(this.#categories.view()),
    }
  }

  #startOf(request: number): number {
    return request === 0 ? 0 : this.#ends.at(request - 1)
  }
}

function inOrder<A extends Int32Array | Float64Array>(values: A, target: A, order: Int32Array | undefined): A {
  if (order === undefined) target.set(values)
  else for (let place = 0; place < order.length; place++) target[place] = values[order[place]!]!
  return target
}

function turnsOf(sessions: Int32Array): Int32Array {
  const turns = sharedInts(sessions.length)
  const played = new Int32Array(sessions.reduce((most, session) => Math.max(most, session), -1) + 1)
  for (let request = 0; request < sessions.length; request++) turns[request] = played[sessions[request]!]!++
  return turns
}

function sharedInts(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * length))
}

function sharedDoubles(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length))
}
