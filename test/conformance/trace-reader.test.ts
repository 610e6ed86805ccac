import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { rootUrl } from '../../src/root.ts'
import type { TraceReader } from '../../src/workload/reader.ts'
import { traceReaders } from '../../src/workload/readers/registry.ts'

/** The least first record of each format. */
const firstRecords: Record<string, Record<string, unknown>> = {
  'azure-llm': { TIMESTAMP: '2023-11-16 18:17:03.9799600', ContextTokens: 3, GeneratedTokens: 1 },
  bailian: {
    chat_id: 1,
    parent_chat_id: -1,
    timestamp: 0,
    input_length: 3,
    output_length: 1,
    type: 'text',
    turn: 1,
    hash_ids: [1],
  },
  'burst-gpt': { Timestamp: 5, Model: 'GPT-4', 'Request tokens': 3, 'Response tokens': 1, 'Log Type': 'API log' },
  ids: { id: 1 },
  mooncake: { timestamp: 0, input_length: 3, output_length: 1, hash_ids: [1] },
  'mooncake-sessions': { session_id: 'a', input_length: 3, output_length: 1, hash_ids: [1] },
  'oracle-general': { time: 1, id: 1, size: 1, nextAccess: -1 },
  weka: {
    id: 'a',
    block_size: 64,
    hash_id_scope: 'local',
    tool_tokens: 0,
    system_tokens: 0,
    requests: [{ t: 0, type: 'n', in: 3, out: 1, hash_ids: [] }],
  },
}

describe('the registry of trace formats', () => {
  it('is sorted, and has each name once', () => {
    const names = traceReaders.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)].sort())
  })
})

describe.each(traceReaders.map((reader) => ({ name: reader.name, reader })))('$name', ({ name, reader }) => {
  it('is in the docs, and says where it comes from', () => {
    const docs = readFileSync(new URL('docs/workloads.md', rootUrl), 'utf8')
    expect(docs).toContain(`| \`${name}\` | ${reader.kind} |`)
    expect(reader.source).toMatch(/^https:/)
    expect(reader.summary).not.toBe('')
  })

  it('detects its own records and no others that lie in files like its own', () => {
    const alike = traceReaders.filter(({ records }) => records === reader.records).map((other) => other.name)
    const detected = alike
      .map((format) => [format, firstRecords[format]!] as const)
      .filter(([, record]) => reader.detects(record))
    expect(detected.map(([format]) => format)).toEqual([name])
    expect(reader.detects({})).toBe(false)
  })

  it('reads its own records, and refuses one that lacks any field it needs', () => {
    const record = firstRecords[name]!
    const read = (fields: Record<string, unknown>): unknown => readOne(reader, fields)
    expect(read(record)).toBeDefined()
    for (const field of Object.keys(record)) {
      expect(() => read({ ...record, [field]: undefined })).toThrow(`FILE:1: "${field}" is `)
    }
  })
})

function readOne(reader: TraceReader, record: Record<string, unknown>): unknown {
  switch (reader.kind) {
    case 'timed':
    case 'lengths':
      return reader.request(record, 'FILE:1')
    case 'turns':
      return reader.turn(record, 'FILE:1')
    case 'conversations':
      return reader.conversation(record, 'FILE:1')
    case 'references':
      return reader.reference(record, 'FILE:1')
  }
}
