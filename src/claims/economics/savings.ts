import type { Range } from '../result.ts'
import { overRanges } from './range.ts'

/** What a multiplier saves, per GPU of the fleet that would do the work without the warehouse. */
export interface Saving {
  /** Effective GPU multiplier at the fleet's load. */
  readonly multiplier: Range
  readonly gpuHourUsd: Range
  /** KV that the warehouse holds for the work of one such GPU. */
  readonly storedBytesPerGpu: number
  readonly flashUsdPerTbMonth: Range
}

export const daysOfMonth = 365.25 / 12
const bytesOfTb = 1e12

/** Flash, a day. */
export function flashUsdPerDay(storedBytes: number, usdPerTbMonth: number): number {
  return ((storedBytes / bytesOfTb) * usdPerTbMonth) / daysOfMonth
}

/**
 * What a fleet of so many GPUs saves a day: the same work takes gpus ÷ multiplier of them, and flash for what is stored.
 * Below 0 where the flash costs more than the GPUs that it saves. The price of a GPU-hour holds its power.
 */
export function savingsUsdPerDay(gpus: number, saving: Saving): Range {
  const { multiplier, gpuHourUsd, storedBytesPerGpu, flashUsdPerTbMonth } = saving
  return overRanges(
    { multiplier, gpuHourUsd, flash: flashUsdPerTbMonth },
    (at) => gpus * (24 * at.gpuHourUsd * (1 - 1 / at.multiplier) - flashUsdPerDay(storedBytesPerGpu, at.flash)),
  )
}

/** The fewest GPUs whose savings reach an amount a day; Infinity where each saves nothing. `low` is the best case. */
export function fleetGpusFor(usdPerDay: number, saving: Saving): Range {
  const { value, low, high } = savingsUsdPerDay(1, saving)
  const gpus = (perGpu: number): number => (perGpu > 0 ? usdPerDay / perGpu : Number.POSITIVE_INFINITY)
  return { value: gpus(value), low: gpus(high), high: gpus(low) }
}
