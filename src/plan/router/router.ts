/** What a router may look at. */
export interface RouterView {
  readonly replicas: number
  /** Conversations (or, in a trace without sessions, requests) that live on each replica. */
  readonly liveSessions: Int32Array
  /** Requests on each replica that have arrived and not ended. */
  readonly inFlight: Int32Array
  /** Whether the replica may take another request; always true in a closed loop. */
  hasRoom(replica: number): boolean
}

/** The request that is being routed. */
export interface RoutedRequest {
  /** The replica that served the session's last request; NONE for a new session. */
  readonly current: number
  /** Blocks of its prompt. */
  readonly promptBlocks: number
  /** Leading blocks of its prompt that are in the HBM of a replica. */
  prefixBlocks(replica: number): number
}

export interface Router {
  route(request: RoutedRequest): number
}

/** A member of `src/plan/router/`. */
export interface RouterSpec {
  readonly name: string
  readonly summary: string
  readonly source: string
  create(view: RouterView): Router
}

/** The replica with room that has the fewest by a count, the lowest number first; NONE when none has room. */
export function fewest(view: RouterView, counts: Int32Array): number {
  let best = -1
  for (let replica = 0; replica < view.replicas; replica++) {
    if (!view.hasRoom(replica)) continue
    if (best === -1 || counts[replica]! < counts[best]!) best = replica
  }
  return best
}
