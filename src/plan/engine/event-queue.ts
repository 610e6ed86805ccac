/** A binary min-heap of timed events. Events of one instant come out in the order in which they were added. */
export class EventQueue<T> {
  #times = new Float64Array(64)
  #orders = new Float64Array(64)
  readonly #events: T[] = []
  #size = 0
  #added = 0

  /** The time of the next event; Infinity when there is none. */
  get nextMs(): number {
    return this.#size === 0 ? Infinity : this.#times[0]!
  }

  add(atMs: number, event: T): void {
    if (this.#size === this.#times.length) {
      this.#times = grown(this.#times)
      this.#orders = grown(this.#orders)
    }
    let at = this.#size++
    const order = this.#added++
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#times[parent]! <= atMs) break
      this.#times[at] = this.#times[parent]!
      this.#orders[at] = this.#orders[parent]!
      this.#events[at] = this.#events[parent]!
      at = parent
    }
    this.#times[at] = atMs
    this.#orders[at] = order
    this.#events[at] = event
  }

  /** Removes and returns the next event of a queue that is not empty. */
  pop(): T {
    const event = this.#events[0]!
    const last = --this.#size
    const time = this.#times[last]!
    const order = this.#orders[last]!
    const moved = this.#events[last]!
    this.#events.length = last
    if (last > 0) {
      let at = 0
      for (;;) {
        let child = 2 * at + 1
        if (child >= last) break
        if (child + 1 < last && this.#before(child + 1, child)) child++
        if (time < this.#times[child]! || (time === this.#times[child]! && order < this.#orders[child]!)) break
        this.#times[at] = this.#times[child]!
        this.#orders[at] = this.#orders[child]!
        this.#events[at] = this.#events[child]!
        at = child
      }
      this.#times[at] = time
      this.#orders[at] = order
      this.#events[at] = moved
    }
    return event
  }

  #before(a: number, b: number): boolean {
    const earlier = this.#times[a]! - this.#times[b]!
    return earlier < 0 || (earlier === 0 && this.#orders[a]! < this.#orders[b]!)
  }
}

function grown(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2)
  larger.set(values)
  return larger
}
