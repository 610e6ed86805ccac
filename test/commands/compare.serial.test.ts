import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordSchema } from '../../src/history/record.ts'
import { record, time } from '../history/records.ts'
import { reportFixture } from '../report/fixture.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = join(root, 'bin/memwall.js')
const here = mkdtempSync(join(tmpdir(), 'memwall-compare-'))
afterAll(() => rmSync(here, { recursive: true }))

function memwall(...args: string[]) {
  const folder = mkdtempSync(join(here, 'run-'))
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { cwd: folder, encoding: 'utf8' })
  return { folder, status, stdout, stderr }
}

function file(name: string, content: unknown): string {
  const path = join(mkdtempSync(join(here, 'file-')), name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const base = file('base.json', reportFixture())
const worse = file(
  'head.json',
  reportFixture((report) => {
    report.arms.warehouse!.redundantTokens += 50
  }),
)
const history = (...records: object[]) => file('nightly.jsonl', records.map((one) => JSON.stringify(one)).join('\n'))

describe('bad input ends in one clear line and exit code 2, and nothing is written', () => {
  const empty = mkdtempSync(join(here, 'empty-'))
  const checkout = (code: string): string => {
    const folder = mkdtempSync(join(here, 'checkout-'))
    mkdirSync(join(folder, 'bin'))
    writeFileSync(join(folder, 'bin/memwall.js'), code)
    return folder
  }
  test.each<[title: string, args: string[], expected: RegExp]>([
    ['one file', ['compare', base], /^compare: takes a base and a head, not 1 files\./],
    ['a missing file', ['compare', base, 'nowhere.json'], /^nowhere\.json: cannot be read\./],
    ['a folder', ['compare', base, here], /: holds neither suite\.json nor report\.json/],
    ['no JSON', ['compare', file('x.json', '{'), base], /x\.json: is not JSON\./],
    ['no report', ['compare', base, file('x.json', { a: 1 })], /x\.json: is no report: /],
    ['null', ['compare', base, file('x.json', 'null')], /x\.json: is no report: /],
    [
      'a report of another version',
      ['compare', base, file('x.json', { ...reportFixture(), schemaVersion: 7 })],
      /has version 7 of the schema, this memwall reads 2\./,
    ],
    [
      'a partial report',
      ['compare', base, file('x.json', { ...reportFixture(), partial: true })],
      /is partial: its run was interrupted\./,
    ],
    [
      'two experiments',
      ['compare', history(record(1, [])), history(record(1, [], { experiment: 'other', inputsHash: 'x' }))],
      /is of "other", .*nightly\.jsonl of "nightly"\. Compare two runs of one experiment\./,
    ],
    ['an empty file of a history', ['compare', base, history()], /nightly\.jsonl: holds no record\./],
    ['an unknown history', ['compare', '--history', 'nowhere', base], /^nowhere: there is no such folder\./],
    ['an empty history', ['compare', '--history', empty, base], /holds no earlier run of "/],
    ['rounds without checkouts', ['compare', base, worse, '--rounds', '3'], /^--rounds: goes with --base-dir\./],
    ['both kinds', ['compare', base, '--base-dir', root], /is not compared with --base-dir\./],
    [
      'no rounds',
      ['compare', '--base-dir', root, '--head-dir', root, '--rounds', '0'],
      /^--rounds: is 0\. Give a whole/,
    ],
    ['a missing checkout', ['compare', '--base-dir', 'nowhere'], /^--base-dir: there is no folder "nowhere"\./],
    ['no checkout', ['compare', '--base-dir', empty], /^--base-dir: ".*" has no bin\/memwall\.js\./],
    [
      'a checkout that is too old',
      [
        'compare',
        '--base-dir',
        checkout('process.stderr.write("error: unknown command\\n"); process.exit(2)'),
        '--head-dir',
        root,
      ],
      /^--base-dir: ".*" cannot be timed \(error: unknown command\)\. Where it is older/m,
    ],
    [
      'a checkout that says something else',
      ['compare', '--base-dir', checkout('console.log("hello"); setInterval(() => {}, 1000)'), '--head-dir', root],
      /^--base-dir: ".*" cannot be timed \(it does not know the protocol\)\./m,
    ],
    [
      'an output that cannot be written',
      ['compare', base, worse, '--out', '/proc/x'],
      /^--out: nothing can be written/,
    ],
    ['an unknown history to draw', ['trend', 'nowhere'], /^nowhere: there is no such folder\./],
    ['an empty history to draw', ['trend', empty], /holds no record\./],
    [
      'a history that cannot be written',
      ['run', '--history', '/proc/x'],
      /^--history: nothing can be written to "\/proc"/,
    ],
  ])('%s', (_, args, expected) => {
    const { folder, status, stdout, stderr } = memwall(...args)
    expect(stderr).toMatch(expected)
    expect(
      stderr
        .trim()
        .split('\n')
        .filter((line) => !line.includes('░')),
    ).toHaveLength(1)
    expect([status, stdout]).toEqual([2, ''])
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('two reports', () => {
  test('that agree: exit code 0', () => {
    const { status, stdout, stderr } = memwall('compare', base, base)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Fine: /)
  })

  test('where a deterministic figure got worse: exit code 1, and the files that a build keeps', () => {
    const { folder, status, stdout } = memwall('compare', base, worse, '--out', 'out')
    expect(status).toBe(1)
    expect(stdout).toMatch(/^Regression: 1 figure fails: warehouse\/tokens computed again/)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['compare.json', 'compare.junit.xml', 'compare.md'])
  })

  test('JSON on standard output is compare.json', () => {
    const { folder, stdout } = memwall('compare', base, worse, '--json', '--out', 'out')
    expect(stdout).toBe(readFileSync(join(folder, 'out/compare.json'), 'utf8'))
    expect(JSON.parse(stdout).verdict).toBe('regression')
  })
})

test('a head against its history: the last record before it, and how much it varies', () => {
  const nights = [10, 11, 12, 30].map((value, night) => record(night, [time('a', value)]))
  const folder = join(history(...nights), '..')
  const { status, stdout } = memwall('compare', '--history', folder, join(folder, 'nightly.jsonl'), '--json')
  const [comparison] = JSON.parse(stdout).comparisons
  expect(status).toBe(0)
  expect(comparison.figures[0]).toMatchObject({
    base: 12,
    head: 30,
    outcome: 'worse',
    isGated: false,
    attainableP: 0.5,
  })
})

describe('a run that is recorded', () => {
  const folder = join(here, 'history')
  const experiment = file(
    'small.yaml',
    'backend: model\nrequests: 20\nsessions-per-replica: 1\narms: hbm-only,warehouse\n',
  )
  let runs: ReturnType<typeof memwall>[]
  beforeAll(() => {
    runs = [1, 2].map(() => memwall('run', experiment, '--history', folder))
  }, 60_000)

  test('has a line a run under the name of its file, each a record', () => {
    expect(runs.map(({ status }) => status)).toEqual([0, 0])
    const lines = readFileSync(join(folder, 'small.jsonl'), 'utf8').trim().split('\n')
    const [first, second] = lines.map((line) => recordSchema.parse(JSON.parse(line)))
    expect(lines).toHaveLength(2)
    expect(first!.figures.length).toBeGreaterThan(40)
    expect(first!.inputsHash).toBe(second!.inputsHash)
  })

  test('is the base of the next: its plan is the same, to the last digit', () => {
    const head = join(runs[1]!.folder, 'reports/latest/report.json')
    const { status, stdout } = memwall('compare', '--history', folder, head)
    expect(stdout).toMatch(/^Fine: (\d+) of \1 deterministic figures unchanged\./)
    expect(status).toBe(0)
  })

  test('is drawn', () => {
    const { folder: at, status, stdout } = memwall('trend', folder)
    expect([status, stdout.split('\n')[0]]).toEqual([
      0,
      'No figure left its level in 2 records of 1 experiment; 1 measured figure has too few points for a',
    ])
    expect(readdirSync(join(at, 'reports/latest')).sort()).toEqual(['trend.html', 'trend.json'])
  })
})

describe('two checkouts', () => {
  test('Ctrl-C ends them within a second, exit code 130', async () => {
    const child = spawn(process.execPath, [bin, 'compare', '--base-dir', root, '--head-dir', root], { cwd: here })
    let said = ''
    child.stderr.on('data', (data) => {
      said += data
    })
    while (childrenOf(child.pid!).length === 0) await setTimeout(50)
    await setTimeout(1500)
    const children = childrenOf(child.pid!)
    const asked = performance.now()
    child.kill('SIGINT')
    const [code] = await once(child, 'exit')
    expect(performance.now() - asked).toBeLessThan(2000)
    expect(code).toBe(130)
    await ended(children, 2000)
    expect(said).toContain('Interrupted; nothing was compared.')
  })

  test('whose asker crashes end by themselves', async () => {
    const child = spawn(process.execPath, [bin, 'compare', '--base-dir', root, '--head-dir', root], { cwd: here })
    while (childrenOf(child.pid!).length === 0) await setTimeout(50)
    const children = childrenOf(child.pid!)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await ended(children, 30_000)
  })
})

/** A process that was killed may take a moment to give its memory back. */
async function ended(pids: readonly number[], withinMs: number): Promise<void> {
  const alive = (): number[] => pids.filter((pid) => existsSync(`/proc/${pid}`))
  for (const until = performance.now() + withinMs; alive().length > 0 && performance.now() < until; )
    await setTimeout(50)
  expect(alive()).toEqual([])
}

function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
  return stdout.trim().split('\n').filter(Boolean).map(Number)
}
