import { type DrawnFigure, type DrawnRatio, halfWidthOf, jackknife, ratioOfMeans } from './jackknife.ts'
import { studentTQuantile } from './student-t.ts'

/** A multiplier that was measured on a draw of the workload, and what was planned for the same draw. */
export interface MeasuredDraw {
  readonly measured: number
  readonly planned: number
}

/** What a workload is worth: the planned gain over many draws, corrected by how measured and planned differ on the same ones. */
export interface Answer {
  readonly value: number
  /** Of everything that moves it: draws of the workload, and the correction. null: a single draw, and nothing measured. */
  readonly low: number | null
  readonly high: number | null
  /** What single draws give, and a further one gives with 95 % probability: not an error of the value. */
  readonly spread: { readonly low: number; readonly high: number } | null
  /** measured ÷ planned; null where nothing was measured. */
  readonly correction: { readonly value: number; readonly low: number | null; readonly high: number | null } | null
}

/**
 * The answer of a run and its interval: T = M × exp(mean of ln(measured ÷ planned)), where M is the ratio of mean throughputs
 * over planned draws. On the logarithms three parts add in squares: the draws' (jackknife), the correction's (t with as many degrees
 * of freedom as measured draws less one), and what a correction from short windows may differ from that of long ones.
 * @param planned at least one draw of the arm and of the baseline, all of one length
 * @param measured draws that were run with tensors; empty where nothing was measured
 */
export function answerOf(planned: readonly DrawnRatio[], measured: readonly MeasuredDraw[]): Answer {
  const drawn = jackknife(planned, (some) => Math.log(ratioOfMeans(some)))
  const correction = measured.length === 0 ? undefined : correctionOf(measured)
  const logValue = drawn.value + (correction?.value ?? 0)
  const corrected = correction === undefined ? [] : [halfWidthOf(correction), windowHalfWidth(correction.value)]
  const parts = [halfWidthOf(drawn), ...corrected]
  const half = parts.some((part) => part === null) ? null : Math.hypot(...parts.map((part) => part ?? 0))
  return {
    value: Math.exp(logValue),
    ...around(logValue, half),
    spread: spreadOf(planned, correction?.value ?? 0),
    correction:
      correction === undefined
        ? null
        : { value: Math.exp(correction.value), ...around(correction.value, halfWidthOf(correction)) },
  }
}

/**
 * A cost model that is off takes another effect in a short window than in the long run: by two fifths of the correction, and a
 * fiftieth where there is none (standard deviations, simulated over machines at the knee, where it is worst: bench/answer.mjs).
 */
const windowShare = 0.4
const windowLeast = 0.02
const normal95 = 1.96

function windowHalfWidth(logCorrection: number): number {
  return normal95 * Math.hypot(windowShare * logCorrection, windowLeast)
}

/** Mean of ln(measured ÷ planned) with its error. */
function correctionOf(measured: readonly MeasuredDraw[]): DrawnFigure {
  const logs = measured.map((draw) => Math.log(draw.measured / draw.planned))
  return jackknife(logs, (some) => some.reduce((sum, log) => sum + log, 0) / some.length)
}

function around(logValue: number, half: number | null): { low: number | null; high: number | null } {
  if (half === null) return { low: null, high: null }
  return { low: Math.exp(logValue - half), high: Math.exp(logValue + half) }
}

/** Prediction interval of one further draw, on the logarithms of the draws' own ratios. */
function spreadOf(planned: readonly DrawnRatio[], logCorrection: number): Answer['spread'] {
  const count = planned.length
  if (count < 2) return null
  const logs = planned.map(({ arm, baseline }) => Math.log(arm / baseline) + logCorrection)
  const mean = logs.reduce((sum, log) => sum + log, 0) / count
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (count - 1)
  const half = studentTQuantile(0.975, count - 1) * Math.sqrt(variance * (1 + 1 / count))
  return { low: Math.exp(mean - half), high: Math.exp(mean + half) }
}
