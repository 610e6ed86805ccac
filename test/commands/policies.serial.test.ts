import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { type PoliciesOptions, policies as policiesCommand } from '../../src/commands/policies.ts'
import { exitCodes, MemwallError } from '../../src/errors.ts'
import { jsonLines } from '../workload/trace-files.ts'

const bin = fileURLToPath(new URL('../../bin/memwall.js', import.meta.url))
const here = mkdtempSync(join(tmpdir(), 'memwall-policies-'))
afterAll(() => rmSync(here, { recursive: true }))

/** Five conversations that take turns and grow. */
const rows = Array.from({ length: 60 }, (_, at) => {
  const conversation = (at * 7) % 5
  const hash_ids = Array.from({ length: 2 + Math.floor(at / 12) }, (_, place) => conversation * 100 + place)
  return { timestamp: at * 100, input_length: 512 * hash_ids.length - 100, output_length: 5, hash_ids }
})
writeFileSync(join(here, 'talk.jsonl'), jsonLines(...rows))
const ids = Array.from({ length: 200 }, (_, at) => (at * at) % 37)
writeFileSync(join(here, 'ids.txt'), `${ids.join('\n')}\n`)
writeFileSync(join(here, 'bad.jsonl'), `${jsonLines(rows[0]!)}{"timestamp": 1\n`)

const policyText = (name: string, create: string): string =>
  `export const policy = { name: '${name}', parameters: { share: { default: 0.5, least: 0, most: 1 } }, create: ${create} }\n`
const fifo = `(capacity) => {
  const queue = []
  return {
    onInsert: (slot) => queue.push(slot),
    onHit: () => {},
    onRemove: (slot) => queue.splice(queue.indexOf(slot), 1),
    victim: (isPinned) => queue.find((slot) => !isPinned(slot)) ?? -1,
  }
}`
writeFileSync(join(here, 'mine.js'), policyText('mine, "first"', fifo))
const brokenFiles: Readonly<Record<string, string>> = {
  'nothing.js': 'export const answer = 42\n',
  'two.js': `${policyText('one', fifo)}export const other = { name: 'two' }\n`,
  'no-create.js': `export const policy = { name: 'lazy' }\n`,
  'no-victim.js': policyText('spares-all', '() => ({ onInsert() {}, onHit() {}, onRemove() {} })'),
  'no-slot.js': policyText('nowhere', '() => ({ onInsert() {}, onHit() {}, onRemove() {}, victim: () => -1 })'),
  'throws.js': `throw new Error('not today')\n`,
  'syntax.js': 'export const = 3\n',
  'namesake.js': policyText('lru', fifo),
}
for (const [name, text] of Object.entries(brokenFiles)) writeFileSync(join(here, name), text)

let runs = 0

/** Runs in the folder of the files and writes into a new folder in `out`, which is looked at afterwards. */
function policies(...args: string[]) {
  const parent = join(here, `out-${++runs}`)
  mkdirSync(parent)
  const out = join(parent, 'lab')
  const command = [bin, 'policies', ...args, '--out', out]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: here, encoding: 'utf8' })
  return {
    status,
    stdout,
    stderr,
    written: readdirSync(parent).length > 0,
    read: (name: string): string => readFileSync(join(out, name), 'utf8'),
    names: () => readdirSync(out).sort(),
  }
}

interface Printed {
  readonly trace: Readonly<Record<string, unknown>> & { readonly notes: readonly string[] }
  readonly results: readonly {
    readonly policy: string
    readonly capacityBlocks: number
    readonly anyBlockHitRate: number
    readonly prefixHitRate: number
    readonly headroomShare: number | null
  }[]
  readonly twoTier: readonly (Readonly<Record<string, number>> & { readonly hbmPolicy: string })[]
}

function json(...args: string[]): Printed {
  const { status, stdout, read, stderr } = policies(...args, '--json')
  expect(status, stderr).toBe(0)
  expect(stdout).toBe(read('policies.json'))
  return JSON.parse(stdout)
}

