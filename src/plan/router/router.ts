/** What a router may look at. */
export interface RouterView {
  readonly replicas: number
  /** Conversations (or, in a trace without sessions, requests) that live on each replica. */
  readonly liveSessions: Int32Array
  /** Whether the replica may take another request; always true in a closed loop. */
  hasRoom(replica: number): boolean
}

export interface Router {
  /** @param current the replica that served the session's last request; NONE for a new session */
  route(current: number): number
}

/** A member of `src/plan/router/`. */
export interface RouterSpec {
  readonly name: string
  readonly summary: string
  readonly source: string
  create(view: RouterView): Router
}
