import { describe, expect, it } from 'vitest'
import { Collector } from '../../src/account/collector.ts'
import { armMetrics } from '../../src/account/metrics.ts'
import { lru } from '../../src/cache/policies/lru.ts'
import { readGpu, readLink, readModel } from '../../src/catalog/catalog.ts'
import { MemwallError } from '../../src/errors.ts'
import { armInput, type RunSettings } from '../../src/experiment/arm-input.ts'
import { type ArmShape, parseArm, type TierOptions } from '../../src/experiment/arms/arm.ts'
import { arms, byArmOrder, defaultArms } from '../../src/experiment/arms/registry.ts'
import { type Deployment, targetDefaults, targetDeployment } from '../../src/experiment/scale/deployment.ts'
import { fcfs } from '../../src/plan/admission/fcfs.ts'
import { planTimeline } from '../../src/plan/plan-arm.ts'
import type { Load, PlanInput } from '../../src/plan/plan-input.ts'
import { sessionAffine } from '../../src/plan/router/session-affine.ts'
import { compilePool } from '../../src/workload/pool.ts'
import type { Conversation } from '../../src/workload/workload.ts'

const blockTokens = 64
const deployment = targetDeployment(
  {
    gpu: readGpu('b300'),
    model: readModel('llama-3.1-70b'),
    warehouseLink: readLink('weka-amg'),
    dramLink: readLink('pcie5-x16'),
    contextTokens: 10_000,
    maxContextTokens: 131_072,
    dramBytes: 256e9,
    ...targetDefaults(),
  },
  blockTokens,
)
/** 327,680 bytes a token. */
const blockBytes = 20_971_520
const tiers: TierOptions = {
  warehouseBytes: undefined,
  policies: { hbm: lru, dram: lru, warehouse: lru },
  byteScale: 1,
}

const parse = (text: string) => parseArm(text, '--arms', arms)

function shapeOf(text: string, options: Partial<TierOptions> = {}, at: Partial<Deployment> = {}): ArmShape {
  return parse(text).shape({
    deployment: { ...deployment, ...at },
    tiers: { ...tiers, ...options },
    blockTokens,
    replicas: 2,
  })
}

/** Prompts of 6,400 tokens that no two requests share, one token each. */
const conversations = Array.from({ length: 50 }, (_, id): Conversation => {
  const blockHashes = Float64Array.from({ length: 100 }, (_, i) => 1000 * id + i)
  const turn = { blockHashes, sharedBlocks: 0, promptTokens: 6400, outputTokens: 1, keptOutputTokens: 0 }
  return { id: String(id), tenant: '', turns: [{ ...turn, thinkMs: 0, agent: '' }] }
})
const pool = compilePool(conversations, blockTokens)
const closed: Load = { kind: 'closed', seats: 12, start: 'cold', timeScale: 1, thinkCapMs: 1000 }

function inputOf(
  text: string,
  options: { load?: Load; replicas?: number; tiers?: Partial<TierOptions> } = {},
): PlanInput {
  const settings: RunSettings = {
    replicas: options.replicas ?? 2,
    router: sessionAffine,
    admission: fcfs,
    fetch: 'always',
    fetchMode: 'async',
    fetchPart: 'whole',
    tiers: { ...tiers, ...options.tiers },
  }
  const window = { requests: 60, overrunRequests: 0, settleRequests: undefined }
  return armInput(parse(text), deployment, settings, pool, options.load ?? closed, window, 1)
}

function complaint(text: string): MemwallError {
  try {
    shapeOf(text)
  } catch (error) {
    if (error instanceof MemwallError) return error
    throw error
  }
  throw new Error(`"${text}" was taken`)
}

