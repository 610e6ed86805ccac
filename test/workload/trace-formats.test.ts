import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { eachRecord } from '../../src/workload/open-trace.ts'
import { readTrace } from '../../src/workload/trace.ts'
import { jsonLines, traceFiles } from './trace-files.ts'

const { file, complaint } = traceFiles()
const ownScale = { blockTokens: undefined, tokenScale: 1, outputScale: 1 }

/** Every record as its reader reads it. */
async function readAll(content: string | Uint8Array, options = {}) {
  const read: unknown[] = []
  let format = ''
  const skipped = await eachRecord(file(content), options, (reader) => {
    format = reader.name
    return (record, where) => {
      switch (reader.kind) {
        case 'timed':
        case 'lengths':
          return read.push(reader.request(record, where))
        case 'turns':
          return read.push(reader.turn(record, where))
        case 'conversations':
          return read.push(reader.conversation(record, where))
        case 'references':
          return read.push(reader.reference(record, where))
      }
    }
  })
  return { format, read, skipped }
}

const ask = (fields: object = {}): object => ({
  timestamp: 0,
  input_length: 600,
  output_length: 7,
  hash_ids: [1, 2],
  ...fields,
})
const bailian = (fields: object = {}): object => ({
  chat_id: 7,
  parent_chat_id: -1,
  timestamp: 1.5,
  input_length: 40,
  output_length: 3,
  type: 'text',
  turn: 1,
  hash_ids: [4, 5, 6],
  ...fields,
})
const turn = (fields: object = {}): object => ({
  session_id: 'a',
  delay: 20,
  input_length: 600,
  output_length: 7,
  hash_ids: [1, 2],
  ...fields,
})
const azure = (...rows: string[]): string => `TIMESTAMP,ContextTokens,GeneratedTokens\n${rows.join('\n')}\n`
const burst = (...rows: string[]): string =>
  `Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n${rows.join('\n')}\n`

describe('a record of each format', () => {
  it('of Bailian names the chat that it continues', async () => {
    const { format, read } = await readAll(jsonLines(bailian(), bailian({ chat_id: 9, parent_chat_id: 7 })))
    expect(format).toBe('bailian')
    const request = { arrivalMs: 1500, promptTokens: 40, outputTokens: 3, blockIds: [4, 5, 6], category: 'text' }
    expect(read).toEqual([
      { ...request, link: { id: 7, parent: undefined } },
      { ...request, link: { id: 9, parent: 7 } },
    ])
  })

  it('of a closed loop names session and delay', async () => {
    const { format, read } = await readAll(jsonLines(turn({ timestamp: 5, delay: undefined }), turn()))
    expect(format).toBe('mooncake-sessions')
    expect(read).toMatchObject([
      { session: 'a', startMs: 5, thinkMs: 0 },
      { session: 'a', startMs: undefined, thinkMs: 20 },
    ])
  })

  it("of Azure has times finer than a Date's", async () => {
    const { format, read } = await readAll(
      azure('2023-11-16 18:17:03.9799600,4808,10', '2024-05-10 00:00:00.009930+00:00,2,0'),
    )
    expect(format).toBe('azure-llm')
    expect(read).toEqual([
      { arrivalMs: Date.UTC(2023, 10, 16, 18, 17, 3) + 979.96, promptTokens: 4808, outputTokens: 10 },
      { arrivalMs: Date.UTC(2024, 4, 10) + 9.93, promptTokens: 2, outputTokens: 0 },
    ])
  })

  it('of BurstGPT has model and log type, and a session in newer files', async () => {
    const { format, read } = await readAll(burst('5,ChatGPT,472,18,490,Conversation log', '45,"GPT-4",3,0,3,API log'))
    expect(format).toBe('burst-gpt')
    expect(read).toMatchObject([
      { arrivalMs: 5000, promptTokens: 472, outputTokens: 18, tenant: 'ChatGPT', category: 'Conversation log' },
      { arrivalMs: 45_000, promptTokens: 3, outputTokens: 0, tenant: 'GPT-4', category: 'API log' },
    ])
    const newer = 'Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n'
    expect((await readAll(`${newer}5,12,1.5,GPT-4,3,1,4,API log\n`)).read).toMatchObject([{ session: 12 }])
  })

  it('of WEKA may stand in a list, or over many lines', async () => {
    const requests = [{ t: 0, type: 'n', in: 70, out: 1, hash_ids: [1], note: 'a } and a \\" ]' }]
    const chat = { id: 'a', block_size: 64, hash_id_scope: 'local', tool_tokens: 0, system_tokens: 0, requests }
    const lines = await readAll(jsonLines(chat, { ...chat, id: 'b' }))
    const list = [chat, { ...chat, id: 'b' }]
    expect(await readAll(JSON.stringify(list))).toEqual(lines)
    expect(await readAll(JSON.stringify(list, undefined, 2))).toEqual(lines)
    expect((await readAll(JSON.stringify(chat, undefined, 2))).read).toEqual(lines.read.slice(0, 1))
    const broken = JSON.stringify([chat, { ...chat, hash_id_scope: 'x' }], undefined, 2)
    expect(await complaint(readAll(broken))).toMatch(/^FILE:\d+: "hash_id_scope" is "x"/)
  })
})

