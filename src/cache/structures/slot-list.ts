import { NONE } from '../policy.ts'

/**
 * A doubly linked list over slot numbers in flat arrays: head is the newest, tail the oldest.
 * Lists that never hold the same slot at the same time can share their links.
 */
export class SlotList {
  head = NONE
  tail = NONE
  size = 0
  /** A walk has found every slot pinned, and none was touched since. */
  #allPinned = false
  /** Of each slot the next newer and the next older, side by side: one cache line for both. */
  readonly #links: Int32Array

  /** @param slots how many slots there are, or a list to share links with */
  constructor(slots: number | SlotList) {
    this.#links = typeof slots === 'number' ? new Int32Array(2 * slots).fill(NONE) : slots.#links
  }

  /** The next newer slot, NONE at the head. */
  newer(slot: number): number {
    return this.#links[2 * slot]!
  }

  /** The next older slot, NONE at the tail. */
  older(slot: number): number {
    return this.#links[2 * slot + 1]!
  }

  pushHead(slot: number): void {
    this.#allPinned = false
    const links = this.#links
    const { head } = this
    links[2 * slot] = NONE
    links[2 * slot + 1] = head
    if (head === NONE) this.tail = slot
    else links[2 * head] = slot
    this.head = slot
    this.size++
  }

  /** Puts a slot right behind `next`, on the older side. */
  pushOlder(slot: number, next: number): void {
    this.#allPinned = false
    const links = this.#links
    const older = links[2 * next + 1]!
    links[2 * slot] = next
    links[2 * slot + 1] = older
    links[2 * next + 1] = slot
    if (older === NONE) this.tail = slot
    else links[2 * older] = slot
    this.size++
  }

  /** Puts a slot right before `next`, on the newer side. */
  pushNewer(slot: number, next: number): void {
    const newer = this.newer(next)
    if (newer === NONE) this.pushHead(slot)
    else this.pushOlder(slot, newer)
  }

  pushTail(slot: number): void {
    if (this.tail === NONE) this.pushHead(slot)
    else this.pushOlder(slot, this.tail)
  }

  remove(slot: number): void {
    const links = this.#links
    const newer = links[2 * slot]!
    const older = links[2 * slot + 1]!
    if (newer === NONE) this.head = older
    else links[2 * newer + 1] = older
    if (older === NONE) this.tail = newer
    else links[2 * older] = newer
    this.size--
  }

  moveToHead(slot: number): void {
    this.#allPinned = false
    const links = this.#links
    const { head } = this
    if (slot === head) return
    const newer = links[2 * slot]!
    const older = links[2 * slot + 1]!
    links[2 * newer + 1] = older
    if (older === NONE) this.tail = newer
    else links[2 * older] = newer
    links[2 * slot] = NONE
    links[2 * slot + 1] = head
    links[2 * head] = slot
    this.head = slot
  }

  /** One of its slots was touched and stays where it is. */
  touched(): void {
    this.#allPinned = false
  }

  /**
   * The oldest slot that is not pinned; NONE when all are. Pinned ones met on the way move to the head: they are touched
   * when they are let go. Until any slot is touched, a list of which all are pinned is not walked again.
   */
  oldestUnpinned(isPinned: (slot: number) => boolean): number {
    if (this.#allPinned) return NONE
    for (let steps = this.size; steps > 0; steps--) {
      const oldest = this.tail
      if (!isPinned(oldest)) return oldest
      this.moveToHead(oldest)
    }
    this.#allPinned = true
    return NONE
  }
}
