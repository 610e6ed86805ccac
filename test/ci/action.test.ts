import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const validator: typeof import('@action-validator/core') = createRequire(import.meta.url)('@action-validator/core')
const root = fileURLToPath(new URL('../../', import.meta.url))
const text = (path: string): string => readFileSync(join(root, path), 'utf8')
const here = mkdtempSync(join(tmpdir(), 'memwall-ci-'))
afterAll(() => rmSync(here, { recursive: true }))

interface Step {
  readonly name?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
}

describe('what GitHub reads is as its schema has it', () => {
  test('the action', () => {
    expect(validator.validateAction(text('action.yml'))).toMatchObject({ errors: [] })
  })

  test.each(['github-nightly', 'github-sharded'])('the example %s', (name) => {
    expect(validator.validateWorkflow(text(`examples/ci/${name}.yml`))).toMatchObject({ errors: [] })
  })

  test('the validator finds what is wrong', () => {
    expect(validator.validateAction(text('action.yml').replace('using: composite', 'using: magic')).errors).not.toEqual(
      [],
    )
  })
})

test('GitLab’s example has a job with a script and reports', () => {
  const { memwall } = parse(text('examples/ci/gitlab-ci.yml'))
  expect(memwall.script.every((line: unknown) => typeof line === 'string')).toBe(true)
  expect(Object.keys(memwall.artifacts.reports)).toEqual(['junit', 'metrics'])
})

/** The steps of the action with a stand-in for memwall that notes its arguments and ends as it is told. */
function acted(inputs: Readonly<Record<string, string>>, codes: { run?: number; compare?: number } = {}) {
  const folder = mkdtempSync(join(here, 'act-'))
  const bin = join(folder, 'bin')
  const log = join(folder, 'log')
  const standIn = `
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs')
const args = process.argv.slice(2)
appendFileSync(${JSON.stringify(log)}, JSON.stringify(args) + '\\n')
mkdirSync('out/ci', { recursive: true })
for (const name of ['summary.md', 'comment.md', 'compare.md']) if (args[0] !== 'run') writeFileSync('out/ci/' + name, name + '\\n')
process.exit(${JSON.stringify(codes)}[args[0]] ?? 0)
`
  spawnSync('mkdir', [bin])
  writeFileSync(join(bin, 'memwall.js'), standIn)
  const { steps } = (parse(text('action.yml')) as { runs: { steps: Step[] } }).runs
  const outputs: Record<string, string> = {}
  const ended: Record<string, number> = {}
  for (const step of steps) {
    if (step.run === undefined || step.name === 'Comment') continue
    if (step.name === 'Compare' && (inputs.base ?? '') === '') continue
    const output = join(folder, 'output')
    writeFileSync(output, '')
    const env = Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value, folder, inputs, outputs)])
    const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        ...Object.fromEntries(env),
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      },
    })
    ended[step.name!] = status!
    const code = /code=(\d+)/.exec(readFileSync(output, 'utf8'))?.[1]
    if (code !== undefined) outputs[step.name!.toLowerCase()] = code
    if (status !== 0) break
  }
  const called = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[])
  return { called, ended, folder }
}

function filled(
  value: string,
  folder: string,
  inputs: Readonly<Record<string, string>>,
  outputs: Record<string, string>,
): string {
  return value
    .replaceAll(/\$\{\{ github\.action_path \}\}/g, folder)
    .replaceAll(/\$\{\{ inputs\.(\w+) \}\}/g, (_, name: string) => inputs[name] ?? '')
    .replaceAll(/\$\{\{ steps\.(\w+)\.outputs\.code \}\}/g, (_, name: string) => outputs[name] ?? '')
}

describe('the action', () => {
  test('runs, exports, compares, and leaves a summary', () => {
    const inputs = { file: 'a suite.yaml', args: '--filter rag* --seed 3', out: 'out', history: 'h', base: 'base.json' }
    const { called, ended, folder } = acted(inputs)
    expect(called).toEqual([
      ['run', 'a suite.yaml', '--filter', 'rag*', '--seed', '3', '--out', 'out', '--history', 'h'],
      ['export', 'out', '--out', 'out/ci'],
      ['compare', 'base.json', 'out/report.json', '--out', 'out/ci'],
    ])
    expect(ended).toEqual({ Run: 0, Export: 0, Compare: 0, Verdict: 0 })
    expect(readFileSync(join(folder, 'summary'), 'utf8')).toBe('summary.md\ncompare.md\n')
    expect(readFileSync(join(folder, 'out/ci/comment.md'), 'utf8')).toBe('comment.md\ncompare.md\n')
  })

  test('without inputs it runs the main job', () => {
    expect(acted({ out: 'out' }).called).toEqual([
      ['run', '--out', 'out'],
      ['export', 'out', '--out', 'out/ci'],
    ])
  })

  test('a failed run still leaves its report, and fails the job at the end', () => {
    expect(acted({ out: 'out' }, { run: 1 }).ended).toEqual({ Run: 0, Export: 0, Verdict: 1 })
  })

  test('a regression fails the job at the end', () => {
    expect(acted({ out: 'out', base: 'b' }, { compare: 1 }).ended).toMatchObject({ Compare: 0, Verdict: 1 })
  })

  test('bad input ends it at once', () => {
    expect(acted({ out: 'out' }, { run: 2 }).ended).toEqual({ Run: 2 })
    expect(acted({ out: 'out', base: 'b' }, { compare: 2 }).ended).toEqual({ Run: 0, Export: 0, Compare: 2 })
  })
})
