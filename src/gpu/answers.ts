import type { Sequence } from '../plan/engine/sequence.ts'
import type { PlannedOp, StepOp } from '../plan/plan.ts'
import type { SegmentResult } from './machine.ts'
import { contentKey, requestKey } from './tokens.ts'

/** A difference between two computations of what must be the same. */
export interface Mismatch {
  readonly kind: 'logits' | 'block' | 'transfer'
  readonly arm: string
  readonly firstArm: string
  readonly request: Sequence
  readonly replica: number
  /** Output position (logits) or block of the sequence (block, transfer). */
  readonly index: number
  /** Where the block lies; −1 where that is not known. */
  readonly slot: number
  /** The model's own choice here and in the first arm, where logits differ. */
  readonly chosen?: number
  readonly expected?: number
}

/** What a sampled row gave: a hash of its logits, and the model's own greedy choice. */
interface Answer {
  readonly hash: number
  readonly choice: number
}

/** The answers of a request at all its output positions, as they were first seen. */
interface Answers {
  readonly arm: string
  /** −1 where none was seen yet. */
  readonly hashes: Float64Array
  readonly choices: Int32Array
  /** Every arm that ran it. */
  readonly arms: Set<string>
}

/** Differences of a kind that are kept: many of one kind hide none of another. */
const mostKept = 100

/**
 * The evidence of a run: a hash of the logits at every output position of every request, and the checksum of every block's
 * KV, each against the first one seen in any arm or repeat.
 */
export class AnswerBook {
  answersCompared = 0
  blocksCompared = 0
  /** All differences found; `mismatches` keeps the first of each kind. */
  differences = 0
  readonly mismatches: Mismatch[] = []
  readonly #logits = new Map<string, Answers>()
  readonly #blocks = new Map<number, { arm: string; checksum: string }>()

  /** Compares what a segment gave; new entries are kept for those to come. */
  check(arm: string, ops: readonly PlannedOp[], { segment, result }: SegmentResult, blockTokens: number): void {
    let row = 0
    let block = 0
    for (let at = segment.from; at < segment.to; at++) {
      const op = ops[at]!
      if (op.kind !== 'step') continue
      for (const { request, outputIndex } of sampledRows(op)) {
        this.#checkLogits(arm, op.replica, request, outputIndex, {
          hash: result.logitsHashes[row]!,
          choice: result.choices[row++]!,
        })
      }
      for (const { request, blockIndex, slot } of op.completed) {
        const key = contentKey(request, blockIndex, blockTokens)
        const checksum = result.checksums[block++]!
        const known = this.#blocks.get(key)
        if (known === undefined) this.#blocks.set(key, { arm, checksum })
        else {
          this.blocksCompared++
          if (known.checksum !== checksum) {
            this.#differ({
              kind: 'block',
              arm,
              firstArm: known.arm,
              request,
              replica: op.replica,
              index: blockIndex,
              slot,
            })
          }
        }
      }
    }
    for (const { fetch, block, slot } of result.damaged) {
      const op = ops
        .slice(segment.from, segment.to)
        .filter((candidate) => candidate.kind === 'admit' && candidate.fetch)[fetch]
      if (op?.kind !== 'admit' || op.fetch === undefined) throw new Error('a damaged block belongs to a fetch')
      const { request, replica } = op
      this.#differ({ kind: 'transfer', arm, firstArm: arm, request, replica, index: op.fetch.firstBlock + block, slot })
    }
  }

  /** Requests that some arm ran, and those of them that two arms ran. */
  get requests(): { readonly all: number; readonly compared: number } {
    const entries = [...this.#logits.values()]
    return { all: entries.length, compared: entries.filter(({ arms }) => arms.size > 1).length }
  }

  /** Compares a block that was computed from nothing with the one that the arms had. */
  checkRecomputed(request: Sequence, index: number, key: number, checksum: string): void {
    const known = this.#blocks.get(key)
    if (known === undefined) return
    this.blocksCompared++
    if (known.checksum === checksum) return
    this.#differ({
      kind: 'block',
      arm: known.arm,
      firstArm: 'a computation from nothing',
      request,
      replica: request.replica,
      index,
      slot: -1,
    })
  }

  /** The same evidence without the findings, for a replay that is expected to differ. */
  copy(): AnswerBook {
    const copy = new AnswerBook()
    for (const [key, entry] of this.#logits)
      copy.#logits.set(key, { ...entry, hashes: entry.hashes.slice(), arms: new Set(entry.arms) })
    for (const [key, entry] of this.#blocks) copy.#blocks.set(key, entry)
    return copy
  }

  #checkLogits(arm: string, replica: number, request: Sequence, outputIndex: number, answer: Answer): void {
    const key = requestKey(request)
    let known = this.#logits.get(key)
    if (known === undefined) {
      const { outputTokens } = request.turn
      known = {
        arm,
        hashes: new Float64Array(outputTokens).fill(-1),
        choices: new Int32Array(outputTokens),
        arms: new Set(),
      }
      this.#logits.set(key, known)
    }
    known.arms.add(arm)
    const { hashes, choices } = known
    if (hashes[outputIndex] === -1) {
      hashes[outputIndex] = answer.hash
      choices[outputIndex] = answer.choice
      return
    }
    this.answersCompared++
    if (hashes[outputIndex] === answer.hash) return
    const found = { chosen: answer.choice, expected: choices[outputIndex]! }
    this.#differ({ kind: 'logits', arm, firstArm: known.arm, request, replica, index: outputIndex, slot: -1, ...found })
  }

  #differ(mismatch: Mismatch): void {
    this.differences++
    const alike = this.mismatches.filter(({ kind }) => kind === mismatch.kind).length
    if (alike < mostKept) this.mismatches.push(mismatch)
  }
}

function sampledRows(op: StepOp): { readonly request: Sequence; readonly outputIndex: number }[] {
  return [...op.prefills.filter(({ sample }) => sample), ...op.decodes]
}
