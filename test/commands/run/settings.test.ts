import { describe, expect, it } from 'vitest'
import { checkFlags } from '../../../src/commands/run/experiment-file.ts'
import { refuseTiers } from '../../../src/commands/run/refusals.ts'
import { type Settings, settingsOf } from '../../../src/commands/run/settings.ts'

function settings(flags: Record<string, unknown>): Settings {
  return settingsOf(checkFlags({ backend: 'model', ...flags }))
}

describe('a run at any target', () => {
  it('counts GPUs; a group of them is one replica', () => {
    const { gpus, replicas, target } = settings({ gpu: 'h100-sxm', tp: '8', gpus: '104', context: '32k' })
    expect([gpus, replicas, target.tensorParallel, target.contextTokens]).toEqual([104, 13, 8, 32_000])
    expect(target.gpu.name).toBe('h100-sxm')
  })

  it('has two replicas and one GPU each unless told otherwise', () => {
    expect(settings({})).toMatchObject({ gpus: 2, replicas: 2, target: { gpu: { name: 'b300' }, tensorParallel: 1 } })
    expect(settings({ gpu: 'h100-sxm', tp: '8' })).toMatchObject({ gpus: 16, replicas: 2 })
  })

  it('takes formats, a link of its own, memories and a context limit', () => {
    const { target, warehouseBytes } = settings({
      weights: 'fp8',
      kv: 'int8',
      link: '40GB/s,0.3ms',
      dram: '1 TB',
      maxContext: '64k',
      warehouseCapacity: '10 TB',
    })
    expect(target).toMatchObject({
      weightFormat: 'fp8',
      kvFormat: 'int8',
      dramBytes: 1e12,
      maxContextTokens: 64_000,
      warehouseLink: { readPerGpu: 40e6, writePerGpu: 20e6, latency: 0.3 },
    })
    expect(warehouseBytes).toBe(10e12)
  })

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'GPUs that are no whole number of groups',
      { gpu: 'h100-sxm', tp: '8', gpus: '20' },
      /^--gpus: 20 GPUs are no whole number of groups of 8\. Give 16 or 24\.$/,
    ],
    ['fewer GPUs than a group', { gpu: 'h100-sxm', tp: '8', gpus: '3' }, /groups of 8\. Give 8\.$/],
    [
      'a model that does not fit',
      { gpu: 'h100-sxm' },
      /^--gpu: llama-3\.1-70b in bf16 takes 141 GB .* Give --tp 2, --weights fp8 with --tp 1/,
    ],
    ['heads that cannot be split', { tp: '3' }, /^--tp: llama-3\.1-70b cannot be split over 3 GPUs/],
    ['an unknown GPU', { gpu: 'h100' }, /^--gpu: unknown GPU "h100"\. Did you mean "h100-sxm"\?/],
    ['an unknown model', { model: 'lama-3.1-70b' }, /^--model: unknown model .* Did you mean "llama-3\.1-70b"\?/],
    ['an unknown link', { link: 'weka' }, /^--link: unknown link "weka"\. Did you mean "weka-amg"\?/],
    ['an unknown format', { kv: 'fp4' }, /--kv: unknown .*"fp4"/],
    ['an unknown admission', { admission: 'lifo' }, /--admission: unknown order of admission "lifo"/],
    ['an unknown router', { router: 'round' }, /--router: unknown router "round". Did you mean "round-robin"\?/],
    ['points that are not there', { points: 'nowhere.csv' }, /^--points: cannot read nowhere\.csv/],
    ['a context in bytes', { context: '3 GB' }, /^--context: /],
  ])('refuses %s', (_title, flags, expected) => {
    expect(() => settings(flags)).toThrow(expected)
  })
})

