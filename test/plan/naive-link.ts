interface Flow {
  readonly entersMs: number
  leftBytes: number
  readonly onEnd: () => void
}

/** A private link of one replica: whoever has waited out the latency gets an equal share. Bytes are counted down. */
export class NaiveLink {
  readonly #bytesPerMs: number
  readonly latencyMs: number
  readonly #flows: Flow[] = []
  #nowMs = 0

  constructor(bytesPerMs: number, latencyMs: number) {
    this.#bytesPerMs = bytesPerMs
    this.latencyMs = latencyMs
  }

  start(bytes: number, onEnd: () => void): void {
    this.#flows.push({ entersMs: this.#nowMs + this.latencyMs, leftBytes: bytes, onEnd })
  }

  /** Latency plus bytes at the share of one more transfer. */
  estimateMs(bytes: number): number {
    return this.latencyMs + (bytes * (this.#entered.length + 1)) / this.#bytesPerMs
  }

  get nextMs(): number {
    const share = this.#bytesPerMs / this.#entered.length
    return Math.min(
      ...this.#flows.map((flow) => (this.#has(flow) ? this.#nowMs + flow.leftBytes / share : flow.entersMs)),
    )
  }

  advance(toMs: number): void {
    const entered = this.#entered
    const served = ((toMs - this.#nowMs) * this.#bytesPerMs) / entered.length
    for (const flow of entered) flow.leftBytes -= served
    this.#nowMs = toMs
    for (const flow of entered.filter(({ leftBytes }) => leftBytes < 1e-7)) {
      this.#flows.splice(this.#flows.indexOf(flow), 1)
      flow.onEnd()
    }
  }

  #has(flow: Flow): boolean {
    return flow.entersMs <= this.#nowMs
  }

  get #entered(): Flow[] {
    return this.#flows.filter((flow) => this.#has(flow))
  }
}
