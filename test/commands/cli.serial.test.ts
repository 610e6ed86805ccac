import { spawnSync } from 'node:child_process'
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
    ['an unknown backend', ['run', '--backend', 'cuda'], /--backend: unknown backend "cuda". Known: model, reference/],
    ['0 GPUs', ['run', '--gpus', '0'], /--gpus: is 0; it must be a whole number, at least 1/],
    ['half a GPU', ['run', '--gpus', '1.5'], /--gpus: is 1.5; it must be a whole number/],
    ['a missing trace', ['run', '--trace', 'nowhere.jsonl'], /--trace: no file "nowhere.jsonl"/],
    ['a missing experiment', ['run', 'nowhere.yaml'], /nowhere.yaml: cannot be read/],
    ['a missing cost model', ['run', '--cost-model', 'nowhere.json'], /--cost-model: cannot read nowhere.json/],
    ['an ambiguous size', ['run', '--dram', '40 gb'], /--dram: "40 gb" does not say which byte it means/],
    [
      'a tier smaller than a block',
      ['run', '--dram', '1 MB'],
      /--dram: 1 MB hold not one KV block\. Give at least 81.9 MB/,
    ],
    [
      'more GPUs than memory',
      ['run', '--gpus', '10000'],
      /--gpus: 10000 mock GPUs with 8 conversations each in 4 arms take about/,
    ],
    [
      'more seats than can be planned',
      ['run', '--backend', 'model', '--sessions-per-replica', '100000'],
      /--sessions-per-replica: 100000 on each/,
    ],
    ['a report that cannot be written', ['run', '--out', '/proc/x'], /--out: nothing can be written to "\/proc"/],
    [
      'a budget for what is not measured',
      ['run', '--backend', 'model', '--budget', '5s'],
      /--budget: the backend "model" measures nothing/,
    ],
    ['a time without a unit', ['run', '--budget', '45'], /--budget: "45" has no number with a unit/],
    ['a token scale of 2', ['run', '--token-scale', '2'], /--token-scale: is 2; it must be above 0 and at most 1/],
    ['a sweep of something else', ['run', '--sweep', 'gpus=1,2'], /--sweep: cannot sweep "gpus"/],
    ['an empty sweep', ['run', '--sweep', 'sessions-per-replica=8..2'], /--sweep: "8..2" is no list/],
    ['a limit without a trace', ['run', '--limit', '5'], /--limit: only a trace takes this/],
    [
      'two kinds of load',
      ['run', '--sessions-per-replica', '2', '--in-flight-per-replica', '2'],
      /either a closed loop or a backlog/,
    ],
    [
      'blocks that no kernel takes',
      ['run', '--block-tokens', '128'],
      /block tokens: 128 does not fit the kernels. Give 1 to 64/,
    ],
    ['an unknown option', ['run', '--gpu', 'h100'], /unknown option '--gpu'/],
    ['an unknown family', ['list', 'gpuz'], /unknown family "gpuz". Did you mean "gpus"\?/],
    ['a fetch decision that is none', ['run', '--fetch', 'maybe'], /--fetch: /],
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

describe('a run', () => {
  test('measures, checks and writes its report; with cost model and requests its plan is fixed', () => {
    const costModel = writeCostModel(folderHere())
    const args = [
      'run',
      '--cost-model',
      costModel,
      '--requests',
      '4',
      '--repeats',
      '1',
      '--sessions-per-replica',
      '3',
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
    expect(second!.inputsHash).toBe(first!.inputsHash)
    for (const [name, arm] of Object.entries(first!.arms)) {
      expect(second!.arms[name]!.traffic).toEqual(arm.traffic)
      expect(second!.verification!.answersCompared).toBe(first!.verification!.answersCompared)
    }
    const written = readdirSync(join(runs[0]!.folder, 'reports/latest')).sort()
    expect(written).toEqual(['report.html', 'report.json', 'report.md'])
  })

  test('plans at full scale, and the same plan twice', () => {
    const args = ['run', '--backend', 'model', '--requests', '40', '--seeds', '2', '--json']
    const [first, second] = [memwall(...args), memwall(...args)].map(({ status, stdout }) => {
      expect(status).toBe(0)
      return reportSchema.parse(JSON.parse(stdout))
    })
    expect(first!.trust).toBe('catalogue')
    expect(second!.arms).toEqual(first!.arms)
    expect(first!.seeds.count).toBe(2)
    expect(first!.seeds.multiplier.warehouse!.values).toHaveLength(2)
  })

  test('reads an experiment file, and flags win over it', () => {
    const path = file('e.yaml', 'backend: model\nrequests: 40\nsessions-per-replica: 2\narms: hbm-only, warehouse\n')
    const { status, stdout } = memwall('run', path, '--sessions-per-replica', '3', '--json')
    expect(status).toBe(0)
    const report = reportSchema.parse(JSON.parse(stdout))
    expect(report.setup.sessionsPerReplica).toBe(3)
    expect(Object.keys(report.arms)).toEqual(['hbm-only', 'warehouse'])
  })
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
  for (const family of ['workloads', 'policies', 'backends', 'routers', 'arms']) {
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

test('the published schema is there', () => {
  const path = fileURLToPath(new URL('../../schema/report.schema.json', import.meta.url))
  expect(existsSync(path)).toBe(true)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveProperty('properties.schemaVersion')
})
