import { describe, expect, it } from 'vitest'
import { describeTrace } from '../../src/lab/describe-trace.ts'
import { loadStream } from '../../src/lab/load-stream.ts'
import { type ReferenceStream, requestCount } from '../../src/lab/reference-stream.ts'
import type { StreamOptions } from '../../src/lab/stream/collector.ts'
import { realTrace } from '../workload/real-traces.ts'
import { jsonLines, traceFiles } from '../workload/trace-files.ts'

const { file, complaint } = traceFiles()
const streamOf = async (content: string | Uint8Array, options?: StreamOptions): Promise<ReferenceStream> =>
  (await loadStream(file(content), options)).stream

/** Blocks request by request. */
function blocksOf({ blocks, starts }: ReferenceStream): number[][] {
  return Array.from({ length: starts.length - 1 }, (_, request) => [
    ...blocks.subarray(starts[request], starts[request + 1]),
  ])
}

const ask = (fields: object = {}): object => ({
  timestamp: 0,
  input_length: 1500,
  output_length: 7,
  hash_ids: [1, 2, 3],
  ...fields,
})
const turn = (fields: object = {}): object => ({ t: 0, type: 'n', in: 130, out: 5, hash_ids: [1, 2], ...fields })
const chat = (fields: object = {}): object => ({
  id: 'a',
  block_size: 64,
  hash_id_scope: 'local',
  tool_tokens: 60,
  system_tokens: 10,
  requests: [turn()],
  ...fields,
})

