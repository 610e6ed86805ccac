import { IdTable } from '../../workload/records/id-table.ts'
import { growingInts } from './growing-array.ts'

/** Gives the blocks of a trace dense numbers, in order of appearance. */
export class BlockNumbers {
  readonly #ids = new IdTable()
  #numbers = growingInts()
  #next = 0

  get distinct(): number {
    return this.#next
  }

  of(id: number): number {
    const known = this.#ids.numberOf(id)
    if (known === this.#numbers.length) this.#numbers.push(this.#next++)
    return this.#numbers.at(known)
  }

  /** Of a block that has no id in the trace. */
  fresh(): number {
    return this.#next++
  }

  /** From here on the ids mean other blocks. */
  forgetIds(): void {
    this.#ids.clear()
    this.#numbers.length = 0
  }
}
