import { z } from 'zod'

export const attribution = z
  .strictObject({
    arm: z.string(),
    router: z.string(),
    sessionsPerReplica: z.int().nullable(),
    capacityBytes: z.number().nullable().describe('C of all replicas together; null: everything fits'),
    seeds: z.int(),
    requests: z.int().nullable().describe('in the window of each plan; null: the whole trace'),
    tokensPerGpuSecond: z.strictObject({
      none: z.number(),
      capacity: z.number(),
      sharing: z.number(),
      both: z.number(),
      real: z.number(),
    }),
    gain: z
      .strictObject({ capacity: z.number(), sharing: z.number() })
      .describe('factors; their product is both ÷ none (Shapley values on the logarithm)'),
    loss: z
      .strictObject({ latencyAndBandwidth: z.number(), queueing: z.number(), stores: z.number() })
      .describe('factors; their product is real ÷ both'),
  })
  .describe('where the multiplier comes from, planned')

const breakEvenLength = z.union([z.number(), z.enum(['always', 'never'])])
export const breakEven = z.strictObject({
  link: z.string(),
  contextTokens: breakEvenLength.describe('from here on a fetch takes no longer than a recompute'),
  atContextTokens: z.int(),
  bandwidthBytesPerMs: breakEvenLength.describe('of the replica, for a context of atContextTokens'),
  linearMfu: breakEvenLength.describe('of the matrix products, for a context of atContextTokens'),
  curve: z.array(z.strictObject({ contextTokens: z.number(), fetchMs: z.number(), recomputeMs: z.number() })),
})

export const alternative = z.strictObject({
  name: z.string(),
  summary: z.string(),
  multiplier: z.record(z.string(), z.number()),
  isOwn: z.boolean().describe('it is how the run itself was done'),
})