describe('a malformed record is refused with its line, the field and the reason', () => {
  it.each([
    [{ chat_id: null }, '"chat_id" is null'],
    [{ parent_chat_id: -2 }, '"parent_chat_id" is -2'],
    [{ timestamp: 'x' }, '"timestamp" is "x"'],
    [{ input_length: 0 }, '"input_length" is 0'],
    [{ output_length: -1 }, '"output_length" is -1'],
    [{ type: 3 }, '"type" is 3'],
    [{ turn: 0 }, '"turn" is 0'],
    [{ hash_ids: [1] }, '"hash_ids" has 1 block ids'],
    [{ hash_ids: [1, 2, 3, 4] }, '"hash_ids" has 4 block ids'],
  ])('bailian: %j', async (fields, message) => {
    expect(await complaint(readAll(jsonLines(bailian(), bailian(fields))))).toContain(`FILE:2: ${message}`)
  })

  it.each([
    [{ session_id: '' }, '"session_id" is ""'],
    [{ delay: -1 }, '"delay" is -1'],
    [{ timestamp: -1 }, '"timestamp" is -1'],
    [{ output_length: 0 }, '"output_length" is 0'],
    [{ hash_ids: [1, 2, 3] }, '"hash_ids" has 3 block ids'],
  ])('mooncake-sessions: %j', async (fields, message) => {
    expect(await complaint(readAll(jsonLines(turn(), turn(fields))))).toContain(`FILE:2: ${message}`)
  })

  it.each([
    [azure('2023-11-16 18:17:03,1,1', 'yesterday,1,1'), 'FILE:3: "TIMESTAMP" is "yesterday"'],
    [azure('2023-11-16 18:17:03,1,1', '2023-11-16 18:17:03,0,1'), 'FILE:3: "ContextTokens" is 0'],
    [azure('2023-11-16 18:17:03,1,1', '2023-11-16 18:17:03,1,'), 'FILE:3: "GeneratedTokens" is missing'],
    [azure('2023-11-16 18:17:03,1,1', '2023-11-16 18:17:03,1'), 'FILE:3: has 2 cells, and the header has 3'],
    [burst('5,A,1,1,2,API log', '-5,A,1,1,2,API log'), 'FILE:3: "Timestamp" is -5'],
    [burst('5,A,1,1,2,API log', '5,,1,1,2,API log'), 'FILE:3: "Model" is missing'],
    [burst('5,A,1,1,2,API log', '5,A,0,1,2,API log'), 'FILE:3: "Request tokens" is 0'],
    [burst('5,A,1,1,2,API log', '5,A,1,1.5,2,API log'), 'FILE:3: "Response tokens" is 1.5'],
    [burst('5,A,1,1,2,API log', '5,A,1,1,2,'), 'FILE:3: "Log Type" is missing'],
    ['1\n2\n-3\n', 'FILE:3: "id" is "-3"'],
    ['1\n2\n18446744073709551616\n', 'FILE:3: "id" is 18446744073709551616'],
  ])('%j', async (content, message) => {
    expect(await complaint(readAll(content))).toContain(message)
  })
})

