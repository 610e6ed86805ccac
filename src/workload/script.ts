import { assert } from '../errors.ts'
import { hash53, hashText } from '../random.ts'
import type { Conversation, Turn, WorkloadScale } from './workload.ts'

/** A prefix that many conversations begin with: the same name means the same tokens. */
export interface SharedPrefix {
  readonly name: string
  readonly tokens: number
}

/** Tokens that only grow: an agent's, until its context is rewritten; then the next one begins. */
export interface ScriptedContext {
  /** '' for the main agent. */
  readonly agent: string
  readonly prefix: SharedPrefix
}

/** A request in tokens at full scale. Its output opens what the next prompt in the same context adds. */
export interface ScriptedTurn {
  /** Index of the context. */
  readonly context: number
  readonly promptTokens: number
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
  const streams = script.contexts.map((context, index) => {
    const sharedBlocks = Math.floor(Math.round(context.prefix.tokens * scale.tokenScale) / scale.blockTokens)
    const blocks = Math.ceil(sizes[index]! / scale.blockTokens)
    return { sharedBlocks, hashes: streamOf(context.prefix.name, sharedBlocks, hash53(script.identity, index), blocks) }
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
    assert(turn.promptTokens >= script.contexts[turn.context]!.prefix.tokens, 'a prompt holds its prefix', { turn })
    nexts[index] = next
    ahead.set(turn.context, turn.promptTokens)
  }
  return nexts
}

/** Chained hashes: of the shared prefix as far as its whole blocks go, then of the context's own tokens. */
function streamOf(prefixName: string, sharedBlocks: number, identity: number, blocks: number): Float64Array {
  const hashes = new Float64Array(blocks)
  let hash = hash53(hashText('shared prefix'), hashText(prefixName))
  for (let i = 0; i < blocks; i++) {
    if (i === sharedBlocks) hash = hash53(hash, identity)
    hash = hash53(hash, i)
    hashes[i] = hash
  }
  return hashes
}
