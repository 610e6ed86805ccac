import type { Claim } from '../../claims/claim.ts'
import { demandOf } from '../../claims/economics/demand.ts'
import { gpuHourUsdOf, type Prices } from '../../claims/economics/prices.ts'
import { fleetGpusFor, type Saving, savingsUsdPerDay } from '../../claims/economics/savings.ts'
import { tokenCost } from '../../claims/economics/token-cost.ts'
import type { ClaimResult, Range } from '../../claims/result.ts'
import { type ClaimScope, economicsFigures } from '../../claims/scope.ts'
import { fullBlockTokens } from '../../experiment/prediction.ts'
import type { ClaimPlan } from './claim-point.ts'

/** A large provider's fleet, assumed: no source states one. */
const largeFleetGpus = 100_000
/** A cached prefix is used again after so long, assumed: the pauses of agents are seconds to minutes. */
const reuseSeconds = 300
const demandGrowth = 100
const boardWattsAssumed = 1000

/** What stands beside a condition on money, by the family of figures that it reads. */
const beside: readonly {
  readonly family: RegExp
  readonly figures: Readonly<Record<string, readonly [string, string]>>
}[] = [
  {
    family: /^(savings|fleet)/,
    figures: {
      savingsUsdPerDayOfLargeFleet: [`savings of ${largeFleetGpus.toLocaleString('en-US')} GPUs`, 'USD a day'],
      fleetGpusForMillionUsdPerDay: ['fleet that saves a million USD a day', 'GPUs'],
    },
  },
  {
    family: /^demand/,
    figures: {
      demandGpusWithout: ['GPUs for 100 times the work of one, without', 'GPUs'],
      demandGpusWith: ['the same with the warehouse', 'GPUs'],
      demandKilowattsWithout: ['power without', 'kW'],
      demandKilowattsWith: ['power with', 'kW'],
      demandUsdPerDayWithout: ['cost without', 'USD a day'],
      demandUsdPerDayWith: ['cost with', 'USD a day'],
    },
  },
  {
    family: /^(fresh|cached)/,
    figures: {
      freshUsdPerMillionTokens: ['a million fresh tokens', 'USD'],
      cachedUsdPerMillionTokens: ['a million cached tokens', 'USD'],
    },
  },
]

/** Figures of money and power that belong to what the condition reads; none for one that reads no money. */
export function figuresOfMoney({ metric }: Claim, economics: ClaimScope['economics']): ClaimResult['figures'] {
  const read = metric?.paths.filter(([root]) => root === 'economics').map(([, name = '']) => name) ?? []
  return beside
    .filter(({ family }) => read.some((name) => family.test(name)))
    .flatMap(({ figures }) => Object.entries(figures))
    .flatMap(([key, [name, unit]]) => {
      const value = economics[key]
      return value === undefined || !Number.isFinite(value) ? [] : [{ name, value, unit }]
    })
}

/** What a multiplier is worth in this deployment, per GPU that the work takes without the warehouse. */
export function savingOf(plan: ClaimPlan, multiplier: Range, prices: Prices): Saving {
  const { target } = plan.settings
  return {
    multiplier,
    gpuHourUsd: gpuHourUsdOf(prices, target.gpu.name),
    storedBytesPerGpu: storedBytesPerGpu(plan),
    flashUsdPerTbMonth: prices.flashUsdPerTbMonth,
  }
}

/** KV of the conversations that are live: what a warehouse holds at least. */
function storedBytesPerGpu({ task, deployment, settings }: ClaimPlan): number {
  const sessions = task.load.kind === 'closed' ? task.load.sessionsPerReplica : 0
  const contextBytes = deployment.contextTokens * deployment.cost.kvBytesPerToken
  return (sessions * contextBytes) / settings.target.tensorParallel
}

/** Figures of prices and power for a condition, at typical prices; NaN where the price of the GPU is not known. */
export function economicsOf(
  plan: ClaimPlan,
  { multiplier, predict }: Omit<ClaimScope, 'economics'>,
  prices: Prices,
): ClaimScope['economics'] {
  const { target } = plan.settings
  const gain = multiplier.warehouse?.value
  // Without a price of the GPU the figures do not exist.
  if (prices.gpuHourUsd[target.gpu.name] === undefined) {
    return Object.fromEntries(Object.keys(economicsFigures).map((name) => [name, Number.NaN]))
  }
  return { ...tokenFigures(plan, predict, prices), ...(gain === undefined ? {} : gainFigures(plan, gain, prices)) }
}

function gainFigures(plan: ClaimPlan, gain: number, prices: Prices): ClaimScope['economics'] {
  const { gpu } = plan.settings.target
  const saving = savingOf(plan, { value: gain, low: gain, high: gain }, prices)
  const demand = demandOf({
    gpusToday: 1,
    growth: demandGrowth,
    multiplier: saving.multiplier,
    gpuHourUsd: saving.gpuHourUsd,
    boardWatts: gpu.boardPowerWatts ?? boardWattsAssumed,
    powerOverheadRatio: prices.powerOverheadRatio,
    electricityUsdPerKwh: prices.electricityUsdPerKwh,
    storedBytesPerGpu: saving.storedBytesPerGpu,
    flashUsdPerTbMonth: saving.flashUsdPerTbMonth,
  })
  return {
    savingsUsdPerDayOfLargeFleet: savingsUsdPerDay(largeFleetGpus, saving).value,
    fleetGpusForMillionUsdPerDay: fleetGpusFor(1e6, saving).value,
    demandGpusWithout: demand.without.gpus.value,
    demandGpusWith: demand.with.gpus.value,
    demandKilowattsWithout: demand.without.megawatts.value * 1000,
    demandKilowattsWith: demand.with.megawatts.value * 1000,
    demandUsdPerDayWithout: demand.without.usdPerDay.value,
    demandUsdPerDayWith: demand.with.usdPerDay.value,
  }
}

function tokenFigures(plan: ClaimPlan, predict: ClaimScope['predict'], prices: Prices): ClaimScope['economics'] {
  const { deployment, settings } = plan
  const { requestOverheadMs, contextTokens, cost } = deployment
  const { freshUsdPerMillion, cachedUsdPerMillion, honestRatio } = tokenCost({
    promptTokens: contextTokens,
    cachedTokens: fullBlockTokens(contextTokens),
    gpusPerReplica: settings.target.tensorParallel,
    recomputeMs: predict.recomputeMs - requestOverheadMs,
    fetchMs: predict.fetchMs - predict.hbmHitMs,
    restMs: predict.hbmHitMs - requestOverheadMs,
    kvBytesPerToken: cost.kvBytesPerToken,
    reuseSeconds,
    gpuHourUsd: gpuHourUsdOf(prices, settings.target.gpu.name),
    flashUsdPerTbMonth: prices.flashUsdPerTbMonth,
  })
  return {
    freshUsdPerMillionTokens: freshUsdPerMillion.value,
    cachedUsdPerMillionTokens: cachedUsdPerMillion.value,
    cachedToFreshRatio: honestRatio.value,
  }
}
