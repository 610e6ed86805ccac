import { z } from 'zod'

export const share = z.number().describe('0..1')
export const tokens = z.number().describe('tokens')
export const percentiles = z.strictObject({
  p50: z.number().nullable(),
  p90: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
})
export const bound = z
  .enum(['exact', 'lower', 'upper', 'loadLimited'])
  .describe('what the multiplier may be read as: exact, a lower or upper bound, or limited by the load on offer')
