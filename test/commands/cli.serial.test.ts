import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { reportSchema } from '../../src/report/report.ts'
import { writeCostModel } from './cost-model.ts'

const bin = fileURLToPath(new URL('../../bin/memwall.js', import.meta.url))

const here = mkdtempSync(join(tmpdir(), 'memwall-'))
afterAll(() => rmSync(here, { recursive: true }))

function folderHere(): string {
  return mkdtempSync(join(here, 'run-'))
}

function memwall(...args: string[]) {
  const folder = folderHere()
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { cwd: folder, encoding: 'utf8' })
  return { folder, status, stdout, stderr }
}

function file(name: string, content: string): string {
  const path = join(folderHere(), name)
  writeFileSync(path, content)
  return path
}

describe('bad input ends in one clear line and exit code 2, before any work', () => {
  const cases: [title: string, args: string[], expected: RegExp][] = [
    [
      'an unknown arm',
      ['run', '--arms', 'hbm-only,warehose'],
      /--arms: unknown arm "warehose". Did you mean "warehouse"\? Known: /,
    ],
    ['a missing trace', ['run', '--trace', 'nowhere.jsonl'], /--trace: no file "nowhere.jsonl"/],
    [
      'a missing experiment',
      ['run', 'nowhere.yaml'],
      /nowhere.yaml: cannot be read\. Give .* such as \/.*\/examples\/own-experiment\/experiment\.yaml\./,
    ],
    [
      'a forgotten value',
      ['run', '--gpu', '--out', 'x'],
      /^--gpu: has no value, "--out" comes next\. Write --gpu <name>\./,
    ],
    [
      'an unknown command to help with',
      ['help', 'foo'],
      /^help: unknown command "foo"\. Known: run, merge, export, calibrate, list,/,
    ],
    ['a file where a folder of the cost model should be', ['calibrate', '--out', `${bin}/x`], /--out: ".*" is a file/],
    ['a missing cost model', ['run', '--cost-model', 'nowhere.json'], /--cost-model: cannot read nowhere.json/],
    [
      'a tier smaller than a block',
      ['run', '--dram', '1 MB'],
      /--dram: 1 MB hold not one KV block\. Give at least 81.9 MB/,
    ],
    [
      'more GPUs than memory',
      ['run', '--gpus', '10000'],
      /--gpus: 10,000 mock GPUs with 8 conversations each in 4 arms take about .*; a run may take .*, 70 % of the memory/,
    ],
    [
      'more seats than can be planned',
      ['run', '--backend', 'model', '--sessions-per-replica', '100000'],
      /--sessions-per-replica: 100000 on each/,
    ],
    ['a report that cannot be written', ['run', '--out', '/proc/x'], /--out: nothing can be written to "\/proc"/],
    ['a sweep of nothing known', ['run', '--sweep', 'gpuz=1,2'], /--sweep: cannot sweep "gpuz"\. Did you mean "gpu"\?/],
    [
      'a swept value that makes no sense',
      ['run', '--sweep', 'tp=1,3'],
      /--sweep tp=3: --tp: llama-3\.1-70b cannot be split/,
    ],
    [
      'a model that does not fit',
      ['run', '--gpu', 'h100-sxm'],
      /--gpu: llama-3\.1-70b in bf16 takes 141 GB .* Give --tp 2/,
    ],
    [
      'blocks that no kernel takes',
      ['run', '--block-tokens', '128'],
      /--block-tokens: a block of 128 tokens does not fit the kernels. Give 1 to 64/,
    ],
    [
      'an unknown option',
      ['run', '--gpux', 'h100'],
      /unknown option '--gpux' \(Did you mean .*--gpu.*\?\) Try --help\./,
    ],
    ['an unknown family', ['list', 'gpuz'], /unknown family "gpuz". Did you mean "gpus"\?/],
  ]
  test.each(cases)('%s', (_title, args, expected) => {
    const { folder, status, stdout, stderr } = memwall(...args)
    expect(stderr).toMatch(expected)
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(readdirSync(folder)).toEqual([])
  })

  test('an unknown key of an experiment file, with its line', () => {
    const path = file('e.yaml', 'workload: agentic-coding\nsesions-per-replica: 8\n')
    const { status, stderr } = memwall('run', path)
    expect(stderr).toBe(`${path}:2 sesions-per-replica: unknown key. Did you mean "sessions-per-replica"?\n`)
    expect(status).toBe(2)
  })

  test('a value of an experiment file, with its line', () => {
    const path = file('e.yaml', 'backend: model\ngpu: h1000\n')
    const { status, stderr } = memwall('run', path)
    expect(stderr).toContain(`${path}:2 gpu: unknown GPU "h1000".`)
    expect(status).toBe(2)
  })

  test('a trace that fills no window, before any progress is shown', () => {
    const line = '{"timestamp":0,"input_length":600,"output_length":5,"hash_ids":[1,2]}\n'
    for (const [count, what] of [
      [1, 'the trace has one request'],
      [2, 'the 2 requests of the trace arrive at one instant'],
    ] as const) {
      const path = file('t.jsonl', line.repeat(count))
      const { status, stderr } = memwall('run', '--backend', 'model', '--trace', path)
      expect(stderr).toMatch(new RegExp(`^--trace: ${what}: that fills no window\\. .*\n$`))
      expect(status).toBe(2)
    }
  })

  test('broken YAML, with its line', () => {
    const path = file('e.yaml', 'workload: agentic-coding\narms: [a, b\n')
    const { status, stderr } = memwall('run', path)
    expect(stderr).toMatch(/e\.yaml:\d: /)
    expect(status).toBe(2)
  })

  test('a parameter that the workload does not have', () => {
    const path = file('e.yaml', 'workload: agentic-coding\nparams:\n  sesions: 8\n')
    const { status, stderr } = memwall('run', path)
    expect(stderr).toMatch(/params.*sesions/)
    expect(status).toBe(2)
  })

  test('broken JSON in a trace, with its line', () => {
    const good = '{"timestamp":0,"input_length":600,"output_length":5,"hash_ids":[1,2]}'
    const path = file('t.jsonl', `${good}\n{"timestamp":0,\n`)
    const { folder, status, stderr } = memwall('run', '--backend', 'model', '--trace', path)
    expect(stderr).toContain(`${path}:2: `)
    expect(status).toBe(2)
    expect(readdirSync(folder)).toEqual([])
  })

  test('a cost model for other blocks', () => {
    const folder = folderHere()
    const { status, stderr } = memwall('run', '--cost-model', writeCostModel(folder), '--block-tokens', '8')
    expect(stderr).toMatch(/--cost-model: was made for blocks of 4/)
    expect(status).toBe(2)
  })
})

