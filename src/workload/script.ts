import { assert } from '../errors.ts'
import { hash53, hashText } from '../random.ts'
import type { Conversation, Turn, WorkloadScale } from './workload.ts'

/** A prefix that many conversations begin with: the same name means the same tokens. */
export interface SharedPrefix {
  readonly name: string
  readonly tokens: number
}

/** Where a context leaves an earlier one: up to here their tokens are the same. */
export interface Fork {
  /** Index of that context, lower than this one's. */
  readonly context: number
  readonly tokens: number
}

interface Agent {
  /** '' for the main agent. */
  readonly agent: string
}

/**
 * Tokens that only grow: an agent's, until its context is rewritten; then the next one begins. It starts with shared
 * prefixes, one behind the other and each the same only behind the same ones before it, or as a fork.
 */
export type ScriptedContext = Agent & ({ readonly prefixes: readonly SharedPrefix[] } | { readonly fork: Fork })

/** A request in tokens at full scale. Its output opens what the next prompt in the same context adds. */
export interface ScriptedTurn {
  /** Index of the context. */
  readonly context: number
  readonly promptTokens: number
  readonly outputTokens: number
  readonly thinkMs: number
}

/** What a dialogue adds to its context: a message, then the answer. */
export interface Exchange {
  readonly messageTokens: number
  readonly outputTokens: number
  readonly thinkMs: number
}

/** A conversation in tokens at full scale, before it is written in blocks. */
export interface Script {
  readonly id: string
  readonly tenant: string
  /** Tells the conversation's own tokens from those of every other. */
  readonly identity: number
  readonly contexts: readonly ScriptedContext[]
  readonly turns: readonly ScriptedTurn[]
}

/** The turns of a dialogue in context 0, whose first message follows `startTokens` of prefix. */
export function dialogueTurns(startTokens: number, exchanges: readonly Exchange[]): ScriptedTurn[] {
  let end = startTokens
  return exchanges.map(({ messageTokens, outputTokens, thinkMs }) => {
    const promptTokens = end + messageTokens
    end = promptTokens + outputTokens
    return { context: 0, promptTokens, outputTokens, thinkMs }
  })
}

/**
 * Writes a script at a scale. A position x of a context lies at round(x × tokenScale), so that lengths stay in step
 * with each other however a turn is cut. An output that enters the next prompt is kept as far as it was produced.
 * All turns of a context are views of one array of hashes.
 */
export function writeConversation(script: Script, scale: WorkloadScale): Conversation {
  const position = (tokens: number): number => Math.max(1, Math.round(tokens * scale.tokenScale))
  const nexts = nextPrompts(script)
  const lengths = script.turns.map((turn, index) => {
    const promptTokens = position(turn.promptTokens)
    const outputTokens = Math.max(1, Math.round(turn.outputTokens * scale.outputScale))
    const endTokens = nexts[index] === undefined ? promptTokens : position(turn.promptTokens + turn.outputTokens)
    return { promptTokens, outputTokens, keptOutputTokens: Math.min(endTokens - promptTokens, outputTokens) }
  })
  const sizes = new Float64Array(script.contexts.length)
  script.turns.forEach((turn, index) => {
    const { promptTokens, keptOutputTokens } = lengths[index]!
    sizes[turn.context] = Math.max(sizes[turn.context]!, promptTokens + keptOutputTokens)
  })
  const streams: Stream[] = []
  script.contexts.forEach((context, index) => {
    const blocks = Math.ceil(sizes[index]! / scale.blockTokens)
    const identity = hash53(script.identity, index)
    streams.push(
      'fork' in context
        ? forkedStream(context.fork, streams[context.fork.context], identity, blocks, scale)
        : freshStream(context.prefixes, identity, blocks, scale),
    )
  })
  const turns = script.turns.map((turn, index): Turn => {
    const { promptTokens, keptOutputTokens } = lengths[index]!
    const { hashes, sharedBlocks } = streams[turn.context]!
    const blocks = Math.ceil((promptTokens + keptOutputTokens) / scale.blockTokens)
    return {
      ...lengths[index]!,
      blockHashes: hashes.subarray(0, blocks),
      sharedBlocks: Math.min(sharedBlocks, blocks),
      thinkMs: turn.thinkMs,
      agent: script.contexts[turn.context]!.agent,
    }
  })
  return { id: script.id, tenant: script.tenant, turns }
}

/** For each turn the prompt after it in the same context, or undefined where it is the last one there. */
function nextPrompts(script: Script): (number | undefined)[] {
  const nexts: (number | undefined)[] = []
  const ahead = new Map<number, number>()
  for (let index = script.turns.length - 1; index >= 0; index--) {
    const turn = script.turns[index]!
    const next = ahead.get(turn.context)
    assert(next === undefined || next >= turn.promptTokens + turn.outputTokens, 'a context only grows', { turn, next })
    assert(turn.promptTokens >= startOf(script.contexts[turn.context]!), 'a prompt holds its prefix', { turn })
    nexts[index] = next
    ahead.set(turn.context, turn.promptTokens)
  }
  return nexts
}

/** Tokens that a context has before its first turn adds any. */
function startOf(context: ScriptedContext): number {
  return 'fork' in context ? context.fork.tokens : context.prefixes.reduce((sum, { tokens }) => sum + tokens, 0)
}

/** Chained hashes of a context. */
interface Stream {
  readonly hashes: Float64Array
  readonly sharedBlocks: number
}

/** Of each shared prefix as far as whole blocks of it and those before go, then of the context's own tokens. */
function freshStream(
  prefixes: readonly SharedPrefix[],
  identity: number,
  blocks: number,
  scale: WorkloadScale,
): Stream {
  const hashes = new Float64Array(blocks)
  let hash = hashText('shared prefix')
  let tokens = 0
  let sharedBlocks = 0
  for (const prefix of prefixes) {
    hash = hash53(hash, hashText(prefix.name))
    tokens += prefix.tokens
    const end = wholeBlocks(tokens, scale)
    hash = chain(hashes, hash, sharedBlocks, Math.min(end, blocks))
    sharedBlocks = end
  }
  chain(hashes, hash53(hash, identity), sharedBlocks, blocks)
  return { hashes, sharedBlocks }
}

/** Of the context it leaves as far as whole blocks go, then of its own tokens. */
function forkedStream(
  fork: Fork,
  parent: Stream | undefined,
  identity: number,
  blocks: number,
  scale: WorkloadScale,
): Stream {
  const common = Math.min(wholeBlocks(fork.tokens, scale), blocks)
  assert(parent !== undefined && parent.hashes.length >= common, 'a context holds what its forks begin with', { fork })
  const hashes = new Float64Array(blocks)
  hashes.set(parent.hashes.subarray(0, common))
  chain(hashes, hash53(common === 0 ? 0 : hashes[common - 1]!, identity), common, blocks)
  return { hashes, sharedBlocks: Math.min(parent.sharedBlocks, common) }
}

function wholeBlocks(tokens: number, { tokenScale, blockTokens }: WorkloadScale): number {
  return Math.floor(Math.round(tokens * tokenScale) / blockTokens)
}

/** Fills blocks `from` to `to` and returns the last hash. */
function chain(hashes: Float64Array, before: number, from: number, to: number): number {
  let hash = before
  for (let i = from; i < to; i++) {
    hash = hash53(hash, i)
    hashes[i] = hash
  }
  return hash
}
