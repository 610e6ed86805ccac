import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkOptions } from '../../../src/commands/run/experiment-file.ts'
import { loadOwnPolicies } from '../../../src/commands/run/policies.ts'
import { fullDeployment, inputsHash } from '../../../src/commands/run/run-context.ts'
import { settingsOf } from '../../../src/commands/run/settings.ts'

const here = mkdtempSync(join(tmpdir(), 'memwall-'))
afterAll(() => rmSync(here, { recursive: true }))

const plannedRequests = 320

async function hashOf(given: object): Promise<string> {
  const options = checkOptions({ backend: 'model', ...given })
  const settings = settingsOf(options, await loadOwnPolicies(options))
  return inputsHash(settings, fullDeployment(settings).cost, plannedRequests)
}

test('what changes a plan beside the run changes the hash, and what does not leaves it', async () => {
  const own = await hashOf({})
  expect(await hashOf({ out: 'elsewhere' })).toBe(own)
  // As many requests as the default, but windows of knee and analyses are then not stretched.
  for (const change of [
    { requests: plannedRequests },
    { sweep: 'dram=64GB,1TB' },
    { thinkCap: '60s' },
    { maxContext: 64_000 },
  ]) {
    expect(await hashOf(change), JSON.stringify(change)).not.toBe(own)
  }
  const sweep = 'sessions-per-replica=1,2'
  expect(await hashOf({ sweep, seeds: 1 })).not.toBe(await hashOf({ sweep }))
})

test('a policy of one’s own is hashed by what the file says, in a sweep too', async () => {
  const path = join(here, 'mine.js')
  const policy = (order: string): string =>
    `export const mine = { name: 'mine', summary: 's', source: 'x', cost: 'O(1)', parameters: {}, knows: [],
  create: () => ({ onInsert() {}, onHit() {}, onRemove() {}, victim: () => ${order} }) }\n`
  for (const options of [{ policy: `hbm=${path}` }, { sweep: `policy=lru;hbm=${path}` }]) {
    writeFileSync(path, policy('-1'))
    const before = await hashOf(options)
    expect(await hashOf(options)).toBe(before)
    writeFileSync(path, policy('0 - 1'))
    expect(await hashOf(options)).not.toBe(before)
  }
})