describe('options of a run', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['0 GPUs', { gpus: '0' }, /^--gpus: is 0; it must be a whole number, at least 1/],
    ['half a GPU', { gpus: '1.5' }, /^--gpus: is 1\.5; it must be a whole number/],
    ['an unknown backend', { backend: 'cuda' }, /^--backend: unknown backend "cuda"\. Known: model, reference/],
    ['an ambiguous size', { dram: '40 gb' }, /^--dram: "40 gb" does not say which byte it means/],
    ['a budget for what is not measured', { budget: '5s' }, /^--budget: the backend "model" measures nothing/],
    ['repeats of what is not measured', { repeats: '2' }, /^--repeats: the backend "model" measures nothing/],
    [
      'a cost model beside the catalogue',
      { costModel: 'c.json' },
      /^--cost-model: the backend "model" takes its cost model/,
    ],
    ['a time without a unit', { budget: '45' }, /^--budget: "45" has no number with a unit/],
    ['a token scale of 2', { tokenScale: '2' }, /^--token-scale: is 2; it must be above 0 and at most 1/],
    ['a limit without a trace', { limit: '5' }, /^--limit: only a trace takes this/],
    ['two kinds of load', { sessionsPerReplica: '2', inFlightPerReplica: '2' }, /either a closed loop or a backlog/],
    [
      'a fetch decision that is none',
      { fetch: 'maybe' },
      /^--fetch: is "maybe"; it must be always, break-even or never/,
    ],
    ['more requests than anyone waits for', { requests: '999999999999' }, /^--requests: .* at most 10,000,000\./],
    ['a million seeds', { seeds: '1000000' }, /^--seeds: .* at most 1,000\./],
    ['a budget of years', { backend: 'wasm', budget: '100000h' }, /^--budget: is 100000h; it must be at most 24 h\./],
    [
      'a workload of a billion conversations',
      { params: { conversations: 1e9 } },
      /^params\.conversations: is 1000000000; it must be at most 1,000,000\.$/,
    ],
    [
      'a parameter near another',
      { params: { turnsMedain: 2 } },
      /^params\.turnsMedain: unknown parameter\. Did you mean/,
    ],
    ['an unknown parameter', { params: { foo: 2 } }, /^params\.foo: unknown parameter\. "agentic-coding" takes /],
    [
      'a parameter out of its range',
      { params: { conversations: 0 } },
      /^params\.conversations: is 0; it must be more than 0\./,
    ],
    [
      'a parameter of another kind',
      { params: { conversations: 'few' } },
      /^params\.conversations: is "few"; it must be /,
    ],
    ['an endless time scale', { timeScale: 'Infinity' }, /^--time-scale: is Infinity; it must be above 0 and at most/],
    ['more GPUs than can be planned', { gpus: '1000000' }, /^--gpus: 1,000,000 GPUs .* Give at most 100,000\.$/],
    ['a backlog of conversations', { inFlightPerReplica: '2' }, /^--in-flight-per-replica: "agentic-coding" has conv/],
    [
      'a context that the model does not take',
      { context: '10M' },
      /^--context: 10,000,000 tokens are more than the maximum context of llama-3\.1-70b, 131,072 tokens\. .*--max-context/,
    ],
    ['a context limit of no model', { maxContext: '17M' }, /^--max-context: .* at most 16,000,000/],
    [
      'a block larger than the pool',
      { blockTokens: '1e9' },
      /^--block-tokens: a block of 1,000,000,000 tokens is larger than the whole HBM pool .* Give at most 360,107\.$/,
    ],
    [
      'a block larger than the kernels take',
      { backend: 'wasm', blockTokens: '128' },
      /^--block-tokens: a block of 128 tokens does not fit the kernels\. Give 1 to 64\.$/,
    ],
  ])('refuse %s', (_title, flags, expected) => {
    expect(() => settings(flags)).toThrow(expected)
  })
})

describe('the context that sets the scale', () => {
  it('is the limit of a model that takes less than the default', () => {
    expect(settings({ model: 'qwen3-32b' }).target.contextTokens).toBe(40_960)
    expect(settings({ maxContext: '64k' }).target.contextTokens).toBe(64_000)
    expect(settings({ context: '1M', maxContext: '1M' }).target.contextTokens).toBe(1e6)
  })
})

describe('memories with more blocks than can be planned', () => {
  it.each<[Record<string, unknown>, RegExp]>([
    [{ dram: '999999 PB' }, /^--dram: 1,000,000 PB hold more KV blocks than can be planned\. Give at most 1\.41 PB\.$/],
    [{ warehouseCapacity: '999999 PB' }, /^--warehouse-capacity: .* Give at most 1\.41 PB, or leave it out/],
    [{ arms: 'hbm-only,local-dram:999999PB' }, /^--arms: the stores of "local-dram:999999PB" hold more KV blocks/],
    [{ gpus: '50000' }, /^--gpus: the stores of "local-dram" hold more .* Give at most 5,497 GPUs, or less --dram\.$/],
  ])('are refused: %j', (flags, expected) => {
    expect(() => refuseTiers(settings(flags))).toThrow(expected)
  })

  it('are not refused below that', () => {
    expect(() => refuseTiers(settings({ dram: '2 TB', warehouseCapacity: '1 PB' }))).not.toThrow()
  })
})

describe('--slo', () => {
  it.each<[string, number, number]>([
    ['ttft=2s,tpot=50ms', 2000, 50],
    ['tpot=0.05s, ttft = 1500ms', 1500, 50],
  ])('%s', (slo, ttftMs, tpotMs) => {
    expect(settings({ slo }).slos).toEqual([{ text: slo, ttftMs, tpotMs }])
  })

  it('left out is two', () => {
    expect(settings({}).slos.map(({ ttftMs, tpotMs }) => [ttftMs, tpotMs])).toEqual([
      [15_000, 100],
      [30_000, 100],
    ])
  })

  it.each<[string, RegExp]>([
    ['2s', /"2s" is no limit on TTFT or TPOT\. Write --slo ttft=2s,tpot=50ms\./],
    ['ttft=2s,e2e=5s', /"e2e=5s" is no limit/],
    ['ttft', /"ttft" is no limit/],
    ['ttft=2,tpot=50ms', /"2" has no number with a unit/],
    ['ttft=0s,tpot=50ms', /can be kept by nothing/],
    ['ttft=2s', /"ttft=2s" limits only one of TTFT and TPOT/],
  ])('%s is refused', (slo, expected) => {
    expect(() => settings({ slo })).toThrow(expected)
  })
})