describe('the stream of a timed trace', () => {
  it('has dense ids, lengths, arrivals from zero and sessions from prefixes', async () => {
    const rows = [
      ask({ timestamp: 100, hash_ids: [70, 71, 72] }),
      ask({ timestamp: 130, input_length: 2000, hash_ids: [70, 71, 80, 81] }),
      ask({ timestamp: 150, input_length: 500, hash_ids: [90] }),
    ]
    const stream = await streamOf(jsonLines(...rows))
    expect(blocksOf(stream)).toEqual([[0, 1, 2], [0, 1, 3, 4], [5]])
    expect(stream).toMatchObject({ blockTokens: 512, distinctBlocks: 6, isChained: true, isTimed: true })
    expect(stream.sessionsFrom).toBe('prefixes')
    expect([...stream.arrivalMs]).toEqual([0, 30, 50])
    expect([...stream.sessions]).toEqual([0, 0, 1])
    expect([...stream.turns]).toEqual([0, 1, 0])
    expect([...stream.promptTokens]).toEqual([1500, 2000, 500])
    expect(stream.blocks.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(stream.blocks.buffer.byteLength).toBe(4 * 8)
  })

  it('gives partial tails to their request alone when asked to', async () => {
    const stream = await streamOf(jsonLines(ask(), ask()), { partialTails: 'own' })
    expect(blocksOf(stream)).toEqual([
      [0, 1, 2],
      [0, 1, 3],
    ])
  })

  it('says when ids are not chained', async () => {
    const stream = await streamOf(jsonLines(ask(), ask({ hash_ids: [2, 1, 3] })))
    expect(stream.isChained).toBe(false)
    expect(stream.notes.join()).toContain('not prefix-chained')
  })

  it("takes the trace's own sessions, types and tenants", async () => {
    const row = (chat_id: number, parent_chat_id: number, type: string): object => ({
      chat_id,
      parent_chat_id,
      timestamp: chat_id,
      input_length: 20,
      output_length: 1,
      type,
      turn: 1,
      hash_ids: [1, 2],
    })
    const stream = await streamOf(
      jsonLines(row(5, -1, 'text'), row(6, 5, 'file'), row(7, 3, 'text'), row(8, 6, 'text'), row(9, 7, 'text')),
    )
    expect([...stream.sessions]).toEqual([0, 0, 1, 0, 1])
    expect([...stream.turns]).toEqual([0, 1, 0, 2, 1])
    expect([...stream.categories]).toEqual([0, 1, 0, 0, 0])
    expect(stream.sessionsFrom).toBe('trace')
    expect(stream.blockTokens).toBe(16)
  })

  it('is never reordered by sessions', async () => {
    expect(await complaint(loadStream(file(jsonLines(ask())), { sessions: 2 }))).toContain(
      '--sessions: FILE has no conv',
    )
    expect(await complaint(loadStream(file(jsonLines(ask())), { sharePrefix: true }))).toContain('--share-prefix: FILE')
  })
})

describe('the stream of conversations', () => {
  it('has ids that count inside the conversation, and the times of the file', async () => {
    const helper = { type: 'subagent', agent_id: 'h', t: 5, requests: [turn({ t: 1 }), turn({ t: 9 })] }
    const requests = [turn({ api_time: 2 }), helper, turn({ t: 10, think_time: 8, api_time: 1 })]
    const loaded = await loadStream(file(jsonLines(chat({ requests }), chat({ id: 'b' }))))
    const { stream } = loaded
    expect([...stream.arrivalMs]).toEqual([0, 6000, 10_000, 14_000, 14_000])
    expect([...stream.categories]).toEqual([0, 1, 0, 1, 0])
    expect([...stream.sessions]).toEqual([0, 0, 0, 0, 1])
    expect([...loaded.thinkMs!]).toEqual([0, 0, 8000, 0, 0])
    expect(blocksOf(stream).at(-1)).toEqual([2, 3])
    expect(stream).toMatchObject({ distinctBlocks: 4, sessionsFrom: 'trace', isTimed: true })
  })

  it('shares a declared prefix', async () => {
    const stream = await streamOf(jsonLines(chat(), chat({ id: 'b' })), { sharePrefix: true })
    expect(blocksOf(stream)).toEqual([
      [0, 1],
      [0, 2],
    ])
  })

  it('groups rows of a closed loop by session', async () => {
    const row = (session_id: string, delay: number, ...hash_ids: number[]): object => ({
      session_id,
      delay,
      input_length: 512 * hash_ids.length,
      output_length: 1,
      hash_ids,
    })
    const rows = [row('x', 0, 1), row('y', 0, 1), row('x', 50, 1, 2), row('y', 20, 1, 3)]
    const alone = await streamOf(jsonLines(...rows))
    expect([...alone.sessions]).toEqual([0, 0, 1, 1])
    const together = await streamOf(jsonLines(...rows), { sessions: 2 })
    expect([...together.arrivalMs]).toEqual([0, 0, 20, 50])
    expect(together.sessions[2]).toBe(1)
    expect(together.distinctBlocks).toBe(3)
  })
})

describe('the stream of a trace without prompts', () => {
  it('has a reference a request, and keeps ids of 64 bits apart', async () => {
    const stream = await streamOf('18446744073709551615\n7\n18446744073709551614\n18446744073709551615\n7\n')
    expect([...stream.blocks]).toEqual([0, 1, 2, 0, 1])
    expect(stream).toMatchObject({ blockTokens: 1, isTimed: false, isChained: false, sessionsFrom: 'none' })
    expect([...stream.arrivalMs]).toEqual([0, 1, 2, 3, 4])
  })

  it("reads libCacheSim's records", async () => {
    const record = (time: number, id: bigint, next: bigint): Buffer => {
      const bytes = Buffer.alloc(24)
      bytes.writeUInt32LE(time, 0)
      bytes.writeBigUInt64LE(id, 4)
      bytes.writeUInt32LE(4096, 12)
      bytes.writeBigInt64LE(next, 16)
      return bytes
    }
    const big = 2n ** 60n
    const records = [record(100, big, 3n), record(101, big + 1n, -1n), record(103, big, -1n)]
    const stream = await streamOf(Buffer.concat(records))
    expect([...stream.blocks]).toEqual([0, 1, 0])
    expect([...stream.arrivalMs]).toEqual([0, 1000, 3000])
    expect(stream.isTimed).toBe(true)
    const refused = async (bytes: Buffer): Promise<string> => complaint(loadStream(file(bytes)))
    expect(await refused(Buffer.concat([...records, Buffer.alloc(7)]))).toContain(
      'FILE:4: the record ends after 7 of 24',
    )
    expect(await refused(Buffer.concat([...records, record(50, 1n, -1n)]))).toContain('FILE:4: arrives at 50000 ms')
    expect(await refused(Buffer.concat([...records, record(200, 1n, -5n)]))).toContain('FILE:4: "nextAccess" is -5')
  })
})

describe('the stream of a trace of lengths', () => {
  const rows = Array.from(
    { length: 400 },
    (_, row) => `2023-11-16 18:17:${String(row % 60).padStart(2, '0')}.${row},${100 + ((row * 37) % 900)},${row % 50}`,
  ).sort()
  const csv = `TIMESTAMP,ContextTokens,GeneratedTokens\n${rows.join('\n')}\n`

  it('has prefixes of the stated model, by the seed', async () => {
    const [one, same, other] = [await streamOf(csv), await streamOf(csv), await streamOf(csv, { seed: 2 })]
    expect(one.blocks).toEqual(same.blocks)
    expect(one.blocks).not.toEqual(other.blocks)
    expect(one.notes.join()).toContain('made up')
    expect(blocksOf(one).map(({ length }) => length)).toEqual(
      [...one.promptTokens].map((tokens) => Math.ceil(tokens / 64)),
    )
    const sessions = new Set(one.sessions).size
    expect(1 - sessions / 400).toBeGreaterThan(0.2)
    expect(1 - sessions / 400).toBeLessThan(0.36)
  })

  it('never lets a request continue one that is longer, nor one of another model', async () => {
    const header = 'Timestamp,Session ID,Model,Request tokens,Response tokens,Total tokens,Log Type'
    const stream = await streamOf(
      [header, '0,s,A,640,10,650,API log', '1,s,A,700,9,709,API log', '2,s,A,640,9,649,API log', ''].join('\n'),
    )
    expect(blocksOf(stream).map((blocks) => blocks[0])).toEqual([0, 0, 11])
    expect([...stream.sessions]).toEqual([0, 0, 0])
    const models = ['Timestamp,Model,Request tokens,Response tokens,Log Type']
    for (let row = 0; row < 300; row++) models.push(`${row},${row % 2 ? 'A' : 'B'},${128 + row},1,API log`)
    const mixed = await streamOf(models.join('\n'))
    const tenantOf = new Map<number, number>()
    mixed.sessions.forEach((session, request) => {
      expect(tenantOf.get(session) ?? mixed.tenants[request]).toBe(mixed.tenants[request])
      tenantOf.set(session, mixed.tenants[request]!)
    })
    expect(tenantOf.size).toBeLessThan(290)
  })
})

describe('real traces', () => {
  it("Mooncake's has its published totals, and its sessions return as often as was found", async (context) => {
    const loaded = await loadStream(realTrace(context, 'mooncake_conversation_trace.jsonl.gz'))
    const description = describeTrace(loaded)
    expect(description).toMatchObject({
      requests: 12_031,
      promptTokens: 144_793_823,
      outputTokens: 4_122_048,
      blockReferences: 288_500,
      distinctBlocks: 182_790,
    })
    expect(description.ceiling.anyBlockHitRate * 288_500).toBeCloseTo(105_710, 6)
    expect(description.ceiling.prefixHitRate).toBe(description.ceiling.anyBlockHitRate)
    const returns = description.sessions!.returnByTurn.map(({ returnRatio }) => returnRatio)
    for (const [turn, share] of [
      [1, 0.25],
      [2, 0.39],
      [3, 0.5],
      [6, 0.65],
    ] as const)
      expect(returns[turn - 1]).toBeCloseTo(share, 1)
  })

  it("WEKA's has its published totals, in file order and interleaved", async (context) => {
    const path = realTrace(context, 'weka_agentic_traces.jsonl.gz')
    for (const sessions of [undefined, 16]) {
      const { stream } = await loadStream(path, { sessions })
      expect(requestCount(stream)).toBe(6_037)
      expect(stream.promptTokens.reduce((total, tokens) => total + tokens, 0)).toBe(762_787_267)
      expect(stream.outputTokens.reduce((total, tokens) => total + tokens, 0)).toBe(2_663_807)
      expect([stream.blocks.length, stream.distinctBlocks]).toEqual([11_915_579, 447_343])
      expect(1 - stream.distinctBlocks / stream.blocks.length).toBeCloseTo(0.9625, 4)
      expect(stream.isChained).toBe(true)
    }
  }, 30_000)
})
