import { assert } from '../errors.ts'
import type { LinkDirection } from './link.ts'
import { maxMinShares } from './max-min-shares.ts'

/** A running transfer: it ends when the service per transfer at its replica reaches `endsAtBytes`. */
interface Transfer<T> {
  readonly owner: T
  readonly bytes: number
  endsAtBytes: number
}

interface Entering<T> {
  readonly atMs: number
  readonly replica: number
  readonly transfer: Transfer<T>
}

/**
 * One direction of a link as a fluid: every transfer waits out the latency, then flows at its max-min fair share, which is
 * computed anew whenever a transfer starts or ends. Per replica all transfers have one rate, so each keeps only the
 * cumulative service at which it ends (processor sharing in virtual time; Parekh & Gallager 1993).
 */
export class LinkNetwork<T> {
  readonly #link: LinkDirection
  /** Replicas whose transfers share a limit: a change at one is a change for these, and for no other. */
  readonly #groupSize: number
  readonly #running: Transfer<T>[][]
  readonly #counts: Int32Array
  readonly #rates: Float64Array
  readonly #servedBytes: Float64Array
  readonly #servedUntilMs: Float64Array
  readonly #nextEndMs: Float64Array
  /** In order of entry: latency is one constant, so starts come in order. */
  readonly #entering: Entering<T>[] = []
  #enteringFrom = 0
  bytesStarted = 0
  /** The time of the next entry or end; Infinity when nothing runs. */
  nextMs = Infinity

  constructor(link: LinkDirection, replicas: number) {
    this.#link = link
    this.#groupSize =
      link.isContended === false ? 1 : link.fabricBytesPerMs === undefined ? (link.host?.replicas ?? 1) : replicas
    this.#running = Array.from({ length: replicas }, () => [])
    this.#counts = new Int32Array(replicas)
    this.#rates = new Float64Array(replicas)
    this.#servedBytes = new Float64Array(replicas)
    this.#servedUntilMs = new Float64Array(replicas)
    this.#nextEndMs = new Float64Array(replicas).fill(Infinity)
  }

  get latencyMs(): number {
    return this.#link.latencyMs
  }

  start(nowMs: number, replica: number, bytes: number, owner: T): void {
    this.bytesStarted += bytes
    this.#entering.push({ atMs: nowMs + this.#link.latencyMs, replica, transfer: { owner, bytes, endsAtBytes: 0 } })
    this.#updateNext()
  }

  /** Latency plus bytes at the share that one more transfer at this replica would get now. */
  estimateMs(replica: number, bytes: number): number {
    this.#counts[replica]!++
    const share = this.#groupSize > 1 ? this.#sharesFor(replica) : this.#shareAlone(replica)
    this.#counts[replica]!--
    return this.#link.latencyMs + bytes / share
  }

  /** Brings the network to `nowMs` (at most `nextMs`) and returns the owners of the transfers that end then. */
  advance(nowMs: number): T[] {
    const ended: T[] = []
    if (nowMs < this.nextMs) return ended
    assert(nowMs <= this.nextMs, 'a link is advanced event by event', { nowMs, nextMs: this.nextMs })
    for (let replica = 0; replica < this.#running.length; replica++) {
      if (this.#nextEndMs[replica]! > nowMs) continue
      const running = this.#running[replica]!
      const first = running[0]!.endsAtBytes
      this.#servedBytes[replica] = first
      this.#servedUntilMs[replica] = nowMs
      while (running.length > 0 && running[0]!.endsAtBytes <= first) ended.push(running.shift()!.owner)
      this.#counts[replica] = running.length
      if (running.length === 0) this.#servedBytes[replica] = 0
      this.#changed(replica, nowMs)
    }
    while (this.#enteringFrom < this.#entering.length && this.#entering[this.#enteringFrom]!.atMs <= nowMs) {
      const { replica, transfer } = this.#entering[this.#enteringFrom++]!
      this.#serve(replica, nowMs)
      transfer.endsAtBytes = this.#servedBytes[replica]! + transfer.bytes
      insertByEnd(this.#running[replica]!, transfer)
      this.#counts[replica]!++
      this.#changed(replica, nowMs)
    }
    if (this.#enteringFrom > 256) {
      this.#entering.splice(0, this.#enteringFrom)
      this.#enteringFrom = 0
    }
    this.#updateNext()
    return ended
  }

  #changed(replica: number, nowMs: number): void {
    if (this.#groupSize === 1) {
      this.#rates[replica] = this.#counts[replica] === 0 ? 0 : this.#shareAlone(replica)
      this.#updateEnd(replica)
      return
    }
    const { from, to } = this.#groupOf(replica)
    for (let other = from; other < to; other++) this.#serve(other, nowMs)
    maxMinShares(this.#link, this.#counts.subarray(from, to), this.#rates.subarray(from, to))
    for (let other = from; other < to; other++) this.#updateEnd(other)
  }

  #groupOf(replica: number): { readonly from: number; readonly to: number } {
    const from = replica - (replica % this.#groupSize)
    return { from, to: Math.min(from + this.#groupSize, this.#running.length) }
  }

  /** Rate of a transfer at a replica that shares nothing with others. */
  #shareAlone(replica: number): number {
    const { bytesPerMs, host, fabricBytesPerMs = Infinity, isContended } = this.#link
    const limit = Math.min(bytesPerMs, host?.bytesPerMs ?? Infinity, fabricBytesPerMs)
    return isContended !== false ? limit / this.#counts[replica]! : limit
  }

  #serve(replica: number, nowMs: number): void {
    const elapsed = nowMs - this.#servedUntilMs[replica]!
    if (this.#counts[replica]! > 0) this.#servedBytes[replica]! += this.#rates[replica]! * elapsed
    this.#servedUntilMs[replica] = nowMs
  }

  #updateEnd(replica: number): void {
    const first = this.#running[replica]![0]
    this.#nextEndMs[replica] =
      first === undefined
        ? Infinity
        : this.#servedUntilMs[replica]! +
          Math.max(0, first.endsAtBytes - this.#servedBytes[replica]!) / this.#rates[replica]!
  }

  #updateNext(): void {
    let next = this.#entering[this.#enteringFrom]?.atMs ?? Infinity
    for (const end of this.#nextEndMs) if (end < next) next = end
    this.nextMs = next
  }

  #sharesFor(replica: number): number {
    const { from, to } = this.#groupOf(replica)
    const rates = new Float64Array(to - from)
    maxMinShares(this.#link, this.#counts.subarray(from, to), rates)
    return rates[replica - from]!
  }
}

function insertByEnd<T>(running: Transfer<T>[], transfer: Transfer<T>): void {
  let at = running.length
  while (at > 0 && running[at - 1]!.endsAtBytes > transfer.endsAtBytes) at--
  running.splice(at, 0, transfer)
}
