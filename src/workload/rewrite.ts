import { assert } from '../errors.ts'
import { hash53, hashText } from '../random.ts'
import type { SourceRequest } from './reader.ts'

/** The scale at which a trace is written. */
export interface TraceScale {
  /** Tokens of a KV block in the engine; undefined keeps the trace's own blocks. */
  readonly blockTokens: number | undefined
  readonly tokenScale: number
  readonly outputScale: number
}

export interface RewrittenRequest {
  readonly blockHashes: Float64Array
  /** Leading blocks that lie inside the first `shared` blocks of the source. */
  readonly sharedBlocks: number
  readonly promptTokens: number
  readonly outputTokens: number
}

/** Who the ids of a request belong to. */
export interface IdScope {
  /** Of the conversation, or of the file where ids hold for all of it. */
  readonly salt: number
  /** Leading source blocks that carry the hashes common to all conversations. */
  readonly shared: number
  /** The leading ones keep the hashes of their ids, which hold for the whole file; else those of their positions. */
  readonly sharedIds?: boolean
  /** Different for every request of the trace. */
  readonly request: number
}

const sharedSalt = hashText('declared shared prefix')
const ownSalt = hashText('own block of one request')

/**
 * Writes the requests of a trace at another scale or in other blocks.
 *
 * New block j of b tokens stands for the source tokens before (j + 1) × b ÷ tokenScale. It is full when the new prompt
 * reaches its end and the last of those source tokens lies in a full source block s; its hash is then that of s mixed
 * with j. Source ids are chained, so the same hash means the same source prefix up to the end of s, which covers all
 * that the block stands for; and j depends on nothing but the position, so that the same source prefix gives the same
 * new blocks in every request. Hits after scaling are therefore never more than the source allows, and fewer by
 * rounding only. All other blocks (a partial tail, what lies in the source's partial tail) get a hash that no other
 * request has. At scale 1 with the source's blocks, s is j and the hash is that of s itself.
 *
 * With `sourceTail` the partial tail keeps the trace's id where it has one, at scale 1 and in the trace's blocks only.
 */
export function requestWriter(sourceBlockTokens: number, scale: TraceScale, sourceTail = false) {
  const blockTokens = scale.blockTokens ?? sourceBlockTokens
  const { tokenScale, outputScale } = scale
  const isIdentity = blockTokens === sourceBlockTokens && tokenScale === 1
  assert(Number.isSafeInteger(blockTokens) && blockTokens > 0, 'a block has a whole number of tokens', { blockTokens })
  assert(tokenScale > 0 && tokenScale <= 1, 'tokenScale lies in (0, 1]', { tokenScale })
  assert(outputScale > 0 && Number.isFinite(outputScale), 'outputScale is positive', { outputScale })
  assert(isIdentity || !sourceTail, "partial tails keep the trace's ids only in its own blocks at scale 1", {})

  return (request: SourceRequest, scope: IdScope): RewrittenRequest => {
    const { blockIds } = request
    const promptTokens = Math.max(1, Math.round(request.promptTokens * tokenScale))
    const outputTokens = Math.max(1, Math.round(request.outputTokens * outputScale))
    const sourceFull = Math.floor(request.promptTokens / sourceBlockTokens)
    const sourceKnown = sourceTail ? Math.min(blockIds.length, Math.ceil(promptTokens / blockTokens)) : sourceFull
    const fullBlocks = sourceTail ? sourceKnown : Math.floor(promptTokens / blockTokens)
    const blockHashes = new Float64Array(Math.ceil(promptTokens / blockTokens))
    const ownHash = hash53(ownSalt, scope.request)
    let sharedBlocks = 0
    for (let j = 0; j < blockHashes.length; j++) {
      const s = isIdentity ? j : Math.floor((Math.ceil(((j + 1) * blockTokens) / tokenScale) - 1) / sourceBlockTokens)
      if (j >= fullBlocks || s >= sourceKnown) {
        blockHashes[j] = hash53(ownHash, j)
        continue
      }
      const isShared = s < scope.shared
      if (isShared) sharedBlocks = j + 1
      const sourceHash = isShared && !scope.sharedIds ? hash53(sharedSalt, s) : hash53(scope.salt, blockIds[s]!)
      blockHashes[j] = isIdentity ? sourceHash : hash53(sourceHash, j)
    }
    return { blockHashes, sharedBlocks, promptTokens, outputTokens }
  }
}