test('a file is no folder for reports, and stays as it is', () => {
  const path = file('afile', 'mine')
  const { status, stderr } = memwall('run', '--out', path)
  expect(stderr).toBe(`--out: "${path}" is a file. Give a folder.\n`)
  expect(status).toBe(2)
  expect(readFileSync(path, 'utf8')).toBe('mine')
})

/** An experiment of few and short conversations at one or two loads. */
function small(...lines: string[]): string {
  const params = ['params:', '  conversations: 12', '  turnsMedian: 8']
  return file('e.yaml', [...params, 'sweep: sessions-per-replica=1,2', 'seeds: 1', ...lines, ''].join('\n'))
}

describe('a run', () => {
  test('measures, checks and writes its report; with cost model and requests its plan is fixed', () => {
    const costModel = writeCostModel(folderHere())
    const args = [
      'run',
      small(),
      '--cost-model',
      costModel,
      '--requests',
      '8',
      '--draws',
      '2',
      '--repeats',
      '1',
      '--sessions-per-replica',
      '3',
      '--arms',
      'hbm-only,warehouse',
      '--json',
    ]
    const runs = [memwall(...args), memwall(...args)]
    const [first, second] = runs.map(({ status, stdout, stderr }) => {
      expect(stderr).not.toMatch(/rror/)
      expect(status).toBe(0)
      return reportSchema.parse(JSON.parse(stdout))
    })
    expect(first!.trust).toBe('tensors')
    expect(first!.verification).toMatchObject({ mismatches: 0 })
    expect(first!.controls.every(({ passed }) => passed)).toBe(true)
    const { warehouse } = first!.multiplier
    const drawn = first!.measuredDraws.map(({ measured, planned }) =>
      Math.log(measured.warehouse! / planned.warehouse!),
    )
    expect(drawn).toHaveLength(2)
    expect(warehouse!.draws).toMatchObject({ planned: 1, measured: 2 })
    expect(Math.log(warehouse!.correction!.value)).toBeCloseTo((drawn[0]! + drawn[1]!) / 2, 9)
    // One planned draw says nothing of the others, so there is no interval of the answer; the correction has one.
    expect([warehouse!.low, warehouse!.high]).toEqual([null, null])
    expect(warehouse!.correction!.low).toBeLessThan(warehouse!.correction!.high!)
    // What is planned for the same requests is the same in both runs.
    expect(second!.measuredDraws.map(({ seed, planned }) => [seed, planned])).toEqual(
      first!.measuredDraws.map(({ seed, planned }) => [seed, planned]),
    )
    expect(second!.inputsHash).toBe(first!.inputsHash)
    for (const [name, arm] of Object.entries(first!.arms)) {
      expect(second!.arms[name]!.traffic).toEqual(arm.traffic)
      expect(second!.verification!.answersCompared).toBe(first!.verification!.answersCompared)
    }
    const written = readdirSync(join(runs[0]!.folder, 'reports/latest')).sort()
    expect(written).toEqual(['report.html', 'report.json', 'report.md'])
  })

  test('plans at any target: per-figure GPUs, equal service, strongest baseline, attribution; the same twice', () => {
    const target = ['--gpu', 'h100-sxm', '--tp', '8', '--model', 'llama-3.1-70b', '--link', 'weka-amg', '--gpus', '16']
    const sweep = [
      '--sweep',
      'sessions-per-replica=2,4',
      '--sessions-per-replica',
      '4',
      '--seeds',
      '3',
      '--slo',
      'ttft=20s,tpot=200ms',
    ]
    const args = [
      'run',
      small(),
      '--backend',
      'model',
      ...target,
      '--requests',
      '40',
      ...sweep,
      '--out',
      'tmp',
      '--json',
    ]
    const runs = [memwall(...args), memwall(...args)]
    const [first, second] = runs.map(({ status, stdout, stderr }) => {
      expect(stderr).not.toMatch(/rror/)
      expect(status).toBe(0)
      return reportSchema.parse(JSON.parse(stdout))
    })
    const { target: found, arms, equalService, strongestBaseline, attribution, multiplier } = first!
    expect(first!.trust).toBe('catalogue')
    expect(found).toMatchObject({ gpu: 'h100-sxm', gpus: 16, tensorParallel: 8, replicas: 2, model: 'llama-3.1-70b' })
    expect(found.poolTokensPerReplica).toBe(Math.floor((8 * 72e9 - 141.2e9) / 327_680))
    for (const arm of Object.values(arms)) {
      expect(arm.gpus).toBe(16)
      expect(arm.tokensPerGpuSecond).toBeCloseTo(arm.tokensPerSecond / 16, 9)
      expect(arm.replicas).toHaveLength(2)
      const mean = arm.replicas.reduce((sum, replica) => sum + replica.tokensPerGpuSecond, 0) / 2
      expect(mean).toBeCloseTo(arm.tokensPerGpuSecond, 9)
    }
    expect(Object.keys(multiplier)).toEqual(['local-dram', 'warehouse', 'infinite-cache'])
    expect(first!.plannedWindow).toEqual({ draws: 3, requests: 40, settleRequests: 8 * 8, seats: 8 })
    expect(first!.measuredDraws).toEqual([])
    // The same quantity has the same number wherever it stands.
    const own = first!.knee.find(({ sessionsPerReplica }) => sessionsPerReplica === 4)!
    for (const [arm, { value, low, high, correction }] of Object.entries(multiplier)) {
      expect(correction).toBeNull()
      expect(own.multiplier[arm]).toMatchObject({ mean: value, low, high })
      const rate = (name: string): number => arms[name]!.tokensPerGpuSecond
      if (arm !== 'infinite-cache') expect(value).toBeCloseTo(rate(arm) / rate('hbm-only'), 9)
      expect(value).toBeLessThanOrEqual(multiplier['infinite-cache']!.value)
    }

    const knee = first!.knee.map(({ sessionsPerReplica, multiplier: at }) => [sessionsPerReplica, Object.keys(at)])
    expect(knee).toEqual([2, 4].map((load) => [load, Object.keys(multiplier)]))
    expect(equalService).toHaveLength(1)
    const [service] = equalService
    expect(service).toMatchObject({ slo: { ttftMs: 20_000, tpotMs: 200 }, seeds: 3 })
    for (const [arm, { tokensPerGpuSecond, sessionsPerReplica }] of Object.entries(service!.arms)) {
      expect(sessionsPerReplica).toBeGreaterThanOrEqual(2)
      if (arm === 'hbm-only') continue
      const ratio = tokensPerGpuSecond! / service!.arms['hbm-only']!.tokensPerGpuSecond!
      expect(service!.multiplier[arm]).toBeCloseTo(ratio, 9)
      expect(service!.gpuEquivalents[arm]).toBeCloseTo(16 * ratio, 9)
    }

    const { multipliers, name, tried, tokensPerGpuSecond } = strongestBaseline!
    expect(name).toMatch(/ routing, (HBM alone|host DRAM)/)
    expect(strongestBaseline!.multiplier).toBe(multipliers.warehouse)
    expect(multipliers['hbm-only']).toBeLessThanOrEqual(1)
    expect(tried).toBeGreaterThanOrEqual(4 * 2 * 2)
    expect(tokensPerGpuSecond).toBeGreaterThan(0)

    const { gain, loss, tokensPerGpuSecond: rates } = attribution!
    const factors = [...Object.values(gain), ...Object.values(loss)]
    expect(factors.reduce((product, factor) => product * factor, 1)).toBeCloseTo(rates.real / rates.none, 9)
    expect(rates.real / rates.none).toBeCloseTo(multiplier.warehouse!.value, 9)
    expect(attribution).toMatchObject({ router: 'session-affine', sessionsPerReplica: 4, capacityBytes: null })
    expect(first!.breakEven).toMatchObject({ link: 'weka-amg', atContextTokens: 100_000 })
    expect(first!.alternatives.map(({ isOwn }) => isOwn)).toEqual([true, false, false])
    const { rows, timesWorstRelativeError } = first!.validation!
    const independent = rows.filter(({ role }) => role === 'test').map(({ relativeError }) => Math.abs(relativeError))
    expect(timesWorstRelativeError).toBe(Math.max(...independent))

    const timeless = { createdAt: '', planSeconds: 0 }
    expect({ ...second!, ...timeless }).toEqual({ ...first!, ...timeless })
    const written = reportSchema.parse(JSON.parse(readFileSync(join(runs[0]!.folder, 'tmp/report.json'), 'utf8')))
    expect(written).toEqual(first)
  })

  test('reads an experiment file, and flags win over it; sweeps another parameter', () => {
    const path = small('backend: model', 'requests: 40', 'sessions-per-replica: 2', 'arms: hbm-only, warehouse')
    const sweep = ['--sweep', 'link=1GB/s,5ms;weka-amg']
    const { status, stdout } = memwall('run', path, '--sessions-per-replica', '3', ...sweep, '--seeds', '2', '--json')
    expect(status).toBe(0)
    const report = reportSchema.parse(JSON.parse(stdout))
    expect(report.setup.sessionsPerReplica).toBe(3)
    expect(Object.keys(report.arms)).toEqual(['hbm-only', 'warehouse'])
    expect(report.sweep).toMatchObject({ parameter: 'link', seeds: 2, requests: 40 })
    expect(report.sweep!.points.map(({ value }) => value)).toEqual(['1GB/s,5ms', 'weka-amg'])
    expect(report.seeds.count).toBe(2)
    expect(report.seeds.multiplier.warehouse!.values).toHaveLength(2)
  })
})

