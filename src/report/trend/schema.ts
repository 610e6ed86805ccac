import { z } from 'zod'

/** Raised when a key changes its meaning or goes away; new keys do not raise it. */
export const trendSchemaVersion = 1

const recordIndex = z.int().describe('index into the experiment’s records')

const mark = z.strictObject({
  reason: z
    .enum(['changed', 'level', 'new machine'])
    .describe('changed: a deterministic figure differs with equal inputs; level: found by CUSUM'),
  stepRelative: z.number().nullable().describe('new level ÷ old − 1; null where there is none'),
  before: recordIndex,
  after: recordIndex,
})

const series = z.strictObject({
  name: z.string(),
  unit: z.string(),
  kind: z.enum(['deterministic', 'measured']),
  better: z.enum(['higher', 'lower', 'neither']),
  pointsMissing: z.int().describe('points more that a verdict needs; 0 where there is one'),
  points: z
    .strictObject({
      records: z.array(recordIndex),
      values: z.array(z.number()),
      low: z.array(z.number().nullable()).describe('95 % interval of timing; null where there is none'),
      high: z.array(z.number().nullable()),
    })
    .describe('columns, oldest first'),
  marks: z.array(mark),
})

/** A history with its change points. `trend.json` is this, and nothing else. */
export const trendSchema = z.strictObject({
  schemaVersion: z.literal(trendSchemaVersion),
  createdAt: z.string().describe('ISO 8601'),
  folder: z.string(),
  experiments: z.array(
    z.strictObject({
      experiment: z.string(),
      records: z
        .array(z.strictObject({ date: z.string(), commit: z.string().nullable(), machine: z.string() }))
        .describe('oldest first'),
      inputsChanged: z.array(recordIndex).describe('records before which the inputs changed'),
      series: z.array(series),
    }),
  ),
})

export type TrendJson = z.output<typeof trendSchema>
