import { armNames, baseName, ceilingArm } from './arms.ts'
import type { Multiplier } from './headline.ts'
import type { Report } from './report.ts'

/** A plan that is further off than this weakens what is planned beside the measured figures. */
const largePlanError = 0.2

/** Per-step minima are biased by about 1 %: a ratio that is further than this outside the interval says it is too narrow. */
const crossCheckMargin = 0.05

/** An arm further than this above its ceiling lies above it by more than rounding. */
const ceilingMargin = 0.02

export const runAgain = 'the machine was busy, run again'

/** Why plan and measurement differ, and what to do. */
export function planOffWords({ costModel }: Report): string {
  return costModel.fromFile === true ? 'the cost model given is of a machine of another speed' : runAgain
}

export function isPlanOff({ costModel: { planErrorRelative } }: Report): boolean {
  return planErrorRelative !== null && Math.abs(planErrorRelative) > largePlanError
}

/** Arms whose per-step minima lie outside the interval of timing. */
export function crossCheckedOff(report: Report): string[] {
  return armNames(report).filter((name) => {
    const figure = report.multiplier[name]
    if (figure?.low == null || figure.high == null || figure.minimaRatio === null) return false
    const { low, high, minimaRatio } = figure
    return minimaRatio < low * (1 - crossCheckMargin) || minimaRatio > high * (1 + crossCheckMargin)
  })
}

/** Memories with the KV format and the GPUs of the baseline: nothing lets them pass the ceiling. */
const bounded = ['local-dram', 'warehouse', 'dram+warehouse']

/** Arms above what a cache that loses nothing and costs nothing gives. */
export function aboveCeiling(report: Report): string[] {
  const ceiling = report.multiplier[ceilingArm]
  if (ceiling === undefined || ceiling.bound === 'lower' || ceiling.bound === 'loadLimited') return []
  return armNames(report).filter(
    (name) => bounded.includes(baseName(name)) && isAbove(report.multiplier[name], ceiling),
  )
}

function isAbove(figure: Multiplier | undefined, ceiling: Multiplier): boolean {
  if (figure === undefined || !Number.isFinite(figure.value) || figure.bound === 'upper') return false
  return (
    figure.value > ceiling.value * (1 + ceilingMargin) && (figure.low ?? figure.value) > (ceiling.high ?? ceiling.value)
  )
}

/** Measured, a busy machine explains it; planned, only windows that hold other requests do. */
export function aboveCeilingWords({ trust }: Report): string {
  return trust === 'tensors' ? `above its ceiling: ${runAgain}` : 'above its ceiling: more requests are needed'
}
