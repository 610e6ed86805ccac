import { describe, expect, it } from 'vitest'
import { describeTrace } from '../../src/lab/describe-trace.ts'
import { loadStream } from '../../src/lab/load-stream.ts'
import { jsonLines, traceFiles } from '../workload/trace-files.ts'

const { file } = traceFiles()

describe('a description', () => {
  it('counts what a memory without loss would hit, by block, prefix and token', async () => {
    const row = (timestamp: number, input_length: number, ...hash_ids: number[]): object => ({
      timestamp,
      input_length,
      output_length: 10,
      hash_ids,
    })
    const rows = [row(0, 1024, 1, 2), row(40, 1400, 1, 2, 3), row(100, 1536, 4, 5, 6), row(101, 1500, 4, 5, 7)]
    const description = describeTrace(await loadStream(file(jsonLines(...rows))))
    expect(description).toMatchObject({
      requests: 4,
      promptTokens: 5460,
      promptPerOutputTokens: 136.5,
      blockReferences: 11,
      distinctBlocks: 7,
      durationMs: 101,
      ceiling: { anyBlockHitRate: 4 / 11, prefixHitRate: 4 / 11, tokenHitRate: 2048 / 5460 },
      reuseDistanceBlocks: { p10: 1, p50: 2, p99: 2 },
      reuseTimeMs: { p10: 1, p50: 40, p99: 40 },
      sessions: { from: 'prefixes', sessions: 3, gapMs: { p50: 40 } },
      skippedRows: 0,
    })
    expect(description.workingSet.map(({ distinctBlocks }) => distinctBlocks)).toEqual([2, 0, 0, 3, 0, 0, 0, 0, 0, 4])
    expect(description.sessions!.returnByTurn).toEqual([
      { turn: 1, sessions: 3, returnRatio: 1 / 3 },
      { turn: 2, sessions: 1, returnRatio: 0 },
    ])
  })

  it('tells any block from a contiguous prefix where ids are not chained', async () => {
    const row = { timestamp: 0, input_length: 1536, output_length: 10 }
    const rows = [
      { ...row, hash_ids: [1, 2, 3] },
      { ...row, hash_ids: [1, 4, 3] },
    ]
    const description = describeTrace(await loadStream(file(jsonLines(...rows))))
    expect(description).toMatchObject({
      ceiling: { anyBlockHitRate: 2 / 6, prefixHitRate: 1 / 6, tokenHitRate: 512 / 3072 },
      sessions: undefined,
    })
  })

  it('has no times, sessions and outputs where the trace has none', async () => {
    const description = describeTrace(await loadStream(file('1\n2\n1\n')))
    expect(description).toMatchObject({
      promptPerOutputTokens: undefined,
      durationMs: undefined,
      reuseTimeMs: undefined,
      sessions: undefined,
      ceiling: { anyBlockHitRate: 1 / 3, prefixHitRate: 1 / 3 },
    })
    expect(description.workingSet).toHaveLength(10)
  })
})
