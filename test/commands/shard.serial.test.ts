import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { merge } from '../../src/commands/merge.ts'
import { type RunManner, run } from '../../src/commands/run.ts'

const here = mkdtempSync(join(tmpdir(), 'memwall-'))
afterAll(() => rmSync(here, { recursive: true }))
beforeAll(() => {
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockReturnValue(true)
})
afterAll(() => {
  vi.restoreAllMocks()
})

/** A report less what no two runs have in common. */
function figures(path: string): unknown {
  const { createdAt, planSeconds, ...report } = JSON.parse(readFileSync(path, 'utf8'))
  return report
}

/** Without a baseline there is none to search for, which would take most of the time. */
const small = {
  backend: 'model',
  workload: 'chat',
  params: { conversations: 20 },
  requests: '20',
  arms: 'local-dram,warehouse',
  seeds: '2',
}

async function ran(flags: Record<string, unknown>, manner: RunManner, file?: string): Promise<string> {
  const out = mkdtempSync(join(here, 'run-'))
  expect(await run(file, { ...flags, out }, manner)).toBe(0)
  return out
}

describe('a sweep in shards is the sweep as a whole, to the last figure', () => {
  test.each(['sessions-per-replica=1,2,5', 'dram=64GB,256GB'])('%s', async (sweep) => {
    const whole = await ran({ ...small, sweep }, {})
    const parts = await Promise.all([1, 2].map((k) => ran({ ...small, sweep }, { shard: `${k}/2` })))
    expect(parts.map((part) => readdirSync(part))).toEqual([1, 2].map((k) => [`blob-${k}-of-2.json`]))
    const plans = parts.map((part, i) => JSON.parse(readFileSync(join(part, `blob-${i + 1}-of-2.json`), 'utf8')).plans)
    for (const part of plans) expect(Object.keys(part).length).toBeGreaterThan(0)
    const out = mkdtempSync(join(here, 'merged-'))
    expect(await merge(parts, { out })).toBe(0)
    expect(figures(join(out, 'report.json'))).toEqual(figures(join(whole, 'report.json')))
  })

  test('points come from the blobs: one that was tampered with shows', async () => {
    const sweep = 'dram=64GB,256GB'
    const part = await ran({ ...small, sweep }, { shard: '1/1' })
    const path = join(part, 'blob-1-of-1.json')
    const changed = readFileSync(path, 'utf8').replaceAll(/"hitRate":[\d.]+/g, '"hitRate":0.125')
    writeFileSync(path, changed)
    const out = mkdtempSync(join(here, 'merged-'))
    await merge([part], { out })
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))
    // At the run's own load stands the answer, which is no point: whoever merges plans its draws.
    const points = report.knee.filter(
      ({ sessionsPerReplica }: { sessionsPerReplica: number }) =>
        sessionsPerReplica !== report.setup.sessionsPerReplica,
    )
    expect(points.length).toBeGreaterThan(0)
    const rates = [...report.sweep.points, ...points].map(({ arms }) => arms.warehouse.hitRate)
    expect(new Set(rates)).toEqual(new Set([0.125]))
  })
})

test('a suite in shards is the suite as a whole', async () => {
  const file = join(here, 'night.yaml')
  const experiments =
    'one: { sweep: "sessions-per-replica=1" }\n  two: { workload: chat, sweep: "sessions-per-replica=2" }'
  writeFileSync(file, `experiments:\n  ${experiments}\n  three: { seed: 5, sweep: "sessions-per-replica=1" }\n`)
  const history = join(here, 'history')
  const whole = await ran(small, { history }, file)
  const parts = await Promise.all([1, 2].map((k) => ran(small, { shard: `${k}/2` }, file)))
  expect(parts.map((part) => readdirSync(part).sort())).toEqual([
    ['blob-1-of-2.json', 'one', 'three'],
    ['blob-2-of-2.json', 'two'],
  ])
  const out = mkdtempSync(join(here, 'merged-'))
  expect(await merge(parts, { out, history: join(here, 'merged-history') })).toBe(0)
  for (const name of ['one', 'two', 'three']) {
    expect(figures(join(out, name, 'report.json'))).toEqual(figures(join(whole, name, 'report.json')))
  }
  const suite = JSON.parse(readFileSync(join(out, 'suite.json'), 'utf8'))
  expect(Object.keys(suite.experiments)).toEqual(['one', 'two', 'three'])
  expect(readdirSync(out).sort()).toEqual(['one', 'suite.html', 'suite.json', 'suite.md', 'three', 'two'])
  for (const folder of [history, join(here, 'merged-history')]) {
    expect(readdirSync(folder).sort()).toEqual(['one.jsonl', 'three.jsonl', 'two.jsonl'])
  }
})

describe('refused before any work', () => {
  test.each<[string, Record<string, unknown>, RunManner, RegExp]>([
    ['a measured run in shards', { backend: 'wasm' }, { shard: '1/2' }, /--shard: splits plans, and this run measures/],
    ['a history of shards', small, { shard: '1/2', history: 'h' }, /--history: a shard is no whole run/],
    ['a filter without a suite', small, { filter: 'a' }, /--filter: chooses experiments of a suite/],
  ])('%s', async (_, flags, manner, expected) => {
    await expect(run(undefined, flags, manner)).rejects.toThrow(expected)
  })

  test('more shards than experiments', async () => {
    const file = join(here, 'one.yaml')
    writeFileSync(file, 'experiments:\n  one: { backend: model }\n')
    await expect(run(file, {}, { shard: '2/2' })).rejects.toThrow(/leaves no experiment for shard 2 of 2/)
  })

  test('an experiment that cannot run, before the first one does', async () => {
    const file = join(here, 'two.yaml')
    writeFileSync(file, 'experiments:\n  one: { backend: model }\n  two:\n    gpu: h1000\n')
    await expect(run(file, {}, {})).rejects.toThrow(/two\.yaml:4 gpu: unknown GPU "h1000"/)
  })
})
