import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { policies } from '../../src/cache/policies/registry.ts'
import { policyRow } from '../../src/commands/policy-row.ts'
import { rootUrl } from '../../src/root.ts'

test('docs/policies.md has the table of all policies as they are', () => {
  const docs = readFileSync(new URL('docs/policies.md', rootUrl), 'utf8')
  const rows = docs.split('\n').filter((line) => line.startsWith('| `'))
  expect(rows).toEqual(policies.map(policyRow))
})
