import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, test } from 'vitest'
import { loadCatalog, readGpu, readLink, readModel } from '../../src/catalog/catalog.ts'
import { kvBytesPerTokenOf, sequenceKvBytes } from '../../src/catalog/formats.ts'
import { poolTokensOf, rooflineCost } from '../../src/plan/roofline.ts'

const catalog = loadCatalog()

const here = mkdtempSync(join(tmpdir(), 'memwall-catalog-'))
afterAll(() => rmSync(here, { recursive: true }))

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(here, 'dir-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

test('the default target has the published sizes', () => {
  const gpu = readGpu('b300')
  const model = readModel('llama-3.1-70b')
  const cost = rooflineCost(gpu, model)
  expect(cost.kvBytesPerToken).toBe(327_680)
  expect(cost.kvBytesPerToken * 100_000).toBeCloseTo(32.8e9, -8)
  expect((cost.layerFlopsPerToken + cost.projectionFlopsPerRow) / 2).toBeCloseTo(69.5e9, 0)
  // 288 GB less a tenth and 141.2 GB of weights: 3.6 contexts of 100,000 tokens.
  expect(poolTokensOf(gpu, model) / 100_000).toBeCloseTo(3.6, 2)
  expect(readLink('weka-amg')).toMatchObject({ readPerGpu: 37.5e6, latency: 0.5, host: { gpus: 8, read: 300e6 } })
  expect(readLink('pcie5-x16').readPerGpu).toBeCloseTo(54.4e6, 3)
})

describe('the catalogue', () => {
  it('has every GPU, model and link of the published tables', () => {
    expect(catalog.gpus.map(({ name }) => name).sort()).toEqual(
      ['a100-80g', 'b200', 'b300', 'h100-sxm', 'h20', 'h200', 'l40s', 'mi300x', 'mi355x'].sort(),
    )
    expect(catalog.models).toHaveLength(7)
    expect(catalog.links).toHaveLength(8)
  })

  it.each([
    ['llama-3.1-8b', 131_072],
    ['llama-3.1-70b', 327_680],
    ['llama-3.3-70b', 327_680],
    ['llama-3.1-405b', 516_096],
    ['qwen3-32b', 262_144],
    ['qwen3-30b-a3b', 98_304],
    ['deepseek-v3', 70_272],
    ['deepseek-r1', 70_272],
    ['gpt-oss-120b', 36_864],
  ])('%s has %d KV bytes a token in bf16', (name, bytes) => {
    expect(kvBytesPerTokenOf(catalog.model(name), 'bf16')).toBe(bytes)
    expect(kvBytesPerTokenOf(catalog.model(name), 'fp8')).toBe(bytes / 2)
  })

  it('keeps a scale for each token and head in int8, keys and values apart', () => {
    // 2 × 80 layers × 8 heads × (128 + 2)
    expect(kvBytesPerTokenOf(catalog.model('llama-3.1-70b'), 'int8')).toBe(166_400)
    // 61 layers × (512 + 64 + 2)
    expect(kvBytesPerTokenOf(catalog.model('deepseek-v3'), 'int8')).toBe(35_258)
  })

  it('has the footprints of long contexts', () => {
    const gigabytes = (name: string, tokens: number): number =>
      sequenceKvBytes(catalog.model(name), 'bf16', tokens) / 1e9
    expect(gigabytes('llama-3.1-8b', 100_000)).toBeCloseTo(13.1, 1)
    expect(gigabytes('llama-3.1-70b', 100_000)).toBeCloseTo(32.8, 1)
    expect(gigabytes('llama-3.1-405b', 100_000)).toBeCloseTo(51.6, 1)
    expect(gigabytes('deepseek-v3', 100_000)).toBeCloseTo(7.0, 1)
    expect(gigabytes('llama-3.1-70b', 131_072)).toBeCloseTo(42.9, 1)
    // 18 layers with a window of 128: 128 × 36,864 bytes on top.
    expect(gigabytes('gpt-oss-120b', 100_000)).toBeCloseTo(3.6864 + 0.004_718_592, 9)
  })
})

describe('names', () => {
  it('are guessed where they are unknown', () => {
    expect(() => readGpu('b30')).toThrow('--gpu: unknown GPU "b30". Did you mean "b300"? Known: ')
    expect(() => catalog.model('lama-3.1-70b')).toThrow('Did you mean "llama-3.1-70b"?')
    expect(() => catalog.link('weka-agm')).toThrow('Did you mean "weka-amg"?')
  })

  it('of a link may be its rate and latency', () => {
    expect(catalog.link('40GB/s,0.3ms')).toMatchObject({ readPerGpu: 40e6, writePerGpu: 20e6, latency: 0.3 })
    expect(catalog.link('40 GB/s, 0.3 ms')).toMatchObject({ name: '40GB/s,0.3ms' })
    for (const wrong of ['40GB/s', '40GB,0.3ms', '0GB/s,1ms', '40GB/s,3', '40GB/s,1ms,2', '-4GB/s,1ms'])
      expect(() => catalog.link(wrong), wrong).toThrow(/^--link: /)
  })
})

describe('a user’s folder', () => {
  const own = '{ name: mine, readPerGpu: 10 GB/s, writePerGpu: 5 GB/s, latency: 1 ms, source: measured }'

  it('adds entries and overrides those of the same name', () => {
    const folder = folderWith({
      'links.yaml': `- ${own}\n- ${own.replace('mine', 'weka-amg')}\n`,
      'assumptions.yaml': 'gemmBf16Share: { low: 0.2, value: 0.3, high: 0.4, reason: measured }\n',
    })
    const joined = loadCatalog(folder)
    expect(joined.link('mine').readPerGpu).toBe(10e6)
    expect(joined.link('weka-amg').readPerGpu).toBe(10e6)
    expect(joined.links).toHaveLength(9)
    expect(joined.gpus).toEqual(catalog.gpus)
    expect(joined.assumptions.gemmBf16Share.value).toBe(0.3)
    expect(joined.assumptions.stepOverheadMs).toEqual(catalog.assumptions.stepOverheadMs)
    expect(catalog.link('weka-amg').readPerGpu).toBe(37.5e6)
  })

  it.each<[string, string, string, RegExp]>([
    ['a wrong unit', 'links.yaml', `- ${own.replace('1 ms', '1 GB')}`, /links\.yaml "mine" latency: .*unit/],
    ['a bare number', 'links.yaml', `- ${own.replace('1 ms', '1')}`, /links\.yaml "mine" latency: must be a quantity/],
    ['an unknown key', 'links.yaml', `- ${own.replace('source', 'sauce')}`, /links\.yaml "mine" s(auce|ource): /],
    ['a missing name', 'links.yaml', `- ${own.replace('name: mine,', '')}`, /links\.yaml entry 1 name: /],
    ['a mapping', 'links.yaml', 'mine: {}', /links\.yaml: is no list/],
    ['one name twice', 'links.yaml', `- ${own}\n- ${own}`, /links\.yaml "mine": is there twice/],
    ['broken YAML', 'gpus.yaml', '- name: [a\n', /gpus\.yaml:\d: /],
    [
      'a range upside down',
      'assumptions.yaml',
      'gemmBf16Share: { low: 1, value: 0.5, high: 1, reason: x }',
      /gemmBf16Share: must be in the order/,
    ],
    [
      'heads that nothing splits',
      'models.yaml',
      '- { name: m, layers: 2, dModel: 64, heads: 3, kvHeads: 2, headDim: 8, vocabulary: 9, parameters: 1e6, maxContextTokens: 9, source: x }',
      /models\.yaml "m" kvHeads: must divide heads/,
    ],
  ])('with %s is refused in one line', (_title, name, text, expected) => {
    const folder = folderWith({ [name]: text })
    expect(() => loadCatalog(folder)).toThrow(expected)
    try {
      loadCatalog(folder)
    } catch (error) {
      expect((error as Error).message).not.toContain('\n')
    }
  })

  it('that is none, or holds nothing, is refused', () => {
    expect(() => loadCatalog(join(here, 'nowhere'))).toThrow('--catalog: no folder')
    expect(() => loadCatalog(folderWith({}))).toThrow('--catalog: nothing of a catalogue')
  })
})
