import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimsSchema } from '../../../src/report/claims/schema.ts'
import { writeClaims } from '../../../src/report/claims/write.ts'
import { claimsFixture, multiplier } from './fixture.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'memwall-claims-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test('four files and nothing else; an older one is replaced', () => {
  const out = join(directory, 'a', 'b')
  writeClaims(out, claimsFixture({ claims: [] }))
  writeClaims(out, claimsFixture())
  expect(readdirSync(out).sort()).toEqual(['claims.html', 'claims.json', 'claims.junit.xml', 'claims.md'])
  expect(claimsSchema.parse(JSON.parse(readFileSync(join(out, 'claims.json'), 'utf8')))).toEqual(claimsFixture())
  for (const name of readdirSync(out)) expect(readFileSync(join(out, name), 'utf8')).toContain('weka-4.2x')
})

test('verdicts that cannot be rendered leave the older files untouched', () => {
  writeFileSync(join(directory, 'claims.md'), 'old')
  const broken = { ...multiplier, measured: { value: Number.NaN, low: 1, high: 2 } }
  expect(() => writeClaims(directory, claimsFixture({ claims: [broken] }))).toThrow()
  expect(readdirSync(directory)).toEqual(['claims.md'])
  expect(readFileSync(join(directory, 'claims.md'), 'utf8')).toBe('old')
})

test('the same verdicts are the same files', () => {
  const [one, other] = [join(directory, 'one'), join(directory, 'other')]
  writeClaims(one, claimsFixture())
  writeClaims(other, claimsFixture())
  for (const name of readdirSync(one)) {
    expect(readFileSync(join(one, name), 'utf8')).toBe(readFileSync(join(other, name), 'utf8'))
  }
})