test('the terminal shows the answer in a dozen lines, and all that it rests on with --details', () => {
  const args = ['run', small('backend: model', 'requests: 40', 'sessions-per-replica: 2', 'arms: hbm-only, warehouse')]
  const [short, long] = [memwall(...args), memwall(...args, '--details')].map(({ stdout }) => stdout.trim().split('\n'))
  expect(short!.length).toBeLessThanOrEqual(14)
  expect(short![0]).toMatch(/^Planned: (the|no|whether the) .*at 2 conversations a GPU/)
  expect(short!.at(-1)).toMatch(/report\.html {2}--details shows all$/)
  expect(long!.length).toBeGreaterThan(14)
  expect(long![0]).toBe(short![0])
  for (const topic of ['Planned: ', 'Target: ', 'Controls: ']) expect(long!.join('\n')).toContain(`\n${topic}`)
})

test('every command has help with an example', () => {
  for (const command of ['run', 'calibrate', 'list', 'wall', 'predict', 'validate', 'doctor']) {
    const { status, stdout } = memwall(command, '--help')
    expect(status).toBe(0)
    expect(stdout).toMatch(/Examples?:\n {2}memwall/)
  }
})

test('doctor and list answer', () => {
  expect(memwall('doctor').stdout).toMatch(/Node {13}\d+/)
  for (const family of ['workloads', 'policies', 'backends', 'routers', 'admissions', 'arms', 'claims']) {
    const { status, stdout } = memwall('list', family, '--json')
    expect(status).toBe(0)
    for (const member of JSON.parse(stdout))
      expect(member).toEqual({
        name: expect.stringMatching(/./),
        summary: expect.stringMatching(/./),
        source: expect.stringMatching(/./),
      })
  }
})

