import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reference } from '../../backends/reference/index.ts'
import { wasm, wasmSimd } from '../../backends/wasm/index.ts'
import type { BackendSpec, OpenGpu } from '../../src/gpu/backend.ts'
import { type GpuMemory, kvBlock, maxSampledRows } from '../../src/gpu/memory.ts'
import type { ModelShape } from '../../src/gpu/model-shape.ts'
import {
  bitsOf,
  kvBits,
  mockGpu,
  nan,
  prefillAtOnce,
  prefillInChunks,
  randomTokens,
  shuffledSlots,
  slotsInOrder,
  smallShape,
} from '../gpu/mock-gpu.ts'

const measuring: readonly BackendSpec[] = [reference, wasm, wasmSimd]

interface Situation {
  readonly shape: ModelShape
  readonly blockTokens: number
  readonly tokens: Int32Array
  readonly cuts: readonly number[]
  readonly blockTable: Int32Array
  readonly poolBlocks: number
  readonly seed: number
}

const situations: fc.Arbitrary<Situation> = fc
  .record({
    layers: fc.integer({ min: 1, max: 2 }),
    dModel: fc.constantFrom(32, 64),
    kvHeads: fc.integer({ min: 1, max: 2 }),
    group: fc.integer({ min: 1, max: 3 }),
    headDim: fc.constantFrom(16, 32, 48, 64),
    ffn: fc.constantFrom(32, 96),
    vocabulary: fc.constantFrom(32, 64),
    blockTokens: fc.integer({ min: 1, max: 64 }),
    count: fc.integer({ min: 1, max: 150 }),
    cuts: fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 4 }),
    seed: fc.integer({ min: 0, max: 1000 }),
  })
  .map(({ group, blockTokens, count, cuts, seed, ...sizes }) => {
    const shape = { ...sizes, heads: sizes.kvHeads * group, maxContextTokens: 160 }
    const poolBlocks = Math.ceil(shape.maxContextTokens / blockTokens) + 2
    const blockTable = shuffledSlots(poolBlocks, seed)
    return { shape, blockTokens, tokens: randomTokens(shape, count, seed), cuts, blockTable, poolBlocks, seed }
  })

function open(backend: BackendSpec, gpu: GpuMemory): OpenGpu {
  if (!backend.open) throw new Error(`${backend.name} does not open GPUs`)
  return backend.open(gpu)
}

/** Everything that a backend leaves behind in a situation. */
function outcome(backend: BackendSpec, situation: Situation, cuts: readonly number[]): Record<string, unknown> {
  const { shape, blockTokens, poolBlocks, tokens, blockTable, seed } = situation
  const gpu = mockGpu(shape, blockTokens, poolBlocks, nan, seed)
  const opened = open(backend, gpu)
  const logits = prefillInChunks(opened, tokens, blockTable, cuts)
  return {
    logits,
    argmax: opened.argmax(0),
    kv: kvBits(gpu, blockTable),
    checksums: Array.from(blockTable, (slot) => opened.checksum(slot)),
  }
}

function hold(property: fc.IProperty<[Situation]>, numRuns: number): void {
  fc.assert(property, { numRuns, seed: 20, endOnFailure: true })
}

describe('wasm-simd', () => {
  it('equals the reference bit for bit: logits, choice, KV, checksums', { timeout: 30_000 }, () => {
    hold(
      fc.property(situations, (situation) => {
        expect(outcome(wasmSimd, situation, situation.cuts)).toEqual(outcome(reference, situation, situation.cuts))
      }),
      30,
    )
  })

  it('equals the reference in a decode batch', () => {
    const results = [wasmSimd, reference].map((backend) => decodeTogether(backend, [5, 64, 63, 1, 130]))
    expect(results[0]).toEqual(results[1])
  })
})

it('simd and relaxed differ where the engine has fma, so that the comparisons above can fail', () => {
  if (wasm.variant() === wasmSimd.variant()) return
  const bits = [wasm, wasmSimd].map((backend) =>
    prefillAtOnce(open(backend, mockGpu(smallShape, 8, 5)), randomTokens(smallShape, 40), slotsInOrder(8, 40)),
  )
  expect(bits[0]).not.toBe(bits[1])
})

