import { readHeader, type StoreMemory, storeSlot, writeHeader } from '../warehouse/store-memory.ts'
import type { OpenGpu } from './backend.ts'
import { type GpuMemory, kvBlock } from './memory.ts'
import { opcode } from './program.ts'

/** What a stretch of a program gave. Times in ms; one entry per operation, in order. */
export interface ProgramResult {
  /** Per step: compute time, hashes and copies excluded. */
  readonly stepMs: Float64Array
  /** Per step: the part of it that prefills took; the rest is decode. */
  readonly prefillMs: Float64Array
  /** Per sampled row of every step (prefills that sample, then decodes): 53-bit hash of its logits' bits. */
  readonly logitsHashes: Float64Array
  /** Per sampled row: the model's own greedy choice. */
  readonly choices: Int32Array
  /** Per completed block of every step: checksum of its KV. */
  readonly checksums: readonly string[]
  /** Per fetch: time of the copy. */
  readonly fetchMs: Float64Array
  /** Blocks that arrived with another checksum or generation than was promised. */
  readonly damaged: readonly DamagedBlock[]
}

export interface DamagedBlock {
  /** Which fetch of the stretch, counted from 0, and which block of it. */
  readonly fetch: number
  readonly block: number
  /** The HBM slot it was copied to. */
  readonly slot: number
}

/** Runs the words from..to of a program on a GPU, measuring each step and copy. @param now the clock, in ms */
export function runProgram(
  gpu: GpuMemory,
  open: OpenGpu,
  store: StoreMemory | undefined,
  words: Int32Array,
  from: number,
  to: number,
  now: () => number = () => performance.now(),
): ProgramResult {
  const stepMs: number[] = []
  const prefillMs: number[] = []
  const logitsHashes: number[] = []
  const choices: number[] = []
  const checksums: string[] = []
  const fetchMs: number[] = []
  const damaged: DamagedBlock[] = []
  const sample = (row: number): void => {
    logitsHashes.push(hashLogits(open.logits(row)))
    choices.push(open.argmax(row))
  }
  let at = from
  while (at < to) {
    const code = words[at++]!
    const count = words[at++]!
    if (code === opcode.fetch) {
      const started = now()
      for (let i = 0; i < count; i++) {
        kvBlock(gpu, words[at + 3 * i + 1]!).set(storeSlot(store!, words[at + 3 * i]!))
      }
      fetchMs.push(now() - started)
      for (let i = 0; i < count; i++) {
        const header = readHeader(store!, words[at + 3 * i]!)
        const slot = words[at + 3 * i + 1]!
        if (header.generation !== words[at + 3 * i + 2] || header.checksum !== open.checksum(slot)) {
          damaged.push({ fetch: fetchMs.length - 1, block: i, slot })
        }
      }
      at += 3 * count
    } else if (code === opcode.store) {
      for (let i = 0; i < count; i++) {
        const slot = words[at + 2 * i]!
        const below = words[at + 2 * i + 1]!
        storeSlot(store!, below).set(kvBlock(gpu, slot))
        writeHeader(store!, below, open.checksum(slot))
      }
      at += 2 * count
    } else {
      const decodes = words[at++]!
      const completed = words[at++]!
      let computeMs = 0
      for (let i = 0; i < count; i++) {
        const isSampled = words[at] === 1
        const start = words[at + 1]!
        const length = words[at + 2]!
        const tokens = words.slice(at + 3, at + 3 + length)
        at += 3 + length
        const blockTable = words.slice(at + 1, at + 1 + words[at]!)
        at += 1 + blockTable.length
        const started = now()
        open.prefill({ tokens, start, blockTable, sample: isSampled })
        computeMs += now() - started
        if (isSampled) sample(0)
      }
      prefillMs.push(computeMs)
      if (decodes > 0) {
        const tokens = new Int32Array(decodes)
        const positions = new Int32Array(decodes)
        const blockTables: Int32Array[] = []
        for (let i = 0; i < decodes; i++) {
          tokens[i] = words[at]!
          positions[i] = words[at + 1]!
          const length = words[at + 2]!
          blockTables.push(words.slice(at + 3, at + 3 + length))
          at += 3 + length
        }
        const started = now()
        open.decode({ tokens, positions, blockTables })
        computeMs += now() - started
        for (let row = 0; row < decodes; row++) sample(row)
      }
      for (let i = 0; i < completed; i++) checksums.push(open.checksum(words[at++]!))
      stepMs.push(computeMs)
    }
  }
  return {
    stepMs: Float64Array.from(stepMs),
    prefillMs: Float64Array.from(prefillMs),
    logitsHashes: Float64Array.from(logitsHashes),
    choices: Int32Array.from(choices),
    checksums,
    fetchMs: Float64Array.from(fetchMs),
    damaged,
  }
}

/** FNV-1a over the bits of a row, in two lanes: 53 bits. */
export function hashLogits(logits: Float32Array): number {
  const bits = new Uint32Array(logits.buffer, logits.byteOffset, logits.length)
  let low = 0x811c9dc5
  let high = 0x01000193
  for (const word of bits) {
    low = Math.imul(low ^ word, 0x01000193)
    high = Math.imul(high ^ (word + 0x9e3779b9), 0x85ebca6b)
    high ^= high >>> 15
  }
  return (high & 0x1fffff) * 4294967296 + (low >>> 0)
}
