import { expect, test } from 'vitest'
import { claimsJsonSchema, renderClaimsJson } from '../../../src/report/claims/json.ts'
import { claimsSchema } from '../../../src/report/claims/schema.ts'
import { claimsFixture, hostileClaim, multiplier } from './fixture.ts'

// Write it anew with: npx vitest run test/report/claims/json.test.ts -u
test('schema/claims.schema.json is the schema of the code', async () => {
  await expect(claimsJsonSchema()).toMatchFileSnapshot('../../../schema/claims.schema.json')
})

test('claims.json is the report, whole', () => {
  const report = claimsFixture()
  expect(claimsSchema.parse(JSON.parse(renderClaimsJson(report)))).toEqual(report)
})

test('each claim has what the command promises', () => {
  const { claims } = JSON.parse(renderClaimsJson(claimsFixture())) as { claims: Record<string, unknown>[] }
  expect(claims[0]).toMatchObject({
    id: 'weka-4.2x',
    verdict: 'holdsWhen',
    holdsWhen: multiplier.holdsWhen,
    claimed: { text: 'up to 4.2×', value: 4.2, unit: '×' },
    measured: { value: 3.31, low: 2.95, high: 3.6 },
    againstStrongest: { value: 1.58, baseline: 'session affinity, host DRAM of 256 GB, at most 8 conversations' },
    trust: 'catalogue',
  })
  expect(claims.at(-1)).toMatchObject({ verdict: 'notTestable', holdsWhen: null, measured: null })
})

test('hostile text comes back as it was', () => {
  const report = claimsFixture({ claims: [hostileClaim()] })
  expect(JSON.parse(renderClaimsJson(report))).toEqual(report)
})

test('a value that is no number is refused, not written as null', () => {
  const broken = { ...multiplier, measured: { value: Number.NaN, low: 1, high: 2 } }
  expect(() => renderClaimsJson(claimsFixture({ claims: [broken] }))).toThrow()
})
