/** How far a calibration is: steps and shares of work that all its threads count together, in memory that they share. */
export type GridSteps = Int32Array<SharedArrayBuffer>

/** What is told of them. */
export interface StepsDone {
  readonly done: number
  readonly all: number
  /** Of the work, 0..1: steps differ a hundredfold. */
  readonly share: number
}

const [doneAt, allAt, partsAt, threadsAt] = [0, 1, 2, 3]
/** Of a thread's whole work. */
const parts = 1e6

export function openGridSteps(memory = new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT)): GridSteps {
  return new Int32Array(memory)
}

/** A thread knows what it has before it. */
export function expectSteps(steps: GridSteps, count: number): void {
  Atomics.add(steps, allAt, count)
  Atomics.add(steps, threadsAt, 1)
}

/** @param share of the thread's whole work */
export function stepDone(steps: GridSteps, share: number): void {
  Atomics.add(steps, doneAt, 1)
  Atomics.add(steps, partsAt, Math.round(share * parts))
}

export function stepsOf(steps: GridSteps): StepsDone {
  const threads = Atomics.load(steps, threadsAt)
  const share = threads === 0 ? 0 : Math.min(1, Atomics.load(steps, partsAt) / (threads * parts))
  return { done: Atomics.load(steps, doneAt), all: Atomics.load(steps, allAt), share }
}
