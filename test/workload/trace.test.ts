import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { MemwallError } from '../../src/errors.ts'
import { readTrace, type Trace, type TraceOptions } from '../../src/workload/trace.ts'

const folder = mkdtempSync(join(tmpdir(), 'memwall-trace-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ownScale = { blockTokens: undefined, tokenScale: 1, outputScale: 1 }

let files = 0
const file = (content: string | Uint8Array): string => {
  const path = join(folder, `trace-${++files}`)
  writeFileSync(path, content)
  return path
}
const lines = (...records: object[]): string => `${records.map((record) => JSON.stringify(record)).join('\n')}\n`
const read = (...records: object[]): Promise<Trace> => readTrace(file(lines(...records)), { scale: ownScale })

const ask = (fields: object = {}): object => ({
  timestamp: 0,
  input_length: 1500,
  output_length: 7,
  hash_ids: [1, 2, 3],
  ...fields,
})
const turn = (fields: object = {}): object => ({
  t: 0,
  type: 'n',
  in: 150,
  out: 5,
  hash_ids: [1, 2],
  think_time: 2.5,
  ...fields,
})
const chat = (fields: object = {}): object => ({
  id: 'a',
  block_size: 64,
  hash_id_scope: 'local',
  tool_tokens: 60,
  system_tokens: 10,
  requests: [turn()],
  ...fields,
})

async function timed(records: object[], options: Partial<TraceOptions> = {}) {
  const trace = await readTrace(file(lines(...records)), { scale: ownScale, ...options })
  if (trace.kind !== 'timed') throw new Error('not a timed trace')
  return trace
}

async function chats(records: object[], options: Partial<TraceOptions> = {}) {
  const trace = await readTrace(file(lines(...records)), { scale: ownScale, ...options })
  if (trace.kind !== 'conversations') throw new Error('not a trace of conversations')
  return trace
}

/** The message without the folder, so that it can be compared. */
async function complaint(trace: Promise<unknown>): Promise<string> {
  const error = await trace.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof MemwallError)) throw new Error(`no MemwallError but ${String(error)}`)
  expect(error.code).toBe('badInput')
  return error.message.replaceAll(`${folder}/`, '').replace(/^trace-\d+/, 'FILE')
}

describe('a timed trace', () => {
  it('keeps lengths, arrivals and its own blocks', async () => {
    const trace = await timed([ask(), ask({ timestamp: 5, input_length: 512, hash_ids: [1] })])
    expect(trace).toMatchObject({ format: 'mooncake', blockTokens: 512, sourceBlockTokens: 512, outputsRaised: 0 })
    expect(trace.requests.map(({ blockHashes, ...rest }) => ({ ...rest, blocks: blockHashes.length }))).toEqual([
      { id: 'request-1', arrivalMs: 0, promptTokens: 1500, outputTokens: 7, blocks: 3 },
      { id: 'request-2', arrivalMs: 5, promptTokens: 512, outputTokens: 7, blocks: 1 },
    ])
  })

  it('shares full blocks and never a partial tail', async () => {
    const { requests } = await timed([ask(), ask()])
    const [first, second] = requests
    expect(first!.blockHashes.slice(0, 2)).toEqual(second!.blockHashes.slice(0, 2))
    expect(first!.blockHashes[2]).not.toBe(second!.blockHashes[2])
  })

  it('keeps the ids of partial tails when asked to', async () => {
    const { requests } = await timed([ask(), ask()], { partialTails: 'trace' })
    expect(requests[0]!.blockHashes).toEqual(requests[1]!.blockHashes)
  })

  it('reads gzip by its bytes, not by its name, and no further than the limit', async () => {
    const plain = await timed([ask(), ask({ timestamp: 9 })])
    const zipped = await readTrace(file(gzipSync(lines(ask(), ask({ timestamp: 9 })))), { scale: ownScale })
    expect(zipped).toEqual(plain)
    const limited = await readTrace(file(`${lines(ask())}broken`), { scale: ownScale, limit: 1 })
    expect(limited).toMatchObject({ requests: [{ id: 'request-1' }] })
  })

  it('skips blank lines, and takes a last line without a newline', async () => {
    const trace = await readTrace(file(`\n${lines(ask())}\r\n\n${JSON.stringify(ask())}`), { scale: ownScale })
    expect(trace).toMatchObject({ requests: [{}, {}] })
  })

  it('joins lines that lie across chunks', async () => {
    const long = ask({ input_length: 512 * 200_000, hash_ids: Array.from({ length: 200_000 }, (_, i) => i) })
    const { requests } = await timed([long, ask(), long])
    expect(requests.map((request) => request.blockHashes.length)).toEqual([200_000, 3, 200_000])
    expect(requests[2]!.blockHashes).toEqual(requests[0]!.blockHashes)
  })
})