const hitsOf = ({ results }: Printed, policy: string, capacityBlocks: number): number =>
  results.find((one) => one.policy === policy && one.capacityBlocks === capacityBlocks)!.anyBlockHitRate

/** Of references in the order in which they are touched: hits of a queue that a hit does not move. */
function fifoHits(blocks: readonly number[], capacityBlocks: number): number {
  const queue: number[] = []
  let hits = 0
  for (const block of blocks) {
    if (queue.includes(block)) hits++
    else if (queue.push(block) > capacityBlocks) queue.shift()
  }
  return hits
}

const references = rows.flatMap(({ hash_ids }) => hash_ids)

describe('memwall policies', () => {
  it('prints a table of all policies at each size and writes page, JSON and CSV', () => {
    const { status, stdout, names, read } = policies('--trace', 'talk.jsonl', '--capacity', '10,5,10')
    expect(status).toBe(0)
    expect(names()).toEqual(['policies.csv', 'policies.html', 'policies.json'])
    expect(stdout).toMatch(/^At 5 blocks /)
    expect(stdout).toContain('talk.jsonl: 60 requests, 240 block references of 512 tokens, 30 distinct blocks')
    expect(stdout).toMatch(/^any-block hit rate +5 blocks +won +10 blocks +won$/m)
    for (const name of ['2q', 'belady', 'leaf-lru', 'survival', 'w-tinylfu']) {
      expect(stdout).toMatch(new RegExp(`^${name} +\\d+\\.\\d %`, 'm'))
    }
    const page = read('policies.html')
    expect(page.match(/<svg/g)!.length).toBeGreaterThanOrEqual(4)
    for (const id of ['capacity', 'size', 'definitions', 'reuse']) expect(page).toContain(`<section id="${id}">`)
    expect(page).not.toContain('<section id="tiers">')
    expect(page).toContain('<title>memwall: eviction policies on talk.jsonl</title>')
    expect(page).not.toMatch(/\ssrc=|https?:\/\/(?!www\.w3\.org)/)
    expect(page.match(/<script[^>]*>/g)).toEqual(['<script>'])
  })

  it('prints JSON with the trace and each result beside LRU and Belady', () => {
    const printed = json('--trace', 'talk.jsonl', '--capacity', '10', '--policies', 'arc')
    expect(printed.trace).toMatchObject({
      requests: 60,
      blockReferences: 240,
      distinctBlocks: 30,
      ceilingHitRate: 210 / 240,
    })
    expect(printed.results.map(({ policy }) => policy).sort()).toEqual(['arc', 'belady', 'lru'])
    const [arc, lru, belady] = ['arc', 'lru', 'belady'].map((name) => hitsOf(printed, name, 10)) as [
      number,
      number,
      number,
    ]
    for (const { policy, capacityBlocks, prefixHitRate, headroomShare, anyBlockHitRate } of printed.results) {
      expect(capacityBlocks).toBe(10)
      expect(prefixHitRate).toBeLessThanOrEqual(anyBlockHitRate)
      const expected = policy === 'lru' ? 0 : policy === 'belady' ? 1 : (arc - lru) / (belady - lru)
      expect(headroomShare).toBeCloseTo(expected, 12)
    }
  })

  it('writes CSV with a row a policy and size, names quoted', () => {
    const { read } = policies('--trace', 'talk.jsonl', '--capacity', '5,10', '--policies', './mine.js')
    const lines = read('policies.csv').split('\r\n')
    expect(lines.pop()).toBe('')
    const [head, ...body] = lines.map(csvCells)
    expect(head!.slice(0, 3)).toEqual(['policy', 'capacityBlocks', 'foresees'])
    expect(body.every(({ length }) => length === head!.length)).toBe(true)
    expect(body.map(([policy, capacity]) => `${policy} ${capacity}`).sort()).toEqual(
      ['belady 10', 'belady 5', 'lru 10', 'lru 5', 'mine, "first" 10', 'mine, "first" 5'].sort(),
    )
    const { results } = JSON.parse(read('policies.json')) as Printed
    for (const cells of body) {
      const row = Object.fromEntries(head!.map((name, at) => [name, cells[at]!]))
      const own = results.find((one) => one.policy === row.policy && one.capacityBlocks === Number(row.capacityBlocks))!
      expect(Number(row.anyBlockHitRate)).toBe(own.anyBlockHitRate)
      expect(row.foresees).toBe(String(row.policy === 'belady'))
    }
  })

  it('writes the same CSV again, byte for byte', () => {
    const csv = (): string => policies('--trace', 'talk.jsonl', '--capacity', '5,10').read('policies.csv')
    expect(csv()).toBe(csv())
  })

  it('writes every chart as an SVG file, named by its section, and refuses a folder that cannot be', () => {
    const { status } = policies('--trace', 'talk.jsonl', '--capacity', '5', '--policies', 'lru', '--svg', 'charts')
    expect(status).toBe(0)
    const names = readdirSync(join(here, 'charts')).sort()
    expect(names).toEqual(['capacity.svg', 'reuse-distances.svg', 'reuse-times.svg', 'size.svg'])
    for (const name of names) expect(readFileSync(join(here, 'charts', name), 'utf8')).not.toContain('var(')
    const refused = policies('--trace', 'talk.jsonl', '--svg', 'talk.jsonl')
    expect([refused.status, refused.written]).toEqual([2, false])
    expect(refused.stderr).toContain('--svg: "talk.jsonl" is a file')
  })

  it('takes sizes from the trace where none are given, and far larger ones', () => {
    const shares = json('--trace', 'talk.jsonl', '--policies', 'lru')
    expect([...new Set(shares.results.map(({ capacityBlocks }) => capacityBlocks))]).toEqual([1, 2, 6])
    const large = json('--trace', 'talk.jsonl', '--policies', 'arc,2q', '--capacity', '50G')
    for (const { anyBlockHitRate, headroomShare } of large.results) {
      expect(anyBlockHitRate).toBe(210 / 240)
      expect(headroomShare).toBeNull()
    }
  })

  it('runs a policy from a file, with a parameter too', () => {
    const named = 'mine, "first"'
    const printed = json(
      '--trace',
      'talk.jsonl',
      '--capacity',
      '10,20',
      '--policies',
      './mine.js,./mine.js:share=1,fifo',
    )
    for (const capacity of [10, 20]) {
      expect(hitsOf(printed, named, capacity)).toBe(fifoHits(references, capacity) / 240)
      expect(hitsOf(printed, named, capacity)).toBe(hitsOf(printed, 'fifo', capacity))
      expect(hitsOf(printed, `${named}:share=1`, capacity)).toBe(hitsOf(printed, 'fifo', capacity))
    }
  })

  it('takes a parameter by name', () => {
    const printed = json('--trace', 'ids.txt', '--capacity', '8', '--policies', 'lru-k:k=1,lru-k:k=3')
    expect(printed.results.map(({ policy }) => policy).sort()).toEqual(['belady', 'lru', 'lru-k:k=1', 'lru-k:k=3'])
    // The last use alone counts: that is LRU.
    expect(hitsOf(printed, 'lru-k:k=1', 8)).toBe(hitsOf(printed, 'lru', 8))
  })

  it('leaves out of all policies those that must know more than plain ids tell, and says so', () => {
    const printed = json('--trace', 'ids.txt', '--capacity', '8')
    const names = printed.results.map(({ policy }) => policy)
    expect(names).toContain('arc')
    for (const name of ['leaf-lru', 'flop-aware', 'prefix-belady', 'steps-to-reuse']) {
      expect(names).not.toContain(name)
      expect(printed.trace.notes.at(-1)).toMatch(new RegExp(`^Left out, since .*\\b${name}\\b`))
    }
    expect(hitsOf(printed, 'fifo', 8)).toBe(fifoHits(ids, 8) / 200)
  })

  it('touches from the tail when asked', () => {
    const tail = json('--trace', 'talk.jsonl', '--capacity', '10', '--policies', 'fifo', '--touch', 'tail')
    const turned = rows.flatMap(({ hash_ids }) => hash_ids.toReversed())
    expect(hitsOf(tail, 'fifo', 10)).toBe(fifoHits(turned, 10) / 240)
    expect(fifoHits(turned, 10)).not.toBe(fifoHits(references, 10))
  })

  it('puts the HBM of several GPUs above a warehouse', () => {
    const given = ['--trace', 'talk.jsonl', '--capacity', '10', '--policies', 'lru', '--gpus', '2']
    const printed = json(...given, '--router', 'round-robin', '--warehouse-blocks', '12', '--warehouse-policy', 'fifo')
    expect(printed.twoTier.map(({ hbmPolicy }) => hbmPolicy)).toEqual(['lru', 'belady'])
    for (const one of printed.twoTier) {
      expect(one).toMatchObject({ gpus: 2, router: 'round-robin', hbmBlocks: 10, warehousePolicy: 'fifo' })
      expect(one).toMatchObject({ warehouseBlocks: 12, references: 240 })
    }
    const { status, stdout, read } = policies(...given)
    expect(status).toBe(0)
    expect(stdout).toContain('Two tiers: 2 GPUs, session-affine, above a warehouse that holds everything under lru')
    expect(read('policies.html')).toContain('<section id="tiers">')
    const affine = JSON.parse(read('policies.json')) as Printed
    for (const { hbmAnyHits, warehouseAnyHits } of affine.twoTier) expect(hbmAnyHits! + warehouseAnyHits!).toBe(210)
  })

  it('counts bad rows when asked to skip them', () => {
    const skipping = json('--trace', 'bad.jsonl', '--capacity', '2', '--policies', 'lru', '--skip-bad-rows')
    expect(skipping.trace).toMatchObject({ requests: 1, skippedRows: 1 })
  })
})