describe('an arm as text', () => {
  it.each(arms)('$name needs no parameter, and is called what it is called', ({ name }) => {
    expect(parse(name).name).toBe(name)
    expect(shapeOf(name)).toBeDefined()
  })

  it('keeps its parameter in its name', () => {
    const texts = ['more-gpus:4', 'more-gpus:1.5x', 'compact-kv:int8', 'local-dram:512GB', 'local-dram: 512 GB ']
    expect(texts.map((text) => parse(text).name)).toEqual([
      'more-gpus:4',
      'more-gpus:1.5x',
      'compact-kv:int8',
      'local-dram:512GB',
      'local-dram:512GB',
    ])
    expect(parse('more-gpus:').name).toBe('more-gpus')
  })

  it('is refused with the known names, or what may be written', () => {
    expect(complaint('warehous').message).toContain('Did you mean "warehouse"?')
    for (const { name } of arms) expect(complaint('gpus').message).toContain(name)
    for (const name of ['hbm-only', 'warehouse', 'infinite-cache', 'infinite-hbm']) {
      expect(complaint(`${name}:2`).message).toContain(`"${name}" takes no parameter, not "2"`)
    }
    for (const parameter of ['0.5', '0', '-2', '17', 'two', 'NaN', 'Infinity', '2xx']) {
      expect(complaint(`more-gpus:${parameter}`).fix).toBe('Write more-gpus:1.5, :2 or :4.')
    }
    for (const parameter of ['fp4', '0', '-0.5', '1.01', '50%', 'FP8']) {
      expect(complaint(`compact-kv:${parameter}`).fix).toBe('Write compact-kv:fp8, :int8 or a ratio such as :0.25.')
    }
    for (const name of ['local-dram', 'dram+warehouse']) {
      expect(complaint(`${name}:512`).message).toContain('has no number with a unit')
      expect(complaint(`${name}:40 gb`).message).toContain('GB is 1e9 bytes, GiB is 2^30')
      expect(complaint(`${name}:1 MB`).message).toContain('hold not one KV block of 21 MB')
    }
    expect(complaint('more-gpus:0').where).toBe('--arms')
  })
})

describe('the order in which arms are shown', () => {
  it('has the baseline first and the ceiling last, whatever their parameters', () => {
    const shuffled = ['infinite-hbm', 'more-gpus:16', 'warehouse', 'more-gpus:4', 'hbm-only', 'compact-kv:0.5']
    expect(shuffled.sort(byArmOrder)).toEqual([
      'hbm-only',
      'more-gpus:4',
      'more-gpus:16',
      'compact-kv:0.5',
      'warehouse',
      'infinite-hbm',
    ])
    const all = arms.map(({ name }) => name).sort(byArmOrder)
    expect([all[0], all.at(-2), all.at(-1)]).toEqual(['hbm-only', 'infinite-cache', 'infinite-hbm'])
  })

  it('knows every arm, and the default ones', () => {
    const names = arms.map(({ name }) => name)
    for (const name of names) expect(byArmOrder('hbm-only', name)).toBeLessThanOrEqual(0)
    for (const name of defaultArms) expect(names).toContain(name)
  })
})

describe('the memories of an arm', () => {
  it('are none below hbm-only, more-gpus and compact-kv', () => {
    for (const name of ['hbm-only', 'more-gpus', 'compact-kv']) expect(shapeOf(name).lowers).toEqual([])
  })

  it('local-dram: of each replica, what the run says or a size for each of its GPUs', () => {
    const [lower, ...rest] = shapeOf('local-dram').lowers
    expect(rest).toEqual([])
    expect(lower).toMatchObject({ name: 'dram', shared: false, freeStores: false, link: deployment.dramLink })
    expect(lower!.capacityBlocks).toBe(Math.floor(256e9 / blockBytes))
    const capacity = (text: string, options?: Partial<TierOptions>, at?: Partial<Deployment>): number =>
      shapeOf(text, options, at).lowers[0]!.capacityBlocks
    expect(capacity('local-dram:512 GB')).toBe(Math.floor(512e9 / blockBytes))
    expect(capacity('local-dram:1 TiB')).toBe(Math.floor(2 ** 40 / blockBytes))
    expect(capacity('local-dram:512 GB', {}, { gpusPerReplica: 4 })).toBe(Math.floor(2048e9 / blockBytes))
    expect(capacity('local-dram:512 GB', { byteScale: 1 / 1000 })).toBe(Math.floor(512e6 / blockBytes))
  })

  it('warehouse: shared by all, everything fits unless a capacity is given', () => {
    const [lower] = shapeOf('warehouse').lowers
    expect(lower).toMatchObject({ name: 'warehouse', shared: true, capacityBlocks: Number.POSITIVE_INFINITY })
    expect(lower!.link).toBe(deployment.warehouseLink)
    const bounded = shapeOf('warehouse', { warehouseBytes: 1e12, byteScale: 0.5 }).lowers[0]!
    expect(bounded.capacityBlocks).toBe(Math.floor(5e11 / blockBytes))
  })

  it('dram+warehouse: those of the two arms, the DRAM first', () => {
    expect(shapeOf('dram+warehouse').lowers).toEqual([...shapeOf('local-dram').lowers, ...shapeOf('warehouse').lowers])
    const sized = shapeOf('dram+warehouse:64 GB', { warehouseBytes: 1e12 }).lowers
    expect(sized.map(({ capacityBlocks }) => capacityBlocks)).toEqual([
      Math.floor(64e9 / blockBytes),
      Math.floor(1e12 / blockBytes),
    ])
  })

  it('infinite: free, shared, without end; in HBM only where that is asked for', () => {
    for (const name of ['infinite-cache', 'infinite-hbm']) {
      const { lowers, unlimitedHbm } = shapeOf(name, { warehouseBytes: 1e12 })
      expect(lowers).toHaveLength(1)
      expect(lowers[0]).toMatchObject({ shared: true, link: undefined, freeStores: true })
      expect(lowers[0]!.capacityBlocks).toBe(Number.POSITIVE_INFINITY)
      expect(unlimitedHbm).toBe(name === 'infinite-hbm')
      expect(inputOf(name).poolBlocks === Number.POSITIVE_INFINITY).toBe(unlimitedHbm)
    }
  })
})

