import type { LabReport } from '../../lab/lab-report.ts'
import type { TwoTierHits } from '../../lab/replay/policy-task.ts'
import { formatCount } from '../../units.ts'
import { rateText } from './words.ts'

/** What all rows of the table have in common. */
export function tierWords({ gpus, router, warehousePolicy, warehouseBlocks }: TwoTierHits): string {
  const capacity = Number.isFinite(warehouseBlocks) ? formatCount(warehouseBlocks, 'block') : 'everything'
  return `${formatCount(gpus, 'GPU')}, ${router}, above a warehouse that holds ${capacity} under ${warehousePolicy}`
}

/** Block references by where they were found: a row a policy and size of HBM, the head first. */
export function tierTable(twoTier: LabReport['twoTier']): string[][] {
  const rate = (count: number, { references }: TwoTierHits): string => rateText(count / references)
  const computed = (any: number, one: TwoTierHits): string => rate(one.references - any, one)
  return [
    ['HBM policy', 'blocks a GPU', 'any: HBM', 'warehouse', 'computed', 'prefix: HBM', 'warehouse', 'computed'],
    ...twoTier.map((one) => [
      one.hbmPolicy,
      one.hbmBlocks.toLocaleString('en-US'),
      rate(one.hbmAnyHits, one),
      rate(one.warehouseAnyHits, one),
      computed(one.hbmAnyHits + one.warehouseAnyHits, one),
      rate(one.hbmPrefixHits, one),
      rate(one.warehousePrefixHits, one),
      computed(one.hbmPrefixHits + one.warehousePrefixHits, one),
    ]),
  ]
}
