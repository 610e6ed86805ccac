import { loadavg } from 'node:os'

/** A machine with more of its cores taken by others at the start is busy. */
const busyShare = 0.5
/** Measuring that takes so many times what was planned says so. */
const slowFactor = 1.5
/** Of the measuring, before its pace is told. */
const leastShare = 0.2

/** Whether others take the cores, in a line; undefined where they do not. */
export function busyMachine(cores: number, load = loadavg()[0]!): string | undefined {
  if (load < busyShare * cores) return undefined
  return `This machine is busy (load ${load.toFixed(1)} on ${cores} cores): what is measured takes longer, and its interval is wider.`
}

/**
 * Tells once, as soon as it shows, that measuring takes longer than its budget.
 * @param fewestShare of the measuring, without which it does not end
 * @returns told of the share done and the time spent
 */
export function busyWords(
  budgetMs: number,
  fewestShare: number,
  say: (text: string) => void = (text) => process.stderr.write(text),
): (shareDone: number, spentMs: number) => void {
  let isTold = false
  return (shareDone, spentMs) => {
    if (isTold || shareDone < leastShare) return
    const totalMs = spentMs / shareDone
    if (totalMs < slowFactor * budgetMs) return
    isTold = true
    const times = (totalMs / budgetMs).toFixed(1)
    const seconds = Math.ceil(Math.max(budgetMs, fewestShare * totalMs) / 1000)
    say(
      `\nThis machine is ${times} times slower than when it was calibrated, so others use it. Measuring ends early, after three draws at least (about ${seconds} s in all).\n`,
    )
  }
}
