import { z } from 'zod'

/** Raised when a key changes its meaning or goes away; new keys do not raise it. */
export const compareSchemaVersion = 1

const verdict = z
  .enum(['fine', 'regression', 'inconclusive'])
  .describe('inconclusive: too noisy to tell; neither pass nor fail')

const figure = z.strictObject({
  name: z.string(),
  unit: z.string(),
  kind: z.enum(['deterministic', 'measured']),
  base: z.number().nullable(),
  head: z.number().nullable(),
  changeRelative: z.number().nullable().describe('head ÷ base − 1'),
  outcome: z.enum(['unchanged', 'better', 'worse', 'changed', 'new', 'missing']),
  isGated: z.boolean().describe('whether worse, changed or missing fails; else it is advice'),
  p: z.number().nullable().describe('Mann–Whitney over the stored records, two-sided'),
  attainableP: z.number().nullable().describe('the least p that so few records can give'),
})

const timing = z.strictObject({
  noiseRounds: z.int().describe('rounds of the base against itself'),
  rounds: z.int().describe('rounds of 24 slices in the screen, and again in the confirmation'),
  plansDiffer: z.boolean().describe('times are then per prompt token, decoded token and byte'),
  figures: z.array(
    z.strictObject({
      name: z.string(),
      changeRelative: z.number().describe('head ÷ base − 1, trimmed mean over slices'),
      low: z.number().describe('95 % interval'),
      high: z.number(),
      p: z.number().describe('one-sided, for slower; after Holm where it was confirmed'),
      totalChangeRelative: z.number().describe('nothing trimmed; only warns'),
      noiseHalfWidthRelative: z.number(),
      smallestFoundRelative: z.number().describe('change that is found 19 times in 20'),
      thresholdRelative: z.number().describe('what a regression must exceed'),
      isFlagged: z.boolean().describe('by the screen; then fresh rounds decided'),
      warns: z.boolean(),
      verdict,
    }),
  ),
})

/** The outcome of `memwall compare`. `compare.json` is this, and nothing else. */
export const compareSchema = z.strictObject({
  schemaVersion: z.literal(compareSchemaVersion),
  createdAt: z.string().describe('ISO 8601'),
  verdict,
  base: z.string(),
  head: z.string(),
  comparisons: z.array(
    z.strictObject({
      experiment: z.string(),
      base: z.string(),
      head: z.string(),
      isGated: z.boolean().describe('the inputs are the same'),
      notes: z.array(z.string()),
      figures: z.array(figure),
    }),
  ),
  notes: z.array(z.string()),
  timing: timing.nullable().describe('null where stored records were compared'),
})

export type CompareReport = z.output<typeof compareSchema>
export type ComparedFigure = z.output<typeof figure>
export type CompareTiming = z.output<typeof timing>
export type TimedFigure = CompareTiming['figures'][number]
