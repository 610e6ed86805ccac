import { z } from 'zod'
import { figureSchema } from '../../history/figure.ts'

/** Raised when a message changes its meaning: checkouts of both sides must speak the same. */
export const protocolVersion = 1

/** What a checkout is asked, one JSON object a line. */
export const questionSchema = z.discriminatedUnion('ask', [
  z.strictObject({
    ask: z.literal('open'),
    protocol: z.int(),
    costModel: z.string().describe('file, so that both checkouts plan the same'),
    requests: z.int().positive(),
    slices: z.int().positive(),
    seed: z.int(),
  }),
  z
    .strictObject({ ask: z.literal('slice'), slice: z.int().min(0) })
    .describe('slice 0 starts from the warm state again'),
])

export type Question = z.output<typeof questionSchema>

const work = z.strictObject({ promptTokens: z.number(), decodeRows: z.number(), fetchedBytes: z.number() })

/** Times of a slice; null where the slice has no such work. */
const times = z.strictObject({
  prefillMs: z.number().nullable(),
  decodeMs: z.number().nullable(),
  fetchMs: z.number().nullable(),
  p99StepMs: z.number().nullable(),
  planMs: z.number(),
})

/** What it answers. Keys that a newer checkout adds are passed over. */
export const answerSchema = z.discriminatedUnion('answer', [
  z.object({
    answer: z.literal('open'),
    protocol: z.int(),
    planHash: z.string(),
    figures: z.array(figureSchema).describe('counts and planned times of the fixed experiment'),
    work: z.array(work).describe('per slice'),
  }),
  z.object({ answer: z.literal('slice'), times }),
  z.object({ answer: z.literal('refused'), message: z.string() }),
])

export type Answer = z.output<typeof answerSchema>
export type OpenAnswer = Extract<Answer, { answer: 'open' }>
export type SliceWork = z.output<typeof work>
export type SliceTimes = z.output<typeof times>