describe('ids beyond 2^53', () => {
  const ids = ['9007199254740993', '9007199254740992', '18446744073709551615', '9007199254740993']
  const row = (list: readonly string[]): string =>
    `{"timestamp": 0, "input_length": ${512 * list.length}, "output_length": 1, "note": "9007199254740993", "x": 0.12345678901234567890, "hash_ids": [${list.join(', ')}]}\n`

  it('that differ stay apart, and equal ones are one', async () => {
    const { read } = await readAll(row(ids.slice(0, 3)) + row(ids.slice(1)))
    const [first, second] = (read as { blockIds: number[] }[]).map(({ blockIds }) => blockIds)
    expect(new Set(first).size).toBe(3)
    expect(second![2]).toBe(first![0])
    expect(second!.slice(0, 2)).toEqual(first!.slice(1))
    expect(await complaint(readAll(row(ids)))).toContain('FILE:1: "hash_ids" has an id twice')
    const trace = await readTrace(file(row(ids.slice(0, 3))), { scale: ownScale })
    if (trace.kind !== 'timed') throw new Error('not a timed trace')
    expect(new Set(trace.requests[0]!.blockHashes).size).toBe(3)
  })

  it('are no lengths', async () => {
    const long = jsonLines(ask()).replace('600', '9007199254740993')
    expect(await complaint(readAll(jsonLines(ask()) + long))).toContain('FILE:2: "input_length" is a number too large')
    const longer = jsonLines(ask()).replace('600', '123456789012345678901234')
    expect(await complaint(readAll(jsonLines(ask()) + longer))).toContain('has more than 64 bits')
  })
})

describe('compressed files', () => {
  /** `printf '1\n2\n3\n' | zstd`, and the same in two frames. */
  const frame = Buffer.from('KLUv/QRYMQAAMQoyCjMKuwiheA==', 'base64')

  it('are told by their bytes: gzip, zstd, and zstd in several frames', async () => {
    const ids = [1, 2, 3].map((id) => ({ id, arrivalMs: undefined }))
    expect((await readAll(gzipSync('1\n2\n3\n'))).read).toEqual(ids)
    expect((await readAll(frame)).read).toEqual(ids)
    expect((await readAll(Buffer.concat([frame, frame]))).read).toEqual([...ids, ...ids])
  })

  it('that end too early or are damaged are refused', async () => {
    expect(await complaint(readAll(frame.subarray(0, 10)))).toContain('the zstd data ends too early')
    const damaged = Buffer.from(frame)
    damaged.fill(0xff, 4, 12)
    expect(await complaint(readAll(damaged))).toMatch(/the zstd data (is damaged|ends too early)/)
  })
})

describe('bad rows', () => {
  const rows = `${jsonLines(ask(), ask({ input_length: 0 }))}{"timestamp":\n${jsonLines(ask({ timestamp: 9 }), ask({ timestamp: 4 }))}`

  it('are skipped and counted when asked to', async () => {
    const trace = await readTrace(file(rows), { scale: ownScale, skipBadRows: true })
    expect(trace).toMatchObject({ kind: 'timed', requests: [{ arrivalMs: 0 }, { arrivalMs: 9 }], skipped: { rows: 3 } })
    expect(trace.skipped.reasons.map((reason) => reason.replace(/^.*:(\d+): /, '$1 '))).toEqual([
      expect.stringMatching(/^2 "input_length" is 0/),
      expect.stringMatching(/^3 not JSON/),
      expect.stringMatching(/^5 arrives at 4 ms, after a request at 9 ms/),
    ])
  })

  it('are refused otherwise', async () => {
    expect(await complaint(readTrace(file(rows), { scale: ownScale }))).toContain('FILE:2: "input_length" is 0')
  })
})

describe('the engine', () => {
  it('takes closed loops as conversations, with what sessions share', async () => {
    const rows = [turn(), turn({ session_id: 'b' }), turn({ hash_ids: [1, 3] })]
    const trace = await readTrace(file(jsonLines(...rows)), { scale: ownScale })
    if (trace.kind !== 'conversations') throw new Error('not a trace of conversations')
    const [a, b] = trace.conversations
    expect([a!.turns.length, b!.turns.length]).toEqual([2, 1])
    expect(a!.turns.map(({ sharedBlocks, thinkMs }) => [sharedBlocks, thinkMs])).toEqual([
      [1, 20],
      [1, 20],
    ])
    expect(a!.turns[0]!.blockHashes[0]).toBe(b!.turns[0]!.blockHashes[0])
    expect(a!.turns[0]!.blockHashes[1]).not.toBe(b!.turns[0]!.blockHashes[1])
  })

  it.each([
    ['azure-llm has lengths only', azure('2023-11-16 18:17:03,1,1')],
    ['ids has no prompts', '1\n2\n'],
  ])('refuses a trace that lacks what it needs: %s', async (message, content) => {
    const said = await complaint(readTrace(file(content), { scale: ownScale }))
    expect(said).toContain(`FILE: a trace in the format ${message}`)
    expect(said).not.toContain('\n')
  })
})
