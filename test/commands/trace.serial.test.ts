import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { jsonLines, traceFiles } from '../workload/trace-files.ts'

const { file } = traceFiles()
const bin = fileURLToPath(new URL('../../bin/memwall.js', import.meta.url))
const trace = (...args: string[]) => spawnSync(process.execPath, [bin, 'trace', ...args], { encoding: 'utf8' })

const ask = (timestamp: number, ...hash_ids: number[]): object => ({
  timestamp,
  input_length: 512 * hash_ids.length,
  output_length: 8,
  hash_ids,
})
const rows = jsonLines(ask(0, 1, 2), ask(1000, 1, 2, 3), ask(2500, 9))

describe('memwall trace', () => {
  it('prints a table', () => {
    const { status, stdout } = trace(file(rows))
    expect(status).toBe(0)
    expect(stdout).toContain('a trace in the format mooncake')
    expect(stdout).toMatch(/any block +0\.3333/)
    expect(stdout).toMatch(/reuse time +1 s/)
    expect(stdout).toContain('2 sessions, found from prefixes')
  })

  it('prints JSON in which what is not known is null', () => {
    const { status, stdout } = trace(file('5\n6\n5\n'), '--json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'ids',
      requests: 3,
      blockReferences: 3,
      distinctBlocks: 2,
      reuseDistanceBlocks: { p50: 1 },
      durationMs: null,
      reuseTimeMs: null,
      sessions: null,
    })
  })

  it('counts bad rows when asked to skip them', () => {
    const path = file(`${rows}{"timestamp": 1\n`)
    const { status, stdout } = trace(path, '--skip-bad-rows')
    expect(status).toBe(0)
    expect(stdout).toContain(`1 row left out, the first:\n  ${path}:4: not JSON`)
  })

  it.each([
    ['a bad row', () => [file(`${rows}{"timestamp": 1\n`)], /trace-\d+:4: not JSON \(/],
    ['no file', () => ['nowhere.jsonl'], /^nowhere.jsonl: no such file\./],
    ['sessions of a timed trace', () => [file(rows), '--sessions', '4'], /^--sessions: .* has no conversations/],
    ['no sessions', () => [file(rows), '--sessions', '0'], /^--sessions: "0" is no whole number of at least 1/],
    ['no file name', () => [], /^missing required argument 'file'/],
  ])('refuses %s in one line', (_, args, message) => {
    const { status, stderr, stdout } = trace(...args())
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(message)
    expect(stderr.trimEnd()).not.toContain('\n')
  })
})