test('Ctrl-C on a run that only plans says so, and leaves nothing', async () => {
  const folder = folderHere()
  const child = spawn(process.execPath, [bin, 'run', '--backend', 'model', '--seeds', '50'], { cwd: folder })
  let stderr = ''
  child.stderr.on('data', (text) => {
    // Progress is the first that is heard of it.
    if (stderr === '') child.kill('SIGINT')
    stderr += text
  })
  const [code] = await once(child, 'close')
  expect(stderr).toMatch(/Interrupted; no report was written\.\n$/)
  expect(code).toBe(130)
  expect(readdirSync(folder)).toEqual([])
})

test('a trace shorter than what is planned beside a run', () => {
  const line = (i: number) =>
    JSON.stringify({ timestamp: i * 1000, input_length: 600, output_length: 5, hash_ids: [1, i] })
  const path = file('t.jsonl', `${[2, 3, 4, 5, 6].map(line).join('\n')}\n`)
  const { status, stderr } = memwall('run', '--backend', 'model', '--trace', path, '--requests', '2')
  expect(stderr).not.toMatch(/rror/)
  expect(status).toBe(0)
})

test('who reads only the head of an output ends nothing', () => {
  for (const command of ['list gpus', 'doctor', 'wall']) {
    const { stdout, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${bin}" ${command} | true`], {
      encoding: 'utf8',
    })
    expect([stdout, stderr]).toEqual(['', ''])
  }
})

test('list names claims, and what may follow the name of an arm', () => {
  expect(memwall('list', 'claims').stdout).toMatch(/^weka-4\.2x +WEKA, .*4\.2/m)
  expect(memwall('list', 'arms').stdout).toMatch(/^more-gpus\[:…\] .*how many times as many GPUs \(default: 2\)$/m)
  expect(memwall('list', '--help').stdout.replace(/\s+/g, ' ')).toContain(
    'admissions, arms, gpus, models, links, claims or formats',
  )
  expect(memwall('help', 'wall').stdout).toMatch(/^Usage: memwall wall/)
})

test('the published schema is there', () => {
  const path = fileURLToPath(new URL('../../schema/report.schema.json', import.meta.url))
  expect(existsSync(path)).toBe(true)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveProperty('properties.schemaVersion')
})
