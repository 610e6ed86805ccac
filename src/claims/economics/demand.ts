import type { Range } from '../result.ts'
import { exactly, overRanges } from './range.ts'
import { flashUsdPerDay } from './savings.ts'

/** Demand that grows, and what it is served with. */
export interface Demand {
  readonly gpusToday: number
  /** Demand then ÷ demand today. */
  readonly growth: number
  /** Effective GPU multiplier of the warehouse. */
  readonly multiplier: Range
  readonly gpuHourUsd: Range
  readonly boardWatts: number
  /** Host, network and cooling, as a share of board power. */
  readonly powerOverheadRatio: Range
  readonly electricityUsdPerKwh: Range
  /** KV that the warehouse holds for the work of one GPU without it. */
  readonly storedBytesPerGpu: number
  readonly flashUsdPerTbMonth: Range
}

/** What serves it. */
export interface DemandSide {
  readonly gpus: Range
  readonly megawatts: Range
  /** GPU-hours and flash; a GPU-hour's price holds its power. */
  readonly usdPerDay: Range
  /** Of the power alone, for who owns the GPUs. */
  readonly electricityUsdPerDay: Range
}

/** Without and with the warehouse. The power of the warehouse's own servers is not counted: no source states it. */
export function demandOf(demand: Demand): { readonly without: DemandSide; readonly with: DemandSide } {
  return { without: sideOf(demand, exactly(1), 0), with: sideOf(demand, demand.multiplier, demand.storedBytesPerGpu) }
}

function sideOf(demand: Demand, multiplier: Range, storedBytesPerGpu: number): DemandSide {
  const { gpusToday, growth, gpuHourUsd, boardWatts, powerOverheadRatio, electricityUsdPerKwh } = demand
  const work = gpusToday * growth
  const megawattsAt = (gain: number, overhead: number): number => ((work / gain) * boardWatts * (1 + overhead)) / 1e6
  return {
    gpus: overRanges({ multiplier }, (at) => work / at.multiplier),
    megawatts: overRanges({ multiplier, overhead: powerOverheadRatio }, (at) =>
      megawattsAt(at.multiplier, at.overhead),
    ),
    usdPerDay: overRanges(
      { multiplier, gpuHourUsd, flash: demand.flashUsdPerTbMonth },
      (at) => (work / at.multiplier) * 24 * at.gpuHourUsd + flashUsdPerDay(work * storedBytesPerGpu, at.flash),
    ),
    electricityUsdPerDay: overRanges(
      { multiplier, overhead: powerOverheadRatio, kwhUsd: electricityUsdPerKwh },
      (at) => megawattsAt(at.multiplier, at.overhead) * 1000 * 24 * at.kwhUsd,
    ),
  }
}
