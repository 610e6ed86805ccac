import type { MemoryGauge } from '../../plan/timeline.ts'

/**
 * What memories held, a row a replica, at the ends of equal stretches of time. There are never more than `most`: when
 * the time is longer, stretches become twice as long and two of them one.
 */
export class GaugeBins {
  readonly #most: number
  /** By row and stretch: the last gauge in it. */
  readonly #gauges: (MemoryGauge | undefined)[][]
  readonly #before: (MemoryGauge | undefined)[]
  #binMs = 2 ** -10

  constructor(rows: number, most: number) {
    this.#most = most
    this.#gauges = Array.from({ length: rows }, () => [])
    this.#before = Array.from({ length: rows }, () => undefined)
  }

  /** What was held before the time began. */
  before(row: number, gauge: MemoryGauge): void {
    this.#before[row] = gauge
  }

  /** @param atMs from the start, not negative; gauges of a row come in the order of time */
  add(row: number, atMs: number, gauge: MemoryGauge): void {
    this.#reach(atMs)
    this.#gauges[row]![this.#binOf(atMs)] = gauge
  }

  /** By row, the gauge at the end of each stretch of a time of `lengthMs`; undefined before there was any. */
  filled(lengthMs: number): { readonly binMs: number; readonly rows: readonly (MemoryGauge | undefined)[][] } {
    this.#reach(lengthMs)
    const bins = this.#binOf(lengthMs) + 1
    const rows = this.#gauges.map((gauges, row) => {
      let last = this.#before[row]
      return Array.from({ length: bins }, (_, bin) => {
        last = gauges[bin] ?? last
        return last
      })
    })
    return { binMs: this.#binMs, rows }
  }

  /** What was held when the time began. */
  start(row: number): MemoryGauge | undefined {
    return this.#before[row]
  }

  /** A gauge at the end of a stretch belongs to it. */
  #binOf(atMs: number): number {
    return Math.max(0, Math.ceil(atMs / this.#binMs) - 1)
  }

  #reach(atMs: number): void {
    while (this.#binOf(atMs) >= this.#most) {
      this.#binMs *= 2
      for (const gauges of this.#gauges) {
        const half = Math.ceil(gauges.length / 2)
        for (let bin = 0; bin < half; bin++) gauges[bin] = gauges[2 * bin + 1] ?? gauges[2 * bin]
        gauges.length = half
      }
    }
  }
}