describe('a trace of conversations', () => {
  it('flattens sub-agents in file order', async () => {
    const helper = { type: 'subagent', agent_id: 'helper', requests: [turn({ in: 70, hash_ids: [9] }), turn()] }
    const requests = [turn(), helper, turn({ in: 200, hash_ids: [1, 2, 3], think_time: undefined })]
    const { conversations, outputsRaised } = await chats([chat({ requests })])
    expect(outputsRaised).toBe(0)
    expect(conversations[0]).toMatchObject({ id: 'a', tenant: 'weka' })
    expect(conversations[0]!.turns.map(({ agent, promptTokens, thinkMs }) => [agent, promptTokens, thinkMs])).toEqual([
      ['', 150, 2500],
      ['helper', 70, 2500],
      ['helper', 150, 2500],
      ['', 200, 0],
    ])
    expect(conversations[0]!.turns.every((t) => t.keptOutputTokens === 0 && t.sharedBlocks === 0)).toBe(true)
  })

  it('has block ids of its own', async () => {
    const { conversations } = await chats([chat(), chat({ id: 'b' })])
    const [a, b] = conversations.map((conversation) => conversation.turns[0]!.blockHashes)
    expect(a!.filter((hash) => b!.includes(hash))).toHaveLength(0)
  })

  it('shares a declared prefix with all others, on every turn that begins with it', async () => {
    const requests = [turn(), turn({ hash_ids: [1, 7] }), turn({ hash_ids: [8, 7] })]
    const { conversations } = await chats(
      [chat({ requests }), chat({ id: 'b', tool_tokens: 500, requests: [turn()] })],
      {
        sharePrefix: true,
      },
    )
    const [a, b] = conversations
    expect(a!.turns.map((t) => t.sharedBlocks)).toEqual([1, 1, 0])
    expect(b!.turns.map((t) => t.sharedBlocks)).toEqual([2])
    expect(a!.turns[0]!.blockHashes[0]).toBe(b!.turns[0]!.blockHashes[0])
    expect(a!.turns[0]!.blockHashes[1]).not.toBe(b!.turns[0]!.blockHashes[1])
    expect(a!.turns[2]!.blockHashes[1]).toBe(a!.turns[1]!.blockHashes[1])
  })

  it('gives a request without output one token, and counts it', async () => {
    const { conversations, outputsRaised } = await chats([chat({ requests: [turn({ out: 0 }), turn()] })])
    expect(outputsRaised).toBe(1)
    expect(conversations[0]!.turns.map((t) => t.outputTokens)).toEqual([1, 5])
  })
})

