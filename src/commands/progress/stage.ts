/** A part of a run, as far as it is known beforehand. */
export interface Stage {
  readonly name: string
  /** Plans on the threads. */
  readonly plans: number
  /** Of all its plans, as `taskWork` counts. */
  readonly work: number
  /** Of a stage that measures: the time that it is given, whatever the pace of the plans. */
  readonly budgetMs?: number
}

/** "planning the knee, 12 of 60 plans". */
export function stepWords({ name, plans }: Stage, done: number): string {
  return plans > 1 ? `${name}, ${Math.min(done, plans)} of ${plans} plans` : name
}

export function calibratingWords(done: number, all: number): string {
  return all === 0 ? 'calibrating the cost model' : `calibrating the cost model, ${done} of ${all} steps`
}