/** Sequences of these lengths, prefilled and then decoded in one batch. Bits of the logits, and of the KV. */
function decodeTogether(backend: BackendSpec, lengths: readonly number[]): { logits: string[]; kv: string[][] } {
  const blockTokens = 8
  const gpu = mockGpu(smallShape, blockTokens, lengths.length * 18)
  const opened = open(backend, gpu)
  const tables = lengths.map((length, index) => slotsInOrder(blockTokens, length + 1, index * 18))
  lengths.forEach((length, index) => {
    prefillInChunks(opened, randomTokens(smallShape, length, index), tables[index]!)
  })
  opened.decode({
    tokens: Int32Array.from(lengths, (_, index) => index % smallShape.vocabulary),
    positions: Int32Array.from(lengths),
    blockTables: tables,
  })
  return {
    logits: lengths.map((_, row) => bitsOf(opened.logits(row))),
    kv: tables.map((table) => kvBits(gpu, table)),
  }
}

describe.each(measuring)('$name', (backend) => {
  it('computes the same bits wherever a prefill is cut', { timeout: 30_000 }, () => {
    hold(
      fc.property(situations, (situation) => {
        const cut = outcome(backend, situation, situation.cuts)
        const whole = outcome(backend, situation, [])
        expect({ ...cut, logits: (cut.logits as string[]).at(-1) }).toEqual({
          ...whole,
          logits: (whole.logits as string[]).at(-1),
        })
      }),
      12,
    )
  })

  it.each([5, 8, 24])('computes the same bits by decode as by prefill, %d tokens a block', (blockTokens) => {
    const tokens = randomTokens(smallShape, 70)
    const blockTable = slotsInOrder(blockTokens, 70)
    const [gpu, other] = [mockGpu(smallShape, blockTokens, 14), mockGpu(smallShape, blockTokens, 14)]
    const [prefilling, decoding] = [open(backend, gpu), open(backend, other)]
    const byPrefill = prefillInChunks(prefilling, tokens, blockTable, [60, 3, 7])
    const byDecode = prefillInChunks(decoding, tokens.subarray(0, 60), blockTable)
    for (let position = 60; position < 70; position++) {
      decoding.decode({
        tokens: tokens.subarray(position, position + 1),
        positions: Int32Array.of(position),
        blockTables: [blockTable],
      })
      byDecode.push(bitsOf(decoding.logits(0)))
    }
    expect([byDecode[0], byDecode[3], byDecode[10]]).toEqual(byPrefill)
    expect(kvBits(other, blockTable)).toEqual(kvBits(gpu, blockTable))
  })

  it('computes the same bits for a sequence whatever else is in the batch', () => {
    const lengths = [5, 64, 63, 1, 130, 17, 8]
    const together = decodeTogether(backend, lengths)
    const pairs = [decodeTogether(backend, lengths.slice(0, 2)), decodeTogether(backend, lengths.slice(0, 1))]
    for (const fewer of pairs) {
      expect(fewer.logits).toEqual(together.logits.slice(0, fewer.logits.length))
      expect(fewer.kv).toEqual(together.kv.slice(0, fewer.kv.length))
    }
  })

  it('computes the same bits wherever the blocks lie, and whatever their slots held', () => {
    const tokens = randomTokens(smallShape, 100)
    const runs = [
      { blockTable: slotsInOrder(8, 100), fill: 0 },
      { blockTable: slotsInOrder(8, 100, 3), fill: 0 },
      { blockTable: shuffledSlots(16, 3), fill: 0 },
      { blockTable: shuffledSlots(16, 4), fill: nan },
    ].map(({ blockTable, fill }) => {
      const gpu = mockGpu(smallShape, 8, 16, fill)
      const logits = prefillInChunks(open(backend, gpu), tokens, blockTable, [33, 20])
      return { logits, wholeBlocks: kvBits(gpu, blockTable.subarray(0, 12)) }
    })
    for (const run of runs) expect(run).toEqual(runs[0])
  })

  it('leaves no NaN of unwritten slots in logits', () => {
    const opened = open(backend, mockGpu(smallShape, 8, 16))
    prefillInChunks(opened, randomTokens(smallShape, 101), slotsInOrder(8, 101))
    expect(opened.logits(0).every(Number.isFinite)).toBe(true)
  })

  it('keeps blocks outside the table as they were', () => {
    const gpu = mockGpu(smallShape, 8, 8)
    prefillInChunks(open(backend, gpu), randomTokens(smallShape, 20), Int32Array.of(6, 1, 4))
    for (const slot of [0, 2, 3, 5, 7]) expect(kvBlock(gpu, slot).every((byte) => byte === nan)).toBe(true)
  })

  it('lets the lowest id win a tie', () => {
    const gpu = mockGpu(smallShape, 8, 2)
    const { projection } = gpu.layout
    new Float32Array(gpu.memory.buffer, projection, smallShape.vocabulary * smallShape.dModel).fill(0)
    const opened = open(backend, gpu)
    prefillInChunks(opened, randomTokens(smallShape, 9), slotsInOrder(8, 9))
    expect(opened.argmax(0)).toBe(0)
  })

  it('notices a flipped high bit of a key or a value in the logits', () => {
    const gpu = mockGpu(smallShape, 8, 3)
    const opened = open(backend, gpu)
    const tokens = randomTokens(smallShape, 21)
    const before = prefillAtOnce(opened, tokens, slotsInOrder(8, 21))
    const block = kvBlock(gpu, 1)
    for (const byte of [2, block.length / 2 + 2, block.length - 2]) {
      block[byte]! ^= 0x40
      opened.prefill({ tokens: tokens.subarray(20), start: 20, blockTable: slotsInOrder(8, 21), sample: true })
      expect(bitsOf(opened.logits(0))).not.toBe(before)
      block[byte]! ^= 0x40
    }
  })

  it('flips the checksum with every single bit of a block', () => {
    const shape = { ...smallShape, layers: 1, kvHeads: 1, headDim: 16 }
    const gpu = mockGpu(shape, 8, 2, 0x5a)
    const opened = open(backend, gpu)
    prefillInChunks(opened, randomTokens(shape, 16), slotsInOrder(8, 16))
    const block = kvBlock(gpu, 1)
    const before = opened.checksum(1)
    const missed: number[] = []
    for (let bit = 0; bit < block.length * 8; bit++) {
      block[bit >> 3]! ^= 1 << (bit & 7)
      if (opened.checksum(1) === before) missed.push(bit)
      block[bit >> 3]! ^= 1 << (bit & 7)
    }
    expect(missed).toEqual([])
    expect(opened.checksum(1)).toBe(before)
    expect(before).toMatch(/^[0-9a-f]{16}$/)
  })

  it('refuses slots outside the pool, tokens outside the vocabulary and positions outside the context', () => {
    const gpu = mockGpu(smallShape, 8, 2)
    const opened = open(backend, gpu)
    const chunk = { tokens: Int32Array.of(1, 2), start: 0, blockTable: Int32Array.of(0, 1), sample: false }
    expect(() => opened.prefill({ ...chunk, blockTable: Int32Array.of(gpu.layout.poolBlocks) })).toThrow(
      /slot outside the pool/,
    )
    expect(() => opened.prefill({ ...chunk, start: 15 })).toThrow(/block table too short/)
    expect(() => opened.prefill({ ...chunk, start: smallShape.maxContextTokens - 1 })).toThrow(/outside the context/)
    expect(() => opened.prefill({ ...chunk, tokens: Int32Array.of(smallShape.vocabulary) })).toThrow(/token id/)
  })
})

