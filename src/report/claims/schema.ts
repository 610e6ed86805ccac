import { z } from 'zod'
import type { ClaimsReport } from '../../claims/result.ts'

/** Raised when a key changes its meaning or goes away; new keys do not raise it. */
export const claimsSchemaVersion = 2

const range = z
  .strictObject({ value: z.number(), low: z.number(), high: z.number() })
  .describe(
    'a value with its 99 % interval over draws of the workload, or of timing where it was measured; in the unit of the claim',
  )

const unit = z
  .string()
  .describe(
    '"×" of a ratio, "share" of 0..1, "B", "B/s" or "ms", else as it is written behind the value; empty: a count',
  )

const point = z.strictObject({
  at: z.string().describe('as given'),
  decided: z.enum(['true', 'false', 'undecided']),
  measured: range.nullable(),
  note: z.string().describe('why it is undecided, or what limits it; empty where nothing does'),
})

const curve = z
  .strictObject({
    variant: z.string(),
    reading: z.enum(['sameLoad', 'bestAgainstBest', 'equalService']),
    baseline: z.string(),
    axis: z.string().describe('the option that is varied'),
    points: z.array(point),
  })
  .describe('the condition over one option that was left out')

const threshold = z
  .strictObject({
    parameter: z.string(),
    unit,
    direction: z.enum(['atLeast', 'atMost', 'between']),
    value: z.number().nullable(),
    upper: z.number().nullable(),
    outcome: z.enum(['threshold', 'always', 'never']),
    from: z.number().describe('start of the range that was tried'),
    to: z.number(),
    curve: z.array(z.strictObject({ at: z.number(), measured: range })),
  })
  .describe('where one parameter must lie for the claim to hold, all else as it is')

const axis = z.strictObject({ parameter: z.string(), unit, values: z.array(z.number()) })

const map = z
  .strictObject({
    x: axis,
    y: axis,
    values: z.array(z.array(z.number())).describe('values[y][x]'),
    line: z.number().describe('the claim’s line'),
    point: z.strictObject({ x: z.number(), y: z.number(), label: z.string() }).nullable(),
  })
  .describe('the value over two parameters')

const end = z.strictObject({ input: z.number(), output: z.number() })

const there = z
  .strictObject({
    holds: z.boolean().nullable().describe('null: undecided'),
    reason: z.string().describe('why, in a clause; empty where nothing planned says it'),
    measured: range.nullable(),
    against: z.string(),
    usdPerDay: range.nullable(),
    assumed: z.array(z.string()),
  })
  .describe('the claim in the user’s own deployment')

const claim = z.strictObject({
  id: z.string(),
  who: z.string(),
  where: z.string(),
  when: z.string(),
  source: z.string(),
  statement: z.string().describe('in our words'),
  conditions: z.strictObject({ stated: z.array(z.string()), leftOut: z.array(z.string()) }),
  require: z.boolean(),
  metric: z.string().describe('the condition that was asked'),
  tolerance: z.number().describe('0..1, of the claimed value'),
  verdict: z
    .enum(['holds', 'holdsWhen', 'doesNotHold', 'notTestable', 'undecidedQuick'])
    .describe('undecidedQuick: a quick look cannot say which of the others'),
  holdsWhen: z.string().nullable().describe('the region in words and numbers; null unless the verdict is holdsWhen'),
  summary: z.string(),
  claimed: z.strictObject({ text: z.string(), value: z.number().nullable(), unit }),
  measured: range.nullable().describe('at the claim’s own conditions'),
  baseline: z.string(),
  againstStrongest: z.strictObject({ value: z.number(), baseline: z.string() }).nullable(),
  trust: z.enum(['tensors', 'fitted', 'catalogue', 'arithmetic']),
  curves: z.array(curve),
  mustBeTrue: z.array(threshold),
  map: map.nullable(),
  tornado: z.array(z.strictObject({ assumption: z.string(), unit, low: end, high: end })),
  screen: z
    .array(z.strictObject({ assumption: z.string(), muStar: z.number(), sigma: z.number() }))
    .describe('Morris screen'),
  there: there.nullable(),
  missing: z.array(z.string()),
  notes: z.array(z.string()),
  figures: z.array(z.strictObject({ name: z.string(), value: z.number(), unit })),
})

const cardArm = z.strictObject({ tokensPerGpuSecond: z.number(), ttftP95Ms: z.number().nullable() })

const card = z
  .strictObject({
    claim: z.string().describe('id of the claim'),
    claimed: z.number(),
    answer: z.enum(['yes', 'no', 'undecided']),
    load: z.number().describe('conversations a replica'),
    multiplier: range.nullable().describe('of the warehouse at that load, against what the user has'),
    against: z.string().describe('the arm that the user has'),
    reason: z.string(),
    contexts: z
      .strictObject({ meanTokens: z.number(), hbm: z.number(), dram: z.number().nullable() })
      .describe('contexts of the mean prompt that a replica holds'),
    loads: z.array(
      z.strictObject({ sessionsPerReplica: z.number(), isOwn: z.boolean(), arms: z.record(z.string(), cardArm) }),
    ),
    trueFrom: z
      .number()
      .nullable()
      .describe('load from which the claim is reached against HBM alone; null: none tried'),
    usdPerDay: range.nullable().describe('saving a day against what the user has; a cost is negative'),
    link: z.strictObject({ text: z.string(), bytesPerSecond: z.number().describe('of a GPU') }),
    dram: z.string().nullable().describe('as it was written; null: none'),
    scaled: z.string().describe('what was done to the workload'),
  })
  .describe('the user’s own questions about one multiplier')

const pair = z.strictObject({
  claims: z.tuple([z.string(), z.string()]),
  question: z.string(),
  verdict: z.enum(['compatible', 'compatibleWhen', 'incompatible', 'undecided']),
  summary: z.string(),
})

/** The verdicts. `claims.json` is this, and nothing else; `memwall verify --json` prints it. */
export const claimsSchema = z.strictObject({
  schemaVersion: z.literal(claimsSchemaVersion),
  createdAt: z.string().describe('ISO 8601'),
  claims: z.array(claim),
  pairs: z.array(pair).describe('two claims of one source held against each other'),
  deployment: z.strictObject({ text: z.string(), assumed: z.array(z.string()) }).nullable(),
  card: card.nullable(),
  seconds: z.number(),
  quick: z.boolean(),
}) satisfies z.ZodType<ClaimsReport>
