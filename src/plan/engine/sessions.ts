import { NONE } from '../../cache/policy.ts'
import type { PlanInput } from '../plan-input.ts'
import type { Router } from '../router/router.ts'
import { prefixBlocks } from './admission.ts'
import type { Replica } from './replica.ts'
import type { Sequence, Session } from './sequence.ts'

/** Where sessions live and requests are in flight, and the router that decides it. */
export class Sessions {
  readonly #input: PlanInput
  readonly #replicas: readonly Replica[]
  readonly #router: Router
  readonly #live: Int32Array
  readonly #inFlight: Int32Array

  constructor(input: PlanInput, replicas: readonly Replica[]) {
    this.#input = input
    this.#replicas = replicas
    this.#live = new Int32Array(input.replicas)
    this.#inFlight = new Int32Array(input.replicas)
    this.#router = input.router.create({
      replicas: input.replicas,
      liveSessions: this.#live,
      inFlight: this.#inFlight,
      hasRoom: (replica) => this.#hasRoom(replica),
    })
  }

  /** Whether some replica of a backlog has room for another request. */
  get hasRoom(): boolean {
    return this.#input.load.kind === 'backlog' && this.#inFlight.some((_, replica) => this.#hasRoom(replica))
  }

  /** The replica for a request; its session moves there. */
  route(sequence: Sequence): number {
    const { session } = sequence
    const { blockTokens } = this.#input.pool
    const replica = this.#router.route({
      current: session.replica,
      promptBlocks: Math.floor((sequence.turn.promptTokens - 1) / blockTokens),
      prefixBlocks: (candidate) => prefixBlocks(this.#replicas[candidate]!, sequence, blockTokens),
    })
    if (session.replica !== NONE) this.#live[session.replica]!--
    session.replica = replica
    this.#live[replica]!++
    return replica
  }

  requestArrived(sequence: Sequence): void {
    this.#inFlight[sequence.replica]!++
  }

  requestEnded(sequence: Sequence): void {
    this.#inFlight[sequence.replica]!--
  }

  sessionEnded({ replica }: Session): void {
    this.#live[replica]!--
  }

  #hasRoom(replica: number): boolean {
    const { load } = this.#input
    return load.kind !== 'backlog' || this.#inFlight[replica]! < load.inFlightPerReplica
  }
}