it.each([wasm, wasmSimd])('$name decodes the largest batch as it does one sequence', (backend) => {
  const prompt = 20
  const gpu = mockGpu(smallShape, 8, maxSampledRows * 3)
  const opened = open(backend, gpu)
  const tables = Array.from({ length: maxSampledRows }, (_, index) => slotsInOrder(8, prompt + 1, index * 3))
  tables.forEach((blockTable, index) => {
    opened.prefill({ tokens: randomTokens(smallShape, prompt, index), start: 0, blockTable, sample: false })
  })
  const tokens = randomTokens(smallShape, maxSampledRows)
  const positions = new Int32Array(maxSampledRows).fill(prompt)
  opened.decode({ tokens, positions, blockTables: tables })
  const together = tables.map((_, row) => bitsOf(opened.logits(row)))
  const alone = tables.map((table, row) => {
    opened.decode({ tokens: tokens.subarray(row, row + 1), positions: Int32Array.of(prompt), blockTables: [table] })
    return bitsOf(opened.logits(0))
  })
  expect(alone).toEqual(together)
  expect(new Set(together).size).toBe(maxSampledRows)
})

it.each([wasm, wasmSimd])('$name flips the checksum with every single bit of a block of the mock model', (backend) => {
  const shape = { ...smallShape, layers: 4 }
  const gpu = mockGpu(shape, 8, 2)
  const opened = open(backend, gpu)
  prefillInChunks(opened, randomTokens(shape, 16), slotsInOrder(8, 16))
  const words = new Int32Array(gpu.memory.buffer, gpu.layout.pool, gpu.layout.blockBytes / 4)
  const before = opened.checksum(0)
  let missed = 0
  for (let word = 0; word < words.length; word++)
    for (let bit = 0; bit < 32; bit++) {
      words[word]! ^= 1 << bit
      if (opened.checksum(0) === before) missed++
      words[word]! ^= 1 << bit
    }
  expect(missed).toBe(0)
})
