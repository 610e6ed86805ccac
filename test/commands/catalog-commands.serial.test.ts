import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const bin = fileURLToPath(new URL('../../bin/memwall.js', import.meta.url))
const here = mkdtempSync(join(tmpdir(), 'memwall-'))
afterAll(() => rmSync(here, { recursive: true }))

function memwall(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { cwd: here, encoding: 'utf8' })
  return { status, stdout, stderr }
}

function json(...args: string[]) {
  const { status, stdout, stderr } = memwall(...args, '--json')
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return JSON.parse(stdout)
}

describe('bad input of the catalogue’s commands ends in one line and exit code 2', () => {
  test.each<[string, string[], RegExp]>([
    ['an unknown GPU', ['wall', '--gpu', 'b30'], /--gpu: unknown GPU "b30"\. Did you mean "b300"\?/],
    ['a GPU cut short', ['wall', '--gpu', 'h100'], /Did you mean "h100-sxm"\?/],
    [
      'an unknown model',
      ['predict', '--model', 'llama-3.1-7b'],
      /--model: unknown model .* Did you mean "llama-3\.1-70b"\?|8b/,
    ],
    ['an unknown link', ['predict', '--link', 'weka'], /--link: unknown link "weka"\. Did you mean "weka-amg"\?/],
    [
      'weights that do not fit',
      ['predict', '--gpu', 'h100-sxm'],
      /--gpu: llama-3\.1-70b in bf16 takes 141 GB .* Give --tp 2/,
    ],
    ['weights that do not fit the wall', ['wall', '--gpu', 'l40s'], /--gpu: llama-3\.1-70b in bf16 takes 141 GB/],
    ['a split that heads do not take', ['wall', '--tp', '3'], /--tp: llama-3\.1-70b cannot be split over 3 GPUs/],
    ['half a GPU', ['wall', '--tp', '0.5'], /--tp: is 0\.5; it must be a whole number/],
    ['a context in bytes', ['wall', '--context', '10GB'], /--context: "10GB" is no count/],
    ['no context', ['wall', '--context', '0'], /--context: is 0/],
    ['a link in bytes', ['predict', '--link', '40GB,1ms'], /--link: "40GB" has a unit that does not fit/],
    ['a link without latency', ['predict', '--link', '40GB/s'], /--link: "40GB\/s" is no rate and latency/],
    ['an ambiguous byte', ['predict', '--link', '40gb/s,1ms'], /--link: "40gb\/s" does not say which byte/],
    [
      'an unknown format',
      ['predict', '--weights', 'fp4'],
      /--weights: unknown weight format "fp4"\. Did you mean "fp8"\?/,
    ],
    ['an unknown KV format', ['wall', '--kv', 'int4'], /--kv: unknown KV format "int4"/],
    ['a missing catalogue', ['list', 'gpus', '--catalog', 'nowhere'], /--catalog: no folder "nowhere"/],
    ['missing points', ['predict', '--points', 'nowhere.csv'], /--points: cannot read nowhere\.csv/],
    ['a context that HBM cannot hold', ['predict', '--context', '500k'], /--context: 500,000 tokens do not fit/],
  ])('%s', (_title, args, expected) => {
    const { status, stdout, stderr } = memwall(...args)
    expect(stderr).toMatch(expected)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(status).toBe(2)
    expect(stdout).toBe('')
  })
})

