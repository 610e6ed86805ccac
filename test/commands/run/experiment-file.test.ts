import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { experimentOf, locatedIn } from '../../../src/commands/run/experiment-file.ts'
import { settingsOf } from '../../../src/commands/run/settings.ts'
import { readYamlFile } from '../../../src/commands/run/yaml-file.ts'

const here = mkdtempSync(join(tmpdir(), 'memwall-'))
afterAll(() => rmSync(here, { recursive: true }))
const path = join(here, 'e.yaml')

/** The refusal of a file, with what the command line says beside it. */
function refusal(text: string, flags: Record<string, unknown> = {}): string {
  writeFileSync(path, text)
  try {
    const file = experimentOf(readYamlFile(path))
    try {
      settingsOf({ ...file.options, ...flags })
    } catch (error) {
      throw locatedIn(file, error, Object.keys(flags))
    }
  } catch (error) {
    return (error as Error).message.replaceAll(path, 'FILE')
  }
  return 'none'
}

describe('what is wrong in an experiment file is told with its line', () => {
  it.each<[string, string]>([
    ['backend: model\ngpu: h1000\n', 'FILE:2 gpu: unknown GPU "h1000". '],
    ['backend: model\n\nmodel: lama\n', 'FILE:3 model: unknown model "lama"'],
    ['backend: model\nparams:\n  turnsMedian: 4\n  foo: 3\n', 'FILE:4 params.foo: unknown parameter. '],
    ['params: { conversations: 0 }\n', 'FILE:1 params.conversations: is 0; it must be more than 0. '],
    ['backend: model\nparams: 3\n', 'FILE:2 params: is 3; it must be a mapping of names to values. '],
    ['fetch: sometimes\n', 'FILE:1 fetch: is "sometimes"; it must be always, break-even or never. '],
    ['requests: [3]\n', 'FILE:1 requests: is [3]; it must be a text or a number. '],
    ['arms: 5\n', 'FILE:1 arms: is 5; it must be a text or a list. '],
    ['cold: maybe\n', 'FILE:1 cold: is "maybe"; it must be true or false. '],
    ['foo: 1\n', 'FILE:1 foo: unknown key. Known: workload, '],
    ['slow: 1\n', 'FILE:1 slow: unknown key. Did you mean "slo"?'],
    ['backend: model\nslo: ttft=2s\n', 'FILE:2 slo: "ttft=2s" limits only one of TTFT and TPOT. '],
    ['backend: model\nsessions-per-replica: 0\n', 'FILE:2 sessions-per-replica: is 0; '],
    ['backend: model\nin-flight-per-replica: 2\n', 'FILE:2 in-flight-per-replica: "agentic-coding" has conversations'],
  ])('%j', (text, expected) => {
    expect(refusal(text)).toMatch(new RegExp(`^${expected.replaceAll(/[.[\]?]/g, '\\$&')}`))
  })
})

it('what the command line says is told of the command line', () => {
  expect(refusal('backend: model\ngpu: b300\n', { gpu: 'h1000' })).toMatch(/^--gpu: unknown GPU "h1000"/)
})

it('what neither says is told of the option', () => {
  expect(refusal('backend: model\ngpus: 3\ntp: 2\n')).toMatch(/^FILE:2 gpus: 3 GPUs are no whole number/)
  expect(refusal('backend: model\nmodel: llama-3.1-405b\n')).toMatch(/^--gpu: llama-3\.1-405b in bf16 takes/)
})

it('the examples are named where they are', () => {
  expect(() => readYamlFile(join(here, 'examples/h100-tp8/experiment.yaml'))).toThrow(
    /cannot be read\. Give an experiment file, such as \/.*\/examples\/h100-tp8\/experiment\.yaml\.$/,
  )
  expect(() => readYamlFile(join(here, 'examples/../../etc/passwd'))).toThrow(/own-experiment\/experiment\.yaml\.$/)
  expect(() => readYamlFile(here)).toThrow(/is a folder\. Give an experiment file/)
})
