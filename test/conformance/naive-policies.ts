/** A policy as arrays and nothing else: the paper's words, with no care for speed. */
export interface NaivePolicy {
  onInsert(slot: number, block: number): void
  onHit(slot: number): void
  onRemove(slot: number, block: number): void
  /** The slot to evict among those that are not pinned; undefined when all are. */
  victim(pinned: ReadonlySet<number>, incomingBlock: number): number | undefined
}

function take<T>(items: T[], item: T): boolean {
  const at = items.indexOf(item)
  if (at >= 0) items.splice(at, 1)
  return at >= 0
}

/** The first of a queue that is not pinned; pinned ones before it go to the end of the queue. */
function firstUnpinned(queue: number[], pinned: ReadonlySet<number>): number | undefined {
  for (const slot of [...queue]) {
    if (!pinned.has(slot)) return slot
    take(queue, slot)
    queue.push(slot)
  }
  return undefined
}

/** Queues are oldest first everywhere below. */
function byRecency(choose: (unpinned: readonly number[]) => number | undefined): NaivePolicy {
  const order: number[] = []
  const toEnd = (slot: number): void => {
    take(order, slot)
    order.push(slot)
  }
  return {
    onInsert: toEnd,
    onHit: toEnd,
    onRemove: (slot) => take(order, slot),
    victim: (pinned) => choose(order.filter((slot) => !pinned.has(slot))),
  }
}

function fifo(): NaivePolicy {
  const queue: number[] = []
  return {
    onInsert: (slot) => queue.push(slot),
    onHit: () => {},
    onRemove: (slot) => take(queue, slot),
    victim: (pinned) => firstUnpinned(queue, pinned),
  }
}

function lfu(): NaivePolicy {
  const order: number[] = []
  const counts = new Map<number, number>()
  return {
    onInsert: (slot) => {
      order.push(slot)
      counts.set(slot, 1)
    },
    onHit: (slot) => {
      take(order, slot)
      order.push(slot)
      counts.set(slot, counts.get(slot)! + 1)
    },
    onRemove: (slot) => take(order, slot),
    victim: (pinned) => {
      const candidates = order.filter((slot) => !pinned.has(slot))
      const least = Math.min(...candidates.map((slot) => counts.get(slot)!))
      return candidates.find((slot) => counts.get(slot) === least)
    },
  }
}

function clock(): NaivePolicy {
  const queue: number[] = []
  const touched = new Set<number>()
  return {
    onInsert: (slot) => {
      queue.push(slot)
      touched.delete(slot)
    },
    onHit: (slot) => touched.add(slot),
    onRemove: (slot) => take(queue, slot),
    victim: (pinned) => {
      if (queue.every((slot) => pinned.has(slot))) return undefined
      for (;;) {
        const slot = firstUnpinned(queue, pinned)!
        if (!touched.delete(slot)) return slot
        take(queue, slot)
        queue.push(slot)
      }
    },
  }
}

function sieve(): NaivePolicy {
  const queue: number[] = []
  const visited = new Set<number>()
  /** Index of the next slot to look at. */
  let hand = 0
  return {
    onInsert: (slot) => {
      // The hand that has passed the newest stands before the oldest.
      if (hand === queue.length) hand = 0
      queue.push(slot)
      visited.delete(slot)
    },
    onHit: (slot) => visited.add(slot),
    onRemove: (slot) => {
      if (queue.indexOf(slot) < hand) hand--
      take(queue, slot)
    },
    victim: (pinned) => {
      if (queue.every((slot) => pinned.has(slot))) return undefined
      for (;;) {
        if (hand >= queue.length) hand = 0
        const slot = queue[hand]!
        if (!pinned.has(slot) && !visited.delete(slot)) return slot
        hand++
      }
    },
  }
}

function slru(capacity: number): NaivePolicy {
  const probation: number[] = []
  const shielded: number[] = []
  const mostShielded = Math.floor(0.8 * capacity)
  return {
    onInsert: (slot) => probation.push(slot),
    onHit: (slot) => {
      if (!take(shielded, slot)) take(probation, slot)
      shielded.push(slot)
      if (shielded.length > mostShielded) probation.push(shielded.shift()!)
    },
    onRemove: (slot) => take(probation, slot) || take(shielded, slot),
    victim: (pinned) => firstUnpinned(probation, pinned) ?? firstUnpinned(shielded, pinned),
  }
}

/** What policies with ghosts must know: whether a block that leaves was evicted, or forgotten by the memory. */
class Eviction {
  slot: number | undefined

  of(slot: number | undefined): number | undefined {
    this.slot = slot
    return slot
  }

  ends(slot: number): boolean {
    const wasEvicted = slot === this.slot
    this.slot = undefined
    return wasEvicted
  }
}

