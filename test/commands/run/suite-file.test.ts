import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, test } from 'vitest'
import { prepareExperiment } from '../../../src/commands/run/experiment.ts'
import { isSuite, ofExperiment, type Suite, suiteOf } from '../../../src/commands/run/suite-file.ts'
import { readYamlFile } from '../../../src/commands/run/yaml-file.ts'
import { badInput } from '../../../src/errors.ts'

const here = mkdtempSync(join(tmpdir(), 'memwall-'))
afterAll(() => rmSync(here, { recursive: true }))
const path = join(here, 'night.yaml')

function suite(text: string, filter?: string): Suite {
  writeFileSync(path, text)
  return suiteOf(readYamlFile(path), filter)
}

function refusal(text: string, filter?: string): string {
  try {
    suite(text, filter)
  } catch (error) {
    return (error as Error).message.replaceAll(path, 'FILE')
  }
  return 'none'
}

const three =
  'defaults: { backend: model, seed: 3 }\nexperiments:\n  chat: { workload: chat }\n  rag-a:\n  rag-b: { seed: 4 }\n'

test('experiments stand under the defaults, in the order of the file', () => {
  const { name, experiments } = suite(three)
  expect(name).toBe('night')
  expect(experiments.map((one) => [one.name, one.file.options])).toEqual([
    ['chat', { backend: 'model', seed: 3, workload: 'chat' }],
    ['rag-a', { backend: 'model', seed: 3 }],
    ['rag-b', { backend: 'model', seed: 4 }],
  ])
})

test('a filter takes names and patterns, and keeps the order', () => {
  const names = (filter: string): string[] => suite(three, filter).experiments.map(({ name }) => name)
  expect(names('rag-*')).toEqual(['rag-a', 'rag-b'])
  expect(names('rag-b, chat')).toEqual(['chat', 'rag-b'])
  expect(names('*')).toEqual(['chat', 'rag-a', 'rag-b'])
  expect(names('*-a')).toEqual(['rag-a'])
})

test('who names a source takes nothing of the defaults’ source', () => {
  const text =
    'defaults: { workload: chat, params: { conversations: 5 }, limit: 3 }\nexperiments: { a: { trace: t.jsonl }, b: {} }\n'
  const [a, b] = suite(text).experiments
  expect(a!.file.options).toEqual({ trace: 't.jsonl' })
  expect(b!.file.options).toMatchObject({ workload: 'chat', params: { conversations: 5 } })
})

describe('what is wrong is told with its line', () => {
  it.each<[string, string]>([
    ['experiments:\n', 'FILE:1 experiments: names no experiment'],
    ['experiments: [a]\n', 'FILE:1 experiments: names no experiment'],
    [
      'seed: 2\nexperiments: { a: {} }\n',
      'FILE:1 seed: "seed" is neither "defaults" nor "experiments". Put it below "defaults".',
    ],
    ['defaults: {}\nexperimnts: { a: {} }\n', 'Did you mean "experiments"?'],
    ['defaults: 3\nexperiments: { a: {} }\n', 'FILE:1 defaults: is no mapping.'],
    ['experiments:\n  a: 3\n', 'FILE:2 a: is no mapping.'],
    ['experiments:\n  ../a: {}\n', 'FILE:2 ../a: is no name of a folder.'],
    ['experiments:\n  a:\n    foo: 1\n', 'FILE:3 foo: unknown key.'],
    ['defaults:\n  cold: maybe\nexperiments:\n  a:\n', 'FILE:2 cold: is "maybe"; it must be true or false.'],
    ['experiments:\n  a:\n    out: x\n', 'FILE:3 out: is the suite’s. Leave it out, or give --out'],
  ])('%j', (text, expected) => {
    expect(refusal(text)).toContain(expected)
  })

  it('of a filter that matches nothing', () => {
    expect(refusal(three, 'chat,rug-*')).toBe(
      '--filter: no experiment is called "rug-*". Known: chat, rag-a, rag-b; "*" stands for any text.',
    )
  })

  it('of a value that no line has', () => {
    expect(String(ofExperiment('a', badInput('--gpu', 'is unknown', 'Mend it.')))).toContain('a: --gpu: is unknown.')
    const located = badInput('f.yaml:3 gpu', 'is unknown', 'Mend it.')
    expect(String(ofExperiment('a', located))).toContain('f.yaml:3 gpu: is unknown.')
  })
})

test('the project’s own suite is sound, and its plans do not depend on the machine', async () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url))
  const file = readYamlFile(join(root, 'suites/nightly.yaml'))
  expect(isSuite(file)).toBe(true)
  for (const { file: experiment } of suiteOf(file, undefined).experiments) {
    const { options } = experiment
    const costModel = options.costModel === undefined ? {} : { costModel: join(root, options.costModel) }
    const { settings } = await prepareExperiment({ ...options, ...costModel })
    if (settings.backend.measures) expect([settings.costModelPath, settings.requests]).not.toContain(undefined)
  }
})
