/** Steps of a calibration that all its threads count together, in memory that they share. */
export type GridSteps = Int32Array<SharedArrayBuffer>

const [doneAt, allAt] = [0, 1]

export function openGridSteps(memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)): GridSteps {
  return new Int32Array(memory)
}

/** A thread knows what it has before it. */
export function expectSteps(steps: GridSteps, count: number): void {
  Atomics.add(steps, allAt, count)
}

export function stepDone(steps: GridSteps): void {
  Atomics.add(steps, doneAt, 1)
}

export function stepsOf(steps: GridSteps): { readonly done: number; readonly all: number } {
  return { done: Atomics.load(steps, doneAt), all: Atomics.load(steps, allAt) }
}