function twoQ(capacity: number): NaivePolicy {
  const a1in: number[] = []
  const am: number[] = []
  let a1out: number[] = []
  const eviction = new Eviction()
  let comesBack: number | undefined
  const kin = Math.floor(0.25 * capacity)
  const kout = Math.floor(0.5 * capacity)
  return {
    onInsert: (slot, block) => {
      if (take(a1out, block) || block === comesBack) am.push(slot)
      else a1in.push(slot)
      comesBack = undefined
    },
    onHit: (slot) => {
      if (take(am, slot)) am.push(slot)
    },
    onRemove: (slot, block) => {
      const wasNew = take(a1in, slot)
      take(am, slot)
      if (eviction.ends(slot) && wasNew) a1out = kout === 0 ? [] : [...a1out, block].slice(-kout)
    },
    victim: (pinned, incoming) => {
      const [first, second] = a1in.length > kin ? [a1in, am] : [am, a1in]
      const slot = eviction.of(firstUnpinned(first, pinned) ?? firstUnpinned(second, pinned))
      if (slot !== undefined && take(a1out, incoming)) comesBack = incoming
      return slot
    },
  }
}

function arc(c: number): NaivePolicy {
  const t1: number[] = []
  const t2: number[] = []
  const b1: number[] = []
  const b2: number[] = []
  const eviction = new Eviction()
  let p = 0
  return {
    onInsert: (slot, block) => {
      if (take(b1, block) || take(b2, block)) {
        t2.push(slot)
        return
      }
      t1.push(slot)
      // What case IV of the paper keeps true: |L1| ≤ c, |L1| + |L2| ≤ 2c.
      if (t1.length + b1.length > c) b1.shift()
      else if (t1.length + t2.length + b1.length + b2.length > 2 * c) b2.shift()
    },
    onHit: (slot) => {
      if (!take(t1, slot)) take(t2, slot)
      t2.push(slot)
    },
    onRemove: (slot, block) => {
      const wasEvicted = eviction.ends(slot)
      const [, ghosts] = take(t1, slot) ? [true, b1] : [take(t2, slot), b2]
      if (wasEvicted) ghosts.push(block)
      if (b1.length + b2.length > c + 1) (b1.length > 0 ? b1 : b2).shift()
    },
    victim: (pinned, x) => {
      if (b1.includes(x)) p = Math.min(c, p + Math.max(1, b2.length / b1.length))
      if (b2.includes(x)) p = Math.max(0, p - Math.max(1, b1.length / b2.length))
      const isT1 = t1.length > 0 && ((b2.includes(x) && t1.length === p) || t1.length > p)
      const [first, second] = isT1 ? [t1, t2] : [t2, t1]
      return eviction.of(firstUnpinned(first, pinned) ?? firstUnpinned(second, pinned))
    },
  }
}

function s3Fifo(capacity: number): NaivePolicy {
  const small: number[] = []
  const main: number[] = []
  let ghosts: number[] = []
  const uses = new Map<number, number>()
  const eviction = new Eviction()
  let comesBack: number | undefined
  const mostMain = capacity - Math.floor(0.1 * capacity)
  const mostGhosts = Math.floor(0.9 * capacity)
  const fromSmall = (pinned: ReadonlySet<number>): number | undefined => {
    for (const slot of [...small]) {
      if (uses.get(slot)! < 2 && !pinned.has(slot)) return slot
      take(small, slot)
      if (uses.get(slot)! < 2) small.push(slot)
      else {
        main.push(slot)
        uses.set(slot, 0)
      }
    }
    return undefined
  }
  const fromMain = (pinned: ReadonlySet<number>): number | undefined => {
    if (main.every((slot) => pinned.has(slot))) return undefined
    for (;;) {
      const slot = firstUnpinned(main, pinned)!
      if (uses.get(slot) === 0) return slot
      uses.set(slot, uses.get(slot)! - 1)
      take(main, slot)
      main.push(slot)
    }
  }
  return {
    onInsert: (slot, block) => {
      uses.set(slot, 0)
      if (take(ghosts, block) || block === comesBack) main.push(slot)
      else small.push(slot)
      comesBack = undefined
    },
    onHit: (slot) => uses.set(slot, Math.min(3, uses.get(slot)! + 1)),
    onRemove: (slot, block) => {
      const wasSmall = take(small, slot)
      take(main, slot)
      if (eviction.ends(slot) && wasSmall) ghosts = mostGhosts === 0 ? [] : [...ghosts, block].slice(-mostGhosts)
    },
    victim: (pinned, incoming) => {
      const early = main.length > mostMain ? fromMain(pinned) : undefined
      const slot = eviction.of(early ?? fromSmall(pinned) ?? fromMain(pinned))
      if (slot !== undefined && take(ghosts, incoming)) comesBack = incoming
      return slot
    },
  }
}

/** Under the names of the policies of the registry that they are models of. */
export const naivePolicies: Readonly<Record<string, (capacity: number) => NaivePolicy>> = {
  '2q': twoQ,
  arc,
  clock,
  fifo,
  lfu,
  lru: () => byRecency((unpinned) => unpinned[0]),
  mru: () => byRecency((unpinned) => unpinned.at(-1)),
  's3-fifo': s3Fifo,
  sieve,
  slru,
}
