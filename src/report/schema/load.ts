import { z } from 'zod'
import { bound, share } from './measure.ts'

const pointArm = z.strictObject({
  tokensPerGpuSecond: z.number(),
  hitRate: share,
  ceilingHitRate: share,
  redundantPrefillOverhead: z.number(),
  busyShare: share,
  stalledShare: share,
  starvedShare: share,
  ttftP50Ms: z.number().nullable(),
  ttftP95Ms: z.number().nullable(),
  tpotP50Ms: z.number().nullable(),
  tpotP95Ms: z.number().nullable(),
})

const pointMultiplier = z.strictObject({
  mean: z.number().describe('ratio of mean throughputs over the draws'),
  low: z.number().nullable().describe('95 % interval over draws; null from a single one'),
  high: z.number().nullable(),
  min: z.number().describe('of single draws'),
  max: z.number(),
  bound,
})

export const kneePoint = z.strictObject({
  scale: z.enum(['mock', 'target']),
  router: z.string(),
  sessionsPerReplica: z.int(),
  arms: z.record(z.string(), pointArm),
  multiplier: z.record(z.string(), pointMultiplier),
})

export const sweep = z
  .strictObject({
    parameter: z.string().describe('the option that was varied'),
    seeds: z.int(),
    requests: z.int().nullable().describe('in the window of each point; null: the whole trace'),
    points: z.array(
      z.strictObject({
        value: z.string().describe('as it was given'),
        arms: z.record(z.string(), pointArm),
        multiplier: z.record(z.string(), pointMultiplier),
      }),
    ),
  })
  .describe('another parameter than the load, planned at the target’s own sizes')

export const equalService = z.strictObject({
  slo: z.strictObject({ text: z.string(), ttftMs: z.number(), tpotMs: z.number() }),
  seeds: z.int(),
  requests: z.int().nullable().describe('in the window of each plan; null: the whole trace'),
  arms: z.record(
    z.string(),
    z.strictObject({
      tokensPerGpuSecond: z.number().nullable().describe('null: no load on the grid keeps the SLO'),
      sessionsPerReplica: z.number().nullable(),
      isHighestTried: z.boolean().describe('it keeps the SLO at the highest load of the grid: a lower bound'),
      brokenBelow: z.array(z.int()).describe('lower loads of the grid at which the SLO is not kept'),
    }),
  ),
  multiplier: z.record(z.string(), z.number().nullable()),
  gpuEquivalents: z
    .record(z.string(), z.number().nullable())
    .describe('baseline GPUs that reach what the run’s GPUs reach with the arm'),
})

export const strongestBaseline = z.strictObject({
  name: z.string().describe('what it is, in words'),
  arm: z.string(),
  router: z.string(),
  admission: z.string(),
  policy: z.string(),
  sessionsPerReplica: z.int().nullable().describe('limit on the load; null where the load is as the run has it'),
  tokensPerGpuSecond: z.number(),
  multiplier: z.number().describe('of the headline arm against it'),
  multipliers: z.record(z.string(), z.number()).describe('of every arm against it'),
  bounds: z.record(z.string(), bound).describe('what each multiplier may be read as'),
  tried: z.int().describe('combinations that were planned, with the first seed; the best of them with all'),
  seeds: z.int(),
})
