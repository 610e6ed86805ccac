import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { MemwallError, plan, run, verify } from '../src/index.ts'
import { rootUrl } from '../src/root.ts'

function errorsOf(schema: string, data: unknown): unknown {
  const text = readFileSync(new URL(`schema/${schema}`, rootUrl), 'utf8')
  const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(text))
  validate(JSON.parse(JSON.stringify(data)))
  return validate.errors ?? []
}

test('a plan, watched, is a report as its published schema has it', async () => {
  const steps: number[] = []
  const options = { workload: 'chat', params: { conversations: 20 }, requests: 20, arms: 'local-dram,warehouse' }
  const { report, problems } = await plan(options, { onProgress: (_, share) => steps.push(share) })
  expect(problems).toEqual([])
  expect(report.setup).toMatchObject({ workload: 'chat', backend: 'model' })
  expect(errorsOf('report.schema.json', report)).toEqual([])
  expect(errorsOf('report.schema.json', { ...report, knee: 3 })).not.toEqual([])
  expect(steps.length).toBeGreaterThan(2)
  expect(steps.every((share) => share >= 0 && share <= 1)).toBe(true)
})

test('a claim, as its published schema has it', async () => {
  const report = await verify(['weka-kv-footprint'], { quick: true })
  expect(report.claims.map(({ id }) => id)).toEqual(['weka-kv-footprint'])
  expect(errorsOf('claims.schema.json', report)).toEqual([])
})

test('bad options are refused by name, before any work', async () => {
  await expect(run({ gpu: 'h1000' })).rejects.toThrow(MemwallError)
  await expect(run({ gpu: 'h1000' })).rejects.toMatchObject({ code: 'badInput', where: '--gpu' })
  await expect(run({ workloads: 'chat' } as object)).rejects.toThrow(
    /workloads: unknown key. Did you mean "workload"\?/,
  )
  await expect(verify(['nobody'])).rejects.toThrow(/unknown claim "nobody"/)
})
