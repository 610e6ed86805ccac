import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { claimsSchema } from '../../src/report/claims/schema.ts'

const cli = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'memwall-verify-'))
afterAll(() => rmSync(folder, { recursive: true }))

function memwall(...args: string[]) {
  const env = { ...process.env, NO_COLOR: '1', XDG_CACHE_HOME: join(folder, 'cache') }
  return spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8', env })
}

function file(name: string, ...lines: string[]): string {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
  return name
}

const own = [
  'id: mine',
  'who: me',
  'where: here',
  'when: 2026',
  'source: none',
  'statement: A warehouse is worth something.',
  'claimed: { text: 1.2×, value: 1.2, unit: × }',
  'conditions: { stated: [], left-out: [the load] }',
  'experiment:',
  '  workload: agentic-coding',
  '  params: { conversations: 20, turnsMedian: 8 }',
  '  gpu: b300',
  '  arms: [hbm-only, local-dram, warehouse]',
  '  sessions-per-replica: 8',
  '  requests: 60',
  'sweep: sessions-per-replica=1,8,24',
  'tolerance: 0',
]

describe('verify', () => {
  test('a claim that is arithmetic: value, region and files', () => {
    const { status, stdout } = memwall('verify', 'weka-documents', '--out', 'out', '--json')
    expect(status).toBe(0)
    const { claims } = JSON.parse(stdout)
    expect(claims).toHaveLength(1)
    expect(claims[0]).toMatchObject({ id: 'weka-documents', verdict: 'holdsWhen', trust: 'arithmetic' })
    // (288 × 0.9 − 141.2) GB of room for contexts of 32.8 GB.
    expect(claims[0].measured.value).toBeCloseTo((288 * 0.9 - 141.2) / 32.768, 2)
    for (const name of ['claims.html', 'claims.md', 'claims.json', 'claims.junit.xml']) {
      expect(existsSync(join(folder, 'out', name)), name).toBe(true)
    }
    claimsSchema.parse(JSON.parse(readFileSync(join(folder, 'out/claims.json'), 'utf8')))
  })

  test('a claim of one’s own: verdict by load, in a deployment, with its card; the same from the cache', () => {
    const path = file('mine.yaml', ...own, 'metric: multiplier.warehouse.value >= 1.2')
    const there = file('there.yaml', 'gpu: b300', 'gpus: 4', 'sessions-per-replica: 12', 'dram: 64 GB a GPU')
    const args = ['verify', path, '--quick', '--deployment', there, '--json', '--out', 'mine']
    const [first, second] = [memwall(...args), memwall(...args)]
    expect(first.status).toBe(0)
    const [claim] = JSON.parse(first.stdout).claims
    expect(claim.curves[0].points.map(({ at }: { at: string }) => at)).toEqual(['1', '8', '24'])
    // One conversation on a GPU: nothing to gain, whatever is stored.
    expect(claim.curves[0].points[0].decided).toBe('false')
    expect(claim.verdict).toBe('holdsWhen')
    // A quick look leaves the strongest baseline out.
    expect(claim.againstStrongest).toBeNull()
    expect(claim.there).toMatchObject({ against: 'local-dram', holds: expect.any(Boolean) })
    expect(claim.there.usdPerDay.low).toBeLessThanOrEqual(claim.there.usdPerDay.high)
    expect(claim.there.assumed).toContain('model: llama-3.1-70b')
    const { card } = JSON.parse(first.stdout)
    expect(card).toMatchObject({ claim: 'mine', claimed: 1.2, load: 12, against: 'local-dram', dram: '64 GB a GPU' })
    expect(Object.keys(card.loads[0].arms)).toEqual(['hbm-only', 'local-dram', 'warehouse'])
    const timeless = (text: string) => ({ ...JSON.parse(text), createdAt: '', seconds: 0 })
    expect(timeless(second.stdout)).toEqual(timeless(first.stdout))
  })

  test('a required claim that does not hold fails', () => {
    const path = file('hard.yaml', ...own, 'require: true', 'metric: multiplier.warehouse.value >= 100')
    expect(memwall('verify', path, '--quick', '--out', 'hard').status).toBe(1)
    const easy = file('easy.yaml', ...own, 'require: true', 'metric: wall.contextsThatFit >= 1')
    expect(memwall('verify', easy, '--quick', '--out', 'hard').status).toBe(0)
  })

  test.each([
    [['verify', 'weka-4.3x'], /unknown claim "weka-4.3x". Did you mean "weka-4.2x"\?/],
    [['verify', 'weka-documents', '--deployment', 'none.yaml'], /none.yaml: cannot be read/],
    [['verify', 'weka-documents', 'weka-documents'], /twice/],
    [['verify', 'weka-documents', '--out', 'mine.yaml'], /is a file/],
  ])('bad input is one line and exit code 2: %j', (args, message) => {
    const { status, stdout, stderr } = memwall(...(args as string[]))
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  test.each([
    ['gpu: h1000', /h1000/],
    ['count: 3', /there.yaml count: unknown key. Did you mean "gpus"/],
    ['dram: 64 gb a GPU', /which byte/],
    ['dram: 64 GB', /there.yaml dram: .*Write "64 GB a host" or "64 GB a GPU"/],
    ['prices: { gpuHourUsd: { b300: cheap } }', /there.yaml prices/],
  ])('a deployment with %s is refused before any work', (line, message) => {
    const { status, stderr } = memwall('verify', 'weka-documents', '--deployment', file('there.yaml', line))
    expect(status).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  test('a condition that reads what is not there is told with the claim', () => {
    const path = file('odd.yaml', ...own, 'metric: multiplier.warehose.value >= 2')
    const { status, stderr } = memwall('verify', path, '--quick', '--out', 'odd')
    expect(status).toBe(2)
    expect(stderr).toMatch(/claim mine: reads multiplier\["warehose"\], which is none of its arms/)
  })

  test('what only a thread finds to be wrong is told like any bad input', () => {
    const lines = own
      .map((line) => line.replace('agentic-coding', 'pdf-template').replace('b300', 'b200'))
      .filter((line) => !/params/.test(line))
    const path = file('short.yaml', ...lines, 'metric: multiplier.warehouse.value >= 2')
    const { status, stderr } = memwall('verify', path, '--quick', '--out', 'short')
    expect(status).toBe(2)
    expect(stderr).toMatch(/^pdf-template: no request fits/m)
  })
})