describe('a bad trace is refused with its place and a cure', () => {
  it.each([
    ['no file', () => join(folder, 'absent'), 'absent: no such file.'],
    ['an empty file', () => file(''), 'FILE: the file is empty.'],
    ['a file of blank lines', () => file('\n \n'), 'FILE: the file is empty.'],
    ['broken JSON', () => file(`${lines(ask())}{"timestamp": 1,`), 'FILE:2: not JSON ('],
    ['another kind of file', () => file('TIMESTAMP,ContextTokens\n'), 'Known formats: azure-llm ('],
    ['a list', () => file('[]\n'), 'FILE:1: not a JSON object.'],
    [
      'an unknown format',
      () => file('{"prompt":"hello"}\n'),
      'FILE:1: unknown format of trace. Known formats: azure-llm (',
    ],
    [
      'gzip that ends too early',
      () => file(gzipSync(lines(ask())).subarray(0, 60)),
      'FILE:1: the gzip data ends too early.',
    ],
    ['damaged gzip', () => file(gzipSync(lines(ask())).fill(7, 20, 30)), 'FILE:1: the gzip data is damaged.'],
  ])('%s', async (_, path, message) => {
    expect(await complaint(readTrace(path(), { scale: ownScale }))).toContain(message)
  })

  it('a folder', async () => {
    expect(await complaint(readTrace(folder, { scale: ownScale }))).toContain('is a folder.')
  })

  it.each([
    [{ input_length: 0 }, '"input_length" is 0. It must be a whole number of at least 1.'],
    [{ input_length: -4 }, '"input_length" is -4.'],
    [{ input_length: 10.5 }, '"input_length" is 10.5.'],
    [{ input_length: '10' }, '"input_length" is "10".'],
    [{ output_length: 0 }, '"output_length" is 0.'],
    [{ output_length: undefined }, '"output_length" is missing.'],
    [{ timestamp: -1 }, '"timestamp" is -1.'],
    [{ timestamp: 3 }, 'arrives at 3 ms, after a request at 10 ms. Sort the trace by arrival.'],
    [{ hash_ids: [1, 2] }, '"hash_ids" has 2 block ids. A prompt of that length has at least 3.'],
    [{ hash_ids: [1, 2, 3, 4] }, '"hash_ids" has 4 block ids. A prompt of that length has at most 3.'],
    [{ hash_ids: [1, 2, -3] }, '"hash_ids[2]" is -3.'],
    [{ hash_ids: [1, null, 3] }, '"hash_ids[1]" is null.'],
    [{ hash_ids: 'many' }, '"hash_ids" is "many". It must be a list of block ids.'],
  ])('timed: %j', async (fields, message) => {
    const records = [ask({ timestamp: 10 }), ask({ timestamp: 20, ...fields })]
    const trace = 'timestamp' in fields ? read(...records) : read(ask(), ask(fields))
    expect(await complaint(trace)).toContain(`FILE:2: ${message}`)
  })

  it.each([
    [{ id: 'a' }, 'FILE:2: has the id "a" of'],
    [{ block_size: 128 }, 'FILE:2: has blocks of 128 tokens, and the conversations before it of 64.'],
    [{ block_size: 0 }, 'FILE:2: "block_size" is 0.'],
    [{ hash_id_scope: 'global' }, 'FILE:2: "hash_id_scope" is "global". Only "local" is known.'],
    [{ system_tokens: undefined }, 'FILE:2: "system_tokens" is missing.'],
    [{ requests: [] }, 'FILE:2: "requests" is []. It must be a list that is not empty.'],
    [{ requests: [3] }, 'FILE:2: "requests[0]" is 3. It must be an object.'],
    [{ requests: [turn({ in: 0 })] }, 'FILE:2, request 1: "in" is 0.'],
    [{ requests: [turn({ out: -1 })] }, 'FILE:2, request 1: "out" is -1.'],
    [{ requests: [turn(), turn({ think_time: -1 })] }, 'FILE:2, request 2: "think_time" is -1.'],
    [{ requests: [turn({ hash_ids: [1] })] }, 'FILE:2, request 1: "hash_ids" has 1 block ids.'],
    [{ requests: [turn({ type: 'x' })] }, 'FILE:2, request 1: unknown type "x". Known: n, s, subagent.'],
    [{ requests: [{ type: 'subagent', requests: [turn()] }] }, 'FILE:2, request 1: "agent_id" is missing.'],
  ])('conversations: %j', async (fields, message) => {
    expect(await complaint(read(chat(), chat({ id: 'b', ...fields })))).toContain(message)
  })
})
