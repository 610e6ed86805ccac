/** A policy as an array and nothing else: the textbook's words, one line each, with no care for speed. */
export interface NaivePolicy {
  onInsert(slot: number, block: number): void
  onHit(slot: number, block: number): void
  onRemove(slot: number, block: number): void
  /** The slot to evict among those that are not pinned; undefined when all are. */
  victim(pinned: ReadonlySet<number>): number | undefined
}

/** Oldest first. */
function lru(): NaivePolicy {
  let order: number[] = []
  const toEnd = (slot: number): void => {
    order = [...order.filter((other) => other !== slot), slot]
  }
  return {
    onInsert: toEnd,
    onHit: toEnd,
    onRemove: (slot) => {
      order = order.filter((other) => other !== slot)
    },
    victim: (pinned) => order.find((slot) => !pinned.has(slot)),
  }
}

/** One for each member of the registry, under its name. */
export const naivePolicies: Readonly<Record<string, () => NaivePolicy>> = { lru }