describe('bad input ends in one line and exit code 2, with nothing written', () => {
  const talk = ['--trace', 'talk.jsonl', '--capacity', '5']
  const one = (policy: string): string[] => [...talk, '--policies', policy]
  const cases: [title: string, args: string[], expected: RegExp][] = [
    ['no trace', [], /^--trace: is missing\./],
    ['a trace and a pool log', [...talk, '--pool-log', 'x'], /^--pool-log: and --trace are two things\./],
    ['a trace that is not there', ['--trace', 'nowhere'], /^nowhere: no such file/],
    ['a bad row', ['--trace', 'bad.jsonl'], /bad\.jsonl:2: not JSON/],
    ['no size', ['--trace', 'talk.jsonl', '--capacity', '0'], /^--capacity: is 0\. It must be a whole number/],
    ['a size that is no number', ['--trace', 'talk.jsonl', '--capacity', '5,x'], /^--capacity: "x" is no count/],
    ['an unknown policy', one('lur'), /^--policies: unknown policy "lur"\. Did you mean "lru"\?/],
    ['an empty policy', one('lru,,arc'), /^--policies: names an empty policy/],
    [
      'an unknown parameter',
      one('lru-k:j=3'),
      /^--policies: unknown parameter of lru-k "j"\. .*Known: k, historyShare/,
    ],
    ['a parameter of none', one('lru:k=3'), /^--policies: "lru" has no parameter "k"/],
    ['a parameter out of range', one('lru-k:k=9'), /^--policies: "k" of lru-k is "9"\. Give a number from 1 to 8\./],
    ['a parameter without a value', one('lru-k:k='), /^--policies: "k" of lru-k is ""/],
    ['a parameter out of range of a file', one('./mine.js:share=2'), /"share" of mine, "first" is "2"\. .* 0 to 1\./],
    ['an order', [...talk, '--touch', 'tial'], /^--touch: unknown order "tial"\. Did you mean "tail"\?/],
    ['a router alone', [...talk, '--router', 'round-robin'], /^--router: is about two tiers\. Give --gpus too\./],
    ['a router', [...talk, '--gpus', '2', '--router', 'robin'], /^--router: unknown router "robin"/],
    ['a policy of the warehouse', [...talk, '--gpus', '2', '--warehouse-policy', 'x'], /^--warehouse-policy: unknown/],
    ['no GPU', [...talk, '--gpus', '0'], /^--gpus: is 0/],
    ['sessions of a timed trace', [...talk, '--sessions', '4'], /^--sessions: .* has no conversations/],
    [
      'a policy that must know prefixes',
      ['--trace', 'ids.txt', '--policies', 'lru,leaf-lru'],
      /"leaf-lru" must know the block before/,
    ],
    ['a file that is not there', one('./nowhere.js'), /^--policies: "\.\/nowhere\.js" is no file/],
    ['a file without a policy', one('./nothing.js'), /^\.\/nothing\.js: exports 0 objects\./],
    ['a file with two', one('./two.js'), /^\.\/two\.js: exports 2 objects\. Export one policy/],
    ['a policy without create', one('./no-create.js'), /^\.\/no-create\.js create: must be a function/],
    ['a file that throws', one('./throws.js'), /^\.\/throws\.js: cannot be loaded: not today\. Mend the module\./],
    ['a policy called like LRU', one('./namesake.js'), /^--policies: two policies are called "lru"/],
  ]

  it.each(cases)('%s', async (_title, args, expected) => {
    const refusal = await refused(args)
    expect(refusal.message).toMatch(expected)
    expect(refusal.message).not.toContain('\n')
    expect(refusal.code).toBe('badInput')
  })

  const onCommandLine: typeof cases = [
    ['a parameter out of range', one('lru-k:k=9'), /^--policies: "k" of lru-k is "9"/],
    ['a bad row', ['--trace', 'bad.jsonl'], /bad\.jsonl:2: not JSON/],
    ['a file that throws', one('./throws.js'), /^\.\/throws\.js: cannot be loaded: not today/],
    ['a file that is no JavaScript', one('./syntax.js'), /^\.\/syntax\.js: cannot be loaded: /],
    [
      'a policy without victim',
      one('./no-victim.js'),
      /no-victim\.js: its create\(\) gives no victim\(\)\. It must give/,
    ],
    ['a policy that names no slot', one('./no-slot.js'), /^--policies: a victim is slot -1, which is none of 5/],
  ]

  it.each(onCommandLine)('%s, on the command line', (_title, args, expected) => {
    const { status, stdout, stderr, written } = policies(...args)
    // A bar that has begun is there where only a thread can find out.
    const lines = stderr.split(/[\r\n]/).filter((text) => text !== '' && !/[█░]/.test(text))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(expected)
    expect(status).toBe(exitCodes.badInput)
    expect(stdout).toBe('')
    expect(written).toBe(false)
  })
})

/** The refusal of the command in this process, which is quicker; nothing may be written. */
async function refused(args: readonly string[]): Promise<MemwallError> {
  const before = process.cwd()
  const parent = join(here, `out-${++runs}`)
  mkdirSync(parent)
  process.chdir(here)
  try {
    await policiesCommand({ ...optionsOf(args), out: join(parent, 'lab') })
  } catch (error) {
    expect(error).toBeInstanceOf(MemwallError)
    return error as MemwallError
  } finally {
    process.chdir(before)
    expect(readdirSync(parent)).toEqual([])
  }
  throw new Error('was not refused')
}

function optionsOf(args: readonly string[]): PoliciesOptions {
  const flags = args.filter((_, at) => at % 2 === 0)
  const camelCase = (flag: string): string =>
    flag.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  return Object.fromEntries(flags.map((flag, at) => [camelCase(flag), args[2 * at + 1]!]))
}

/** Cells of a line of CSV, RFC 4180. */
function csvCells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!,
  )
}
