/** How long something still takes, from the pace of late. All times are passed in. */
export interface TimeLeft {
  /** Told whenever some work is done. @param done of the work, in whatever unit; it never shrinks */
  observe(nowMs: number, done: number): void
  /** @param rest of the work, in the same unit. @returns undefined where there is nothing to go on yet */
  leftMs(nowMs: number, rest: number): number | undefined
}

interface Sample {
  readonly timeMs: number
  readonly done: number
}

/** Before so much time nothing is said: the first steps carry the start of the threads. */
const leastMs = 1000
/**
 * The last part whose pace counts, of the time spent or of the steps done, whichever is shorter: by steps a slow start is forgotten, by
 * time a pace that drops is noticed.
 */
const recentShare = 0.5

/**
 * @param leastSteps before so many nothing is said. Of work on several threads two for each: until all of them have ended a first
 * one, what is done is far less than what has been begun
 */
export function openTimeLeft(startMs: number, leastSteps = 4): TimeLeft {
  const samples: Sample[] = [{ timeMs: startMs, done: 0 }]
  return {
    observe(timeMs, done) {
      if (done > samples.at(-1)!.done) samples.push({ timeMs, done })
    },
    leftMs(nowMs, rest) {
      const last = samples.at(-1)!
      if (samples.length <= leastSteps || last.timeMs - startMs < leastMs) return undefined
      const first = samples[recentStart(samples, leastSteps)]!
      const msPerWork = (last.timeMs - first.timeMs) / (last.done - first.done)
      return Math.max(0, rest * msPerWork - (nowMs - last.timeMs))
    },
  }
}

/** @returns the sample after which the pace counts; the least steps are always among what follows */
function recentStart(samples: readonly Sample[], leastSteps: number): number {
  const steps = samples.length - 1
  const [start, end] = [samples[0]!.timeMs, samples[steps]!.timeMs]
  const from = end - recentShare * (end - start)
  const byTime = samples.findLastIndex(({ timeMs }) => timeMs <= from)
  const bySteps = Math.floor((1 - recentShare) * steps)
  return Math.min(Math.max(byTime, bySteps), steps - leastSteps)
}

/** What is shown grows and shrinks by no more than these factors at once: good news may come faster. */
const mostGrowth = 1.4
const mostDrop = 0.5

/** A time left that follows its estimates without jumping. */
export interface SteadyLeft {
  /** @returns what to show now; undefined before the first estimate. @param estimateMs undefined: no new one */
  at(nowMs: number, estimateMs: number | undefined): number | undefined
}

export function openSteadyLeft(): SteadyLeft {
  let shown: { readonly atMs: number; readonly leftMs: number } | undefined
  return {
    at(nowMs, estimateMs) {
      const counted = shown === undefined ? undefined : Math.max(0, shown.leftMs - (nowMs - shown.atMs))
      if (estimateMs === undefined) return counted
      const leftMs = counted === undefined ? estimateMs : between(counted * mostDrop, estimateMs, counted * mostGrowth)
      // What has been counted down to nothing may grow again.
      shown = { atMs: nowMs, leftMs: counted !== undefined && counted < leastMs ? estimateMs : leftMs }
      return shown.leftMs
    },
  }
}

function between(low: number, value: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}

/** "12 s left", in whole minutes where it is long. */
export function leftWords(leftMs: number): string {
  const seconds = Math.max(1, Math.ceil(leftMs / 1000))
  return seconds < 100 ? `${seconds} s left` : `${Math.round(seconds / 60)} min left`
}