describe('--policy', () => {
  it.each(['lru', 'hbm=lru', 'hbm=lru,dram=lru,warehouse=lru', 'lru,dram=lru', ' dram = lru '])('%s', (policy) => {
    const { hbm, dram, warehouse } = settings({ policy }).policies
    expect([hbm.name, dram.name, warehouse.name]).toEqual(['lru', 'lru', 'lru'])
  })

  it.each<[string, RegExp]>([
    ['lur', /--policy: unknown policy "lur"\. Did you mean "lru"\?/],
    ['hbm=lru,dram=sieve2', /unknown policy "sieve2"/],
    ['hmb=lru', /--policy: unknown memory "hmb"\. Did you mean "hbm"\? Known: hbm, dram, warehouse/],
    ['hbm=', /unknown policy ""/],
  ])('%s is refused', (policy, expected) => {
    expect(() => settings({ policy })).toThrow(expected)
  })
})

describe('--arms', () => {
  it('are shown baseline first and ceiling last, with their parameters', () => {
    const arms = 'infinite-hbm,more-gpus:4,compact-kv:int8,local-dram:512 GB,hbm-only,more-gpus:1.5,infinite-cache'
    expect(settings({ arms }).arms.map(({ name }) => name)).toEqual([
      'hbm-only',
      'more-gpus:1.5',
      'more-gpus:4',
      'compact-kv:int8',
      'local-dram:512GB',
      'infinite-cache',
      'infinite-hbm',
    ])
  })

  it.each<[string, RegExp]>([
    ['hbm-only,more-gpus:0.5', /"more-gpus:0\.5" is no factor from 1 to 16/],
    ['hbm-only,compact-kv:fp4', /"compact-kv:fp4" is neither a format nor a ratio/],
    ['hbm-only,local-dram:512', /512/],
    ['hbm-only:2', /"hbm-only" takes no parameter, not "2"/],
    ['warehouse,warehouse', /names "warehouse" twice/],
    [',', /names no arm/],
    ['game-both', /unknown arm "game-both"/],
  ])('%s is refused', (arms, expected) => {
    expect(() => settings({ arms })).toThrow(expected)
  })
})

describe('a size of an arm’s own', () => {
  it('that holds not one KV block is refused before any work', () => {
    expect(() => refuseTiers(settings({ arms: 'hbm-only,local-dram:20MB' }))).toThrow(
      /^dram: 20 MB hold not one KV block of 21 MB\. /,
    )
    expect(() => refuseTiers(settings({ arms: 'hbm-only,dram+warehouse:20MB' }))).toThrow(/^dram: 20 MB hold/)
    expect(() => refuseTiers(settings({ arms: 'hbm-only,local-dram:21MB' }))).not.toThrow()
    // Four tokens of a mock stand for 250 of the target.
    const scaled = { backend: 'wasm', tokenScale: '0.016' }
    expect(() => refuseTiers(settings({ ...scaled, arms: 'local-dram:81MB' }))).toThrow(/hold not one KV block/)
    expect(() => refuseTiers(settings({ ...scaled, arms: 'local-dram:82MB' }))).not.toThrow()
  })
})

describe('what is planned only', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'compact-kv',
      { arms: 'hbm-only,compact-kv' },
      /^--arms: "compact-kv" cannot run with tensors: .*one format\. Leave it out, or give --backend model\.$/,
    ],
    ['dram+warehouse', { arms: 'hbm-only,dram+warehouse:1TB' }, /"dram\+warehouse:1TB" cannot run with tensors/],
    ['infinite-hbm', { arms: 'infinite-hbm' }, /"infinite-hbm" cannot run with tensors/],
    [
      'fetching layer by layer',
      { fetchMode: 'layerwise' },
      /^--fetch-mode: "layerwise" cannot run with tensors\. Leave it out, or give --backend model\./,
    ],
    [
      'fetching a part',
      { fetchPart: 'beyond-break-even' },
      /^--fetch-part: "beyond-break-even" cannot run with tensors/,
    ],
  ])('is refused with tensors, and planned without: %s', (_title, flags, expected) => {
    expect(() => settings({ ...flags, backend: 'wasm' })).toThrow(expected)
    expect(() => settings(flags)).not.toThrow()
  })

  it('runs with tensors where nothing stands against it', () => {
    const { arms } = settings({
      backend: 'wasm',
      arms: 'hbm-only,more-gpus:1.5,local-dram:64GB',
      fetchMode: 'blocking',
    })
    expect(arms).toHaveLength(3)
  })
})
