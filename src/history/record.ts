import { z } from 'zod'
import { figureSchema } from './figure.ts'

/** Raised when a key changes its meaning or goes away. */
export const recordSchemaVersion = 1

/** What history keeps of a run: a line of a file. */
export const recordSchema = z.strictObject({
  schemaVersion: z.literal(recordSchemaVersion),
  experiment: z.string().min(1),
  commit: z
    .strictObject({ hash: z.string().min(1), dirty: z.boolean().describe('the checkout differed from the commit') })
    .nullable()
    .describe('null outside a git checkout'),
  date: z.iso.datetime(),
  trust: z.enum(['tensors', 'fitted', 'catalogue']),
  inputsHash: z.string(),
  environment: z
    .record(z.string(), z.string())
    .refine(({ fingerprint }) => fingerprint !== undefined, 'has no fingerprint'),
  figures: z.array(figureSchema),
})

export type HistoryRecord = z.output<typeof recordSchema>

/** "3f2a9c1", "3f2a9c1, dirty", or "no commit". */
export function commitText({ commit }: Pick<HistoryRecord, 'commit'>): string {
  if (commit === null) return 'no commit'
  return `${commit.hash.slice(0, 9)}${commit.dirty ? ', dirty' : ''}`
}
