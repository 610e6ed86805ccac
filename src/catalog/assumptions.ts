import { z } from 'zod'
import { badInput } from '../errors.ts'
import { type CatalogFile, entryError, readYaml } from './read-entries.ts'

const range = z
  .strictObject({ low: z.number(), value: z.number(), high: z.number(), reason: z.string() })
  .refine(({ low, value, high }) => low <= value && value <= high, 'must be in the order low, value, high')

const share = range.refine(({ low, high }) => low > 0 && high <= 1, 'must lie above 0 and at most at 1')
const duration = range.refine(({ low }) => low >= 0, 'must be at least 0')

const schema = z.strictObject({
  gemmBf16Share: share,
  gemmFp8Share: share,
  attentionShare: share,
  hbmBandwidthShare: share,
  allReduceEfficiency: share,
  stepOverheadMs: duration,
  requestOverheadMs: duration,
})

/** What the roofline assumes beyond data sheets, each with its range and the reason for it. */
export type Assumptions = z.output<typeof schema>

/** Which end of the ranges: what makes a GPU slow, the defaults, or what makes it fast. */
export type Bound = 'slow' | 'default' | 'fast'

const shorterIsFaster: ReadonlySet<keyof Assumptions> = new Set(['stepOverheadMs', 'requestOverheadMs'])

export function assumed(assumptions: Assumptions, key: keyof Assumptions, bound: Bound): number {
  const { low, value, high } = assumptions[key]
  if (bound === 'default') return value
  return (bound === 'fast') === shorterIsFaster.has(key) ? low : high
}

/** Reads the assumptions; a user's file may name some of them only. */
export function readAssumptions(file: CatalogFile, base?: Assumptions): Assumptions {
  const raw = readYaml(file)
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw))
    throw badInput(file.shown, 'is no mapping of assumptions', 'Write "name: { low, value, high, reason }".')
  const content = { ...base, ...raw }
  const parsed = schema.safeParse(content)
  if (parsed.success) return parsed.data
  throw entryError(file.shown, parsed.error.issues[0]!, content)
}
