import { z } from 'zod'

const ms = z.array(z.number())
const counts = z.array(z.int())

const lane = z
  .strictObject({
    untilMs: ms.describe('end of each segment, from the opening of the window; the first begins at 0'),
    usefulPrefillMs: ms.describe('part of each segment; the five parts sum to it'),
    redundantPrefillMs: ms,
    decodeMs: ms,
    stalledMs: ms,
    starvedMs: ms,
    steps: counts.describe('steps that ran in each segment'),
    fetchFromMs: ms.describe('stretches in which fetches were on their way'),
    fetchUntilMs: ms,
    fetches: counts.describe('fetches in each stretch'),
    fetchedBytes: z.array(z.number()),
    evictions: counts.describe('blocks evicted from HBM in each bin'),
  })
  .describe('one replica; short neighbours are merged so that the list stays bounded')

const memory = z.strictObject({
  heldBytes: z.array(z.number()).describe('at the end of each bin, all replicas together; cached or in use'),
  pinnedBytes: z.exactOptional(z.array(z.number())).describe('of these, what requests and transfers hold'),
  capacityBytes: z.number().nullable().describe('null: nothing is ever evicted'),
})

const armTimeline = z.strictObject({
  windowMs: z.number(),
  replicas: z.int().describe('of the arm; only the first have a lane'),
  lanes: z.array(lane),
  binMs: z.number().describe('length of a bin; the last one may reach beyond the window'),
  blockBytes: z.number().describe('KV of a block'),
  evictions: counts.describe('blocks evicted from the HBM of all replicas in each bin'),
  memories: z.strictObject({ hbm: memory, dram: z.exactOptional(memory), warehouse: z.exactOptional(memory) }),
})

export const timeline = z
  .record(z.string(), armTimeline)
  .describe('what happened in the window of each arm; times are of the clock that the arms’ figures are on')