describe('wall', () => {
  test('has the pair asked for first, then every model on every GPU', () => {
    const { rows } = json('wall', '--model', 'llama-3.1-70b', '--gpu', 'b300', '--context', '100k')
    expect(rows[0]).toEqual({
      model: 'llama-3.1-70b',
      gpu: 'b300',
      tensorParallel: 1,
      weightBytes: 141.2e9,
      kvBytesPerToken: 327_680,
      kvBytesPerContext: 32_768_000_000,
      contextsThatFit: 3,
    })
    expect(rows).toHaveLength(7 * 9)
    expect(new Set(rows.map(({ model, gpu }: Record<string, string>) => `${model} ${gpu}`)).size).toBe(63)
  })

  test('shows a decimal, fits 100 columns, and says what weights need', () => {
    const { stdout } = memwall('wall')
    expect(stdout).toMatch(/contexts that fit {2}3\.6\n/)
    expect(stdout).toMatch(/^qwen3-32b \* .*\n(.*\n)+\* the model takes less than 100,000 tokens\n$/m)
    expect(memwall('wall', '--context', '32k').stdout).not.toContain('*')
    expect(stdout).toMatch(/llama-3\.1-70b +tp 2 +tp 2 +tp 2 +tp 2 +0\.6 +3\.6 +1\.0 +3\.6 +tp 4\n/)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  test('in fp8 KV holds twice as many', () => {
    const [bf16, fp8] = ['bf16', 'fp8'].map((kv) => json('wall', '--kv', kv).rows[0])
    expect(fp8.kvBytesPerContext).toBe(bf16.kvBytesPerContext / 2)
    expect(fp8.contextsThatFit).toBe(7)
  })
})

describe('predict', () => {
  const args = [
    'predict',
    '--gpu',
    'h100-sxm',
    '--tp',
    '8',
    '--weights',
    'fp8',
    '--model',
    'llama-3.1-70b',
    '--context',
    '32000',
  ]

  test('gives TTFT with its ranges and the break-even', () => {
    const prediction = json(...args, '--link', 'weka-amg')
    for (const key of ['hbmHit', 'fetch', 'recompute']) {
      const { value, low, high } = prediction[key]
      expect(low).toBeLessThan(value)
      expect(value).toBeLessThan(high)
    }
    expect(prediction.hbmHit.value).toBeLessThan(prediction.fetch.value)
    expect(prediction.recompute.value).toBeCloseTo(1392, 0)
    expect(prediction.breakEven.contextTokens).toBeGreaterThan(1)
    const { stdout } = memwall(...args)
    expect(stdout).toMatch(/in HBM .*\n {2}fetched .*\n {2}recomputed/)
    expect(stdout).toMatch(/Break-even: A fetch is faster from \d+ tokens on\./)
    expect(stdout).toMatch(/Assumed: weights in fp8/)
  })

  test('takes a link of one’s own, a catalogue and measured points', () => {
    expect(json(...args, '--link', '1GB/s,3ms').fetch.value).toBeGreaterThan(
      json(...args, '--link', '8GB/s,3ms').fetch.value,
    )
    writeFileSync(
      join(here, 'links.yaml'),
      '- { name: mine, readPerGpu: 1 GB/s, writePerGpu: 1 GB/s, latency: 3 ms, source: me }\n',
    )
    expect(json(...args, '--catalog', '.', '--link', 'mine').fetch).toEqual(json(...args, '--link', '1GB/s,3ms').fetch)
    writeFileSync(join(here, 'points.csv'), 'context_tokens,seconds\n8000,0.6\n32000,2.8\n')
    const measured = json(...args, '--points', 'points.csv')
    expect(measured.recompute.value).toBeCloseTo(20 + 2800, -1)
    expect(measured.measured.points).toBe(2)
  })
})

test('list shows the catalogue, all of it as JSON, with the user’s entries', () => {
  for (const [family, count] of [
    ['gpus', 9],
    ['models', 7],
    ['links', 8],
  ] as const) {
    const members = json('list', family)
    expect(members).toHaveLength(count)
    for (const { name, summary, source } of members)
      expect([name, summary, source].every((text) => text.length > 2)).toBe(true)
    expect(memwall('list', family).stdout.trim().split('\n')).toHaveLength(2 * count)
  }
  expect(json('list', 'gpus')[0]).toMatchObject({
    bf16TflopsPerSecond: 312,
    hbmBytes: 80e9,
    hbmBytesPerSecond: 2.04e12,
  })
  expect(json('list', 'links').find(({ name }: { name: string }) => name === 'weka-amg')).toMatchObject({
    perGpu: { readBytesPerSecond: 37.5e9, writeBytesPerSecond: 18.75e9 },
    latencyMs: 0.5,
    host: { gpus: 8, readBytesPerSecond: 300e9 },
  })
  expect(json('list', 'models')[0]).toMatchObject({ kvBytesPerToken: 131_072, maxContextTokens: 131_072 })
  writeFileSync(
    join(here, 'gpus.yaml'),
    '- { name: mine, bf16TflopsPerSecond: 1, hbm: 1 GB, hbmBandwidth: 1 GB/s, interconnect: 1 GB/s, gemmAttainableShare: 1, attentionAttainableShare: 1, source: me }\n',
  )
  expect(json('list', 'gpus', '--catalog', '.').at(-1).name).toBe('mine')
})

test('validate prints its rows and their statistics', () => {
  const { rows, medianRelativeError, worstRelativeError, byKind } = json('validate')
  for (const row of rows) {
    expect(row).toMatchObject({
      id: expect.any(String),
      metric: expect.any(String),
      unit: expect.any(String),
      published: expect.any(Number),
      source: expect.any(String),
      role: expect.stringMatching(/^(fit|test|derived|unexplained)$/),
    })
  }
  const independent = rows.filter(({ role }: { readonly role: string }) => role === 'test')
  expect(independent).toHaveLength(8)
  expect(medianRelativeError).toBeLessThan(worstRelativeError)
  expect(byKind.map(({ kind }: { readonly kind: string }) => kind)).toEqual(['fetch', 'speedup'])
  const { status, stdout } = memwall('validate')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^8 independent times of single requests on an idle engine: median error/)
  expect(stdout).toContain('\n  recomputed: no independent row\n')
  expect(stdout).toContain('loaded figures are not validated')
  expect(stdout).toMatch(/\nderived: .*\n {2}on the curve between lengths/)
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
})