describe('more-gpus', () => {
  it.each([
    { text: 'more-gpus', replicas: 4 },
    { text: 'more-gpus:1.5', replicas: 3 },
    { text: 'more-gpus:4x', replicas: 8 },
    { text: 'more-gpus:1', replicas: 2 },
  ])('$text: $replicas replicas for two share the same seats, each with the same memory', ({ text, replicas }) => {
    const [base, more] = [inputOf('hbm-only'), inputOf(text)]
    expect({ ...more, replicas: 2 }).toEqual(base)
    expect(more.replicas).toBe(replicas)
  })

  it('keeps the total in flight of a backlog, and a trace as it is', () => {
    const backlog: Load = { kind: 'backlog', inFlightPerReplica: 6 }
    expect(inputOf('more-gpus:1.5', { load: backlog }).load).toEqual({ kind: 'backlog', inFlightPerReplica: 4 })
    expect(inputOf('more-gpus:16', { load: { ...backlog, inFlightPerReplica: 2 } }).load).toMatchObject({
      inFlightPerReplica: 1,
    })
    const timed: Load = { kind: 'timed', arrivalsMs: Float64Array.of(1, 2), timeScale: 1 }
    expect(inputOf('more-gpus', { load: timed }).load).toBe(timed)
  })

  it('serves k times as much where memory is no limit and every GPU has work, and no more where seats run out', () => {
    // Nothing is reused and each step is one whole prompt: a request takes a replica the same time in every arm.
    const throughput = (text: string): number => {
      const collector = new Collector()
      const input = { ...inputOf(text), maxBatchedTokens: 6400, requestOverheadMs: 0, requests: 240 }
      planTimeline(input, collector)
      return armMetrics(collector.totals, input.replicas, 1).tokensPerGpuSecond * input.replicas
    }
    const base = throughput('hbm-only')
    expect(throughput('more-gpus:2') / base).toBeCloseTo(2, 1)
    expect(throughput('more-gpus:4') / base).toBeCloseTo(4, 1)
    // Twelve seats keep twelve of 32 replicas busy.
    expect(throughput('more-gpus:16') / base).toBeCloseTo(6, 1)
  })
})

describe('compact-kv', () => {
  it.each([
    { text: 'compact-kv', ratio: 0.5 },
    { text: 'compact-kv:fp8', ratio: 0.5 },
    // 128 bytes and a scale of two for each head of 256.
    { text: 'compact-kv:int8', ratio: 130 / 256 },
    { text: 'compact-kv:bf16', ratio: 1 },
    { text: 'compact-kv:0.25', ratio: 0.25 },
  ])('$text: a token has $ratio of the bytes, so as many more fit', ({ text, ratio }) => {
    const [base, compact] = [inputOf('hbm-only'), inputOf(text)]
    expect(compact.cost.kvBytesPerToken).toBeCloseTo(327_680 * ratio, 6)
    expect(base.poolBlocks).toBe(Math.floor(360_107 / 64))
    expect(compact.poolBlocks).toBe(Math.floor(360_107 / ratio / 64))
    const { cost, poolBlocks } = base
    expect({ ...compact, poolBlocks, cost: { ...compact.cost, kvBytesPerToken: cost.kvBytesPerToken } }).toEqual(base)
  })
})
