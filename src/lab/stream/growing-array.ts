type NumberArray = Int32Array | Float64Array

/** A typed array that grows at its end. */
export class GrowingArray<A extends NumberArray> {
  #values: A
  readonly #create: (length: number) => A
  length = 0

  constructor(create: (length: number) => A) {
    this.#create = create
    this.#values = create(1024)
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = this.#create(this.length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.length++] = value
  }

  at(index: number): number {
    return this.#values[index]!
  }

  /** What is in it, without a copy; good until it grows. */
  view(): A {
    return this.#values.subarray(0, this.length) as A
  }
}

export function growingInts(): GrowingArray<Int32Array> {
  return new GrowingArray((length) => new Int32Array(length))
}

export function growingDoubles(): GrowingArray<Float64Array> {
  return new GrowingArray((length) => new Float64Array(length))
}
