import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { rootUrl } from '../../src/root.ts'
import { traceReaders } from '../../src/workload/readers/registry.ts'

/** The least first record of each format. */
const firstRecords: Record<string, Record<string, unknown>> = {
  mooncake: { timestamp: 0, input_length: 3, output_length: 1, hash_ids: [1] },
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

  it('detects its own records and no others', () => {
    const detected = Object.entries(firstRecords).filter(([, record]) => reader.detects(record))
    expect(detected.map(([format]) => format)).toEqual([name])
    expect(reader.detects({})).toBe(false)
  })

  it('reads its own records, and refuses one that lacks any field it needs', () => {
    const record = firstRecords[name]!
    const read = (fields: Record<string, unknown>): unknown =>
      reader.kind === 'timed' ? reader.request(fields, 'FILE:1') : reader.conversation(fields, 'FILE:1')
    expect(read(record)).toBeDefined()
    for (const field of Object.keys(record)) {
      expect(() => read({ ...record, [field]: undefined })).toThrow(`FILE:1: "${field}" is `)
    }
  })
})
