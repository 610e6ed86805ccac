import { z } from 'zod'

export const scaleComparison = z
  .strictObject({
    arms: z.record(z.string(), z.strictObject({ mock: z.number(), target: z.number(), difference: z.number() })),
    agrees: z.boolean().describe('every arm within 15 %'),
    reasons: z.array(
      z.strictObject({
        ratio: z.string(),
        target: z.number().describe('multiplier of the warehouse on the target as it is'),
        withMocks: z.number().describe('the same with the mock’s value of the ratio'),
      }),
    ),
  })
  .describe('multipliers measured on the mock beside those planned for the target at the same load and seed')

export const validation = z
  .strictObject({
    medianRelativeError: z.number().describe('of independent rows'),
    worstRelativeError: z.number(),
    timesMedianRelativeError: z.number().describe('of times and their ratios alone'),
    timesWorstRelativeError: z.number(),
    byKind: z
      .exactOptional(
        z.array(
          z.strictObject({
            kind: z.string(),
            rows: z.int(),
            medianRelativeError: z.number(),
            worstRelativeError: z.number(),
          }),
        ),
      )
      .describe('of independent rows, each kind for itself'),
    rows: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.exactOptional(z.string()),
        metric: z.string(),
        unit: z.string(),
        published: z.number(),
        predicted: z.number(),
        relativeError: z.number().describe('the worst that the number formats allow which the source leaves open'),
        source: z.string(),
        role: z
          .enum(['fit', 'test', 'derived', 'unexplained'])
          .describe('test rows are independent and alone in median and worst; derived ones say what others say'),
        reason: z.exactOptional(z.string()).describe('why the row does not count'),
      }),
    ),
  })
  .describe('the catalogue’s cost model against published measurements of single requests on an idle engine')
