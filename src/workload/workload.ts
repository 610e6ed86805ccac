import type { z } from 'zod'
import type { Random } from '../random.ts'

/** The scale at which a workload is written: 1 throughout is the workload as published. */
export interface WorkloadScale {
  /** Tokens of a KV block in the engine. */
  readonly blockTokens: number
  /** Factor on every length that enters a prompt (prompts, tool results, kept output). */
  readonly tokenScale: number
  /** Factor on output lengths: a device for scaling time, apart from `tokenScale`. */
  readonly outputScale: number
}

/**
 * One request of a conversation. `blockHashes` are safe integers, chained over the prefix: equal hashes mean equal
 * tokens from position 0 to the end of that block. They cover ceil((promptTokens + keptOutputTokens) ÷ blockTokens)
 * blocks; the last may be partial, and then carries the hash of the block that it will become if the conversation goes on.
 */
export interface Turn {
  readonly blockHashes: Float64Array
  /** The leading blocks that other conversations share too (tenant's tools and system prompt); the rest is this conversation's own. */
  readonly sharedBlocks: number
  readonly promptTokens: number
  readonly outputTokens: number
  /** The leading output tokens that enter the next prompt; 0 where the next prompt is not scripted from them (traces). */
  readonly keptOutputTokens: number
  /** Time between the end of the turn before and the arrival of this one, unscaled and uncapped. */
  readonly thinkMs: number
  /** Id of the sub-agent that sends it; '' for the main agent. */
  readonly agent: string
}

export interface Conversation {
  readonly id: string
  readonly tenant: string
  readonly turns: readonly Turn[]
}

/** A request that arrives by the clock, with no session: its hashes are shared by everything in the trace. */
export interface TimedRequest {
  readonly id: string
  readonly arrivalMs: number
  readonly blockHashes: Float64Array
  readonly promptTokens: number
  readonly outputTokens: number
}

interface WorkloadBase<P extends z.ZodObject> {
  readonly name: string
  readonly summary: string
  readonly source: string
  /** Strict zod object with defaults; the parsed value is what the generator gets. */
  readonly params: P
}

export interface ConversationWorkload<P extends z.ZodObject = z.ZodObject> extends WorkloadBase<P> {
  readonly kind: 'conversations'
  /** Finite; read whole before the engine draws from it. */
  conversations(params: z.output<P>, random: Random, scale: WorkloadScale): Iterable<Conversation>
}

/** Identity with type inference for a member of `workloads/`. */
export function defineWorkload<P extends z.ZodObject>(spec: ConversationWorkload<P>): ConversationWorkload<P> {
  return spec
}
