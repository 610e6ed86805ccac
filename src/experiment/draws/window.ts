import type { Load } from '../../plan/plan-input.ts'

/**
 * Completed requests a seat before a planned window opens. Requests with long outputs end late: after one a seat the outputs of a
 * window are a sixth too short on WEKA's traces, after eight they are within 2 % of the long run (docs/concepts.md).
 */
export const settledPerSeat = 8
/** Completed requests a seat in a planned window, at least: turns of every conversation, pauses included. */
const requestsPerSeat = 20
/** Draws behind an answer and requests in the window of each, where nothing else is asked for. */
const mostAnswerDraws = 20
const leastAnswerDraws = 5
const answerRequests = 2000
/** The same of each point that stands beside an answer. */
export const besideDraws = 5
const besideRequests = 500

/** Completions before the window of a plan opens; undefined: as many as there are seats. */
export function settleRequestsOf(load: Load): number | undefined {
  return load.kind === 'closed' && load.start === 'warm' ? settledPerSeat * load.seats : undefined
}

/** Requests in a planned window of the answer. It depends on the load alone, never on a machine's speed. */
export function answerWindow(seats: number): number {
  return Math.max(answerRequests, requestsPerSeat * seats)
}

/** Draws behind an answer. Where a window holds many seats each draw says more, and fewer do. */
export function answerDraws(seats: number): number {
  const enough = Math.ceil((mostAnswerDraws * answerRequests) / answerWindow(seats))
  return Math.max(leastAnswerDraws, Math.min(mostAnswerDraws, enough))
}

/** Requests in a window that is planned beside the answer. */
export function besideWindow(seats: number): number {
  return Math.max(besideRequests, requestsPerSeat * seats)
}

/** Seeds of the draws of a run. Those of two runs with neighbouring seeds share none. */
export function drawSeeds(seed: number, draws: number): number[] {
  return Array.from({ length: draws }, (_, draw) => seed + draw * 1_000_003)
}
