import { z } from 'zod'
import { type CatalogFile, entryError, readYaml } from '../../catalog/read-entries.ts'
import { badInput } from '../../errors.ts'
import { rootUrl } from '../../root.ts'
import type { Range } from '../result.ts'

const amount = z.number().nonnegative()

const price = z
  .strictObject({ low: amount, typical: amount, high: amount, source: z.string() })
  .refine(({ low, typical, high }) => low <= typical && typical <= high, 'must be in the order low, typical, high')
  .transform(({ typical, ...rest }): Price => ({ value: typical, ...rest }))

/** A user's own price: one number, or a range. */
const ownPrice = z.union([
  amount.transform((value): Price => ({ value, low: value, high: value, source: 'as given' })),
  z.strictObject({ low: amount, typical: amount, high: amount, source: z.string().default('as given') }).pipe(price),
])

const apiPrice = z.strictObject({
  name: z.string(),
  freshUsd: amount,
  cachedUsd: amount,
  outputUsd: amount,
  cacheWriteUsd: amount.optional(),
  source: z.string(),
})

const pricesSchema = z.strictObject({
  gpuHourUsd: z.record(z.string(), price),
  powerOverheadRatio: price,
  electricityUsdPerKwh: price,
  flashUsdPerTbMonth: price,
  api: z.array(apiPrice).min(1),
})

/** Prices of a deployment file: those that it names take the place of the package's. */
export const ownPricesSchema = z.strictObject({
  gpuHourUsd: z.record(z.string(), ownPrice).optional(),
  powerOverheadRatio: ownPrice.optional(),
  electricityUsdPerKwh: ownPrice.optional(),
  flashUsdPerTbMonth: ownPrice.optional(),
})

/** A price with its range and where it comes from. */
export interface Price extends Range {
  readonly source: string
}

/** Prices and power: a GPU-hour by the catalogue's name of the GPU, flash a usable TB a month, tokens a million. */
export type Prices = z.output<typeof pricesSchema>
export type OwnPrices = z.output<typeof ownPricesSchema>

const packageFile: CatalogFile = { path: new URL('claims/prices.yaml', rootUrl), shown: 'claims/prices.yaml' }

export function readPrices(file: CatalogFile = packageFile): Prices {
  const content = readYaml(file)
  const parsed = pricesSchema.safeParse(content)
  if (parsed.success) return parsed.data
  throw entryError(file.shown, parsed.error.issues[0]!, content)
}

export function withOwnPrices(prices: Prices, own: OwnPrices): Prices {
  const { gpuHourUsd, ...rest } = own
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  return { ...prices, ...given, gpuHourUsd: { ...prices.gpuHourUsd, ...gpuHourUsd } }
}

/** @param gpu the catalogue's name */
export function gpuHourUsdOf(prices: Prices, gpu: string): Price {
  const found = prices.gpuHourUsd[gpu]
  if (found !== undefined) return found
  const known = Object.keys(prices.gpuHourUsd).join(', ')
  throw badInput(
    `prices gpuHourUsd "${gpu}"`,
    'is not known',
    `Give it in the deployment file under prices: gpuHourUsd. Known: ${known}.`,
  )
}

/** What a cached input token costs beside a fresh one on the market: the range over the price lists. */
export function marketCachedRatio({ api }: Prices): Range {
  const ratios = api.map(({ freshUsd, cachedUsd }) => cachedUsd / freshUsd).sort((a, b) => a - b)
  return { value: ratios[ratios.length >> 1]!, low: ratios[0]!, high: ratios.at(-1)! }
}
