import { NONE } from '../../cache/policy.ts'
import type { PlanInput } from '../plan-input.ts'
import type { Router } from '../router/router.ts'
import type { Sequence, Session } from './sequence.ts'

/** Where sessions live and requests are in flight, and the router that decides it. */
export class Sessions {
  readonly #input: PlanInput
  readonly #router: Router
  readonly #live: Int32Array
  readonly #inFlight: Int32Array

  constructor(input: PlanInput) {
    this.#input = input
    this.#live = new Int32Array(input.replicas)
    this.#inFlight = new Int32Array(input.replicas)
    this.#router = input.router.create({
      replicas: input.replicas,
      liveSessions: this.#live,
      hasRoom: (replica) => this.#hasRoom(replica),
    })
  }

  /** Whether some replica of a backlog has room for another request. */
  get hasRoom(): boolean {
    return this.#input.load.kind === 'backlog' && this.#inFlight.some((_, replica) => this.#hasRoom(replica))
  }

  /** The replica for the session's next request; the session moves there. */
  route(session: Session): number {
    const before = session.replica
    const replica = this.#router.route(before)
    session.replica = replica
    if (before !== NONE) this.#live[before]!--
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
