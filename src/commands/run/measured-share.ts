/** How far measuring is. It ends with its budget, but not before its least passes. */
export interface Passes {
  readonly planned: number
  readonly least: number
  /** undefined: all passes are measured, whatever they take. */
  readonly budgetMs: number | undefined
}

/** Before so much of a pass is done its pace says nothing. */
const leastDone = 0.1

/** Share of the measuring that is done, of the passes that will be. @param done passes, with a part of the present one */
export function measuredShare(done: number, spentMs: number, { planned, least, budgetMs }: Passes): number {
  if (done < leastDone) return done / planned
  const inBudget = budgetMs === undefined ? planned : Math.ceil((budgetMs * done) / Math.max(1, spentMs))
  return Math.min(1, done / Math.max(done, Math.min(planned, Math.max(least, inBudget))))
}
