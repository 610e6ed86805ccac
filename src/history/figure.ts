import { z } from 'zod'

/** One number of a run, with all that is needed to hold it against the same number of another run. */
export const figureSchema = z.strictObject({
  name: z.string().describe('stable, parts joined by "/": "warehouse/hit-rate"'),
  unit: z.string().describe('"×", "tokens", "ms", "s", "bytes", "" …'),
  value: z.number(),
  low: z.number().nullable().describe('95 % interval of timing; null where there is none'),
  high: z.number().nullable(),
  kind: z
    .enum(['deterministic', 'measured'])
    .describe('deterministic: the same on every machine where the inputs are the same'),
  better: z.enum(['higher', 'lower', 'neither']),
  toleranceRelative: z.number().describe('of a deterministic figure: what is no more than this away is unchanged'),
})

export type Figure = z.output<typeof figureSchema>
